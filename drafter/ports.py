"""What the drafter needs from outside, in its own words. Each port has one contract test over its fake and every
real adapter (tests/contract)."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from drafter.domain.drafting.brief import ItemBrief, Reply
from guideline_corpus.decided.model import SimilarResult
from guideline_corpus.model import SearchResult


class Retriever(Protocol):
    """Finds guideline passages in force on a day."""

    @property
    def corpus_version(self) -> str: ...

    def search(self, query: str, *, as_of: date | None, limit: int) -> SearchResult:
        """At most `limit` passages in force on `as_of`, best first; `addressed` False where none fits."""
        ...


class DecidedSearch(Protocol):
    """Finds decided items of other cases. What it returns is shown beside a draft and is never a ground of one."""

    def similar(self, query: str, *, before: date | None, without_case: str | None, limit: int) -> SimilarResult:
        """At most `limit` items decided before the day `before`, none of the case `without_case`, nearest first."""
        ...


class RationaleModel(Protocol):
    """Writes the statements for one item. It is given the determination and never sets it."""

    @property
    def spec(self) -> str:
        """How the model was named (`extractive`, `openai:MODEL`, `replay:DIR`)."""
        ...

    def write(self, brief: ItemBrief) -> Reply: ...
