"""A signed letter with what is known of its signature; what an export is made of."""

from __future__ import annotations

from datetime import date

from drafter.domain.model import DomainModel
from drafter.domain.review.letter import Letter


class SignedLetter(DomainModel):
    """`entry` and `entry_sha256` name the audit entry of the approval, `decided` is its day (UTC), `amends` the entry
    of the letter that this one amends."""

    letter: Letter
    fingerprint: str
    entry: int
    entry_sha256: str
    decided: date
    amends: int | None = None
