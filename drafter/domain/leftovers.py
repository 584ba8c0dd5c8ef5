"""What is kept beside the record for a while: of which kind, how long, how much of it is past its time."""

from __future__ import annotations

from typing import Literal

from drafter.domain.model import DomainModel

LeftoverKind = Literal["sessions", "unsaved", "attempts", "imports", "calls", "replies"]


class Amount(DomainModel):
    count: int = 0
    bytes: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(count=self.count + other.count, bytes=self.bytes + other.bytes)


class Cleaned(DomainModel):
    """`kept` says for how long, in words; `bytes` of text or files."""

    kind: LeftoverKind
    kept: str
    count: int
    bytes: int
