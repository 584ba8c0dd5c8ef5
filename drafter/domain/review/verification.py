"""What the last verification of the record gave."""

from __future__ import annotations

from pydantic import AwareDatetime

from drafter.domain.model import DomainModel
from drafter.domain.review.faults import RecordFault


class Verification(DomainModel):
    """`failure` is why it came to no end, empty where it did; `sha256` that of the last entry it saw."""

    at: AwareDatetime
    entries: int = 0
    sha256: str = ""
    faults: tuple[RecordFault, ...] = ()
    failure: str = ""
