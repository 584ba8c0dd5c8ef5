"""The nouns of the second collection: items that published determinations decided, and how near they are to another.

A decided item shows what reviewers did with a like request. It is **not authority**: the MTUS decides, not the outcome
of another case. So it is no `Passage` and shares no index with passages: a guideline search cannot return it, and a
citation, which is built from a passage alone, cannot name it
(tests/unit/test_decided.py::test_a_guideline_search_never_returns_a_decided_item). Neither the case summary nor the
reviewer's reasoning is kept; the case number leads to the published letter.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from guideline_corpus.model import CorpusModel

Outcome = Literal["upheld", "overturned"]


class DecidedCitation(CorpusModel):
    """What the reviewer of that case relied on, as the letter prints it."""

    kind: str
    guideline: str | None
    edition: str | None = None
    sections: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


class DecidedItem(CorpusModel):
    """One disputed item of a published determination. `outcome` `upheld`: the denial stood."""

    case_number: str
    item: int
    treatment: str
    outcome: Outcome
    decided: date
    citations: tuple[DecidedCitation, ...] = ()

    @property
    def key(self) -> tuple[str, int]:
        return self.case_number, self.item


class SimilarItem(CorpusModel):
    """A decided item as it bears on one request. `score` is in [0, 1]; `shared` are the treatments both name."""

    rank: int
    score: float
    decided_item: DecidedItem
    shared: tuple[str, ...] = ()


class SimilarResult(CorpusModel):
    """The nearest decided items. `authority` says what they are, in the words that every page and program shows."""

    query: str
    before: date | None
    without_case: str | None
    authority: Literal["not authority"] = "not authority"
    searched_by: Literal["words", "words+vector"]
    results: tuple[SimilarItem, ...]
