"""Decided items that are there and cannot be searched: whoever looks for one is told why, and the desk opens all the
same, for nothing of a case rests on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guideline_corpus.decided.model import SimilarResult
from guideline_corpus.errors import DecidedInvalid


@dataclass(frozen=True)
class UnsearchableItems:
    """See `drafter.ports.DecidedSearch`; `told` names the file and what to do."""

    told: str

    def similar(self, query: str, *, before: date | None, without_case: str | None, limit: int) -> SimilarResult:
        """Raises DecidedInvalid, always."""
        raise DecidedInvalid(self.told)
