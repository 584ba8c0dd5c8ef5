"""What the program keeps beside the record for a while, and its removal when that is over.

The record itself is append-only and no affair of this: its text goes by `drafter retention`, and leaves an entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from drafter.domain.leftovers import Amount, Cleaned, LeftoverKind


class Leftover(Protocol):
    """One kind of what is kept beside the record for a while. `kept` says for how long, in words."""

    @property
    def kind(self) -> LeftoverKind: ...

    @property
    def kept(self) -> str: ...

    def past(self) -> Amount:
        """How much is past its time."""
        ...

    def remove(self) -> Amount:
        """Removes that, and gives how much it was."""
        ...


def clean(leftovers: Sequence[Leftover], *, apply: bool) -> tuple[Cleaned, ...]:
    """How much of each kind is past its time; removed where `apply`, else only looked at."""
    return tuple(_cleaned(one, one.remove() if apply else one.past()) for one in leftovers)


def _cleaned(leftover: Leftover, amount: Amount) -> Cleaned:
    return Cleaned(kind=leftover.kind, kept=leftover.kept, count=amount.count, bytes=amount.bytes)
