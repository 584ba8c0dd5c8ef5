"""Passages that the reviewer pinned to an item or dropped from it. A pinned passage has to be in force like any other;
search itself is not changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from drafter.domain.model import DomainModel
from drafter.ports import Retriever
from guideline_corpus.model import Passage, RetrievedPassage, SearchResult


class Pins(DomainModel):
    """Passage ids: pinned ones come first, dropped ones not at all."""

    pinned: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


class PinnedRetriever:
    """A retriever that finds what the one behind it finds, after the pinned and without the dropped."""

    def __init__(self, behind: Retriever, *, pins: Pins, passages: Mapping[str, Passage]) -> None:
        self._behind = behind
        self._pins = pins
        self._passages = passages

    @property
    def corpus_version(self) -> str:
        return self._behind.corpus_version

    def search(self, query: str, *, as_of: date | None, limit: int) -> SearchResult:
        found = self._behind.search(query, as_of=as_of, limit=limit + len(self._pins.dropped))
        if not self._pins.pinned and not self._pins.dropped:
            return found
        pinned = [
            passage
            for name in self._pins.pinned
            if (passage := self._passages.get(name)) and (as_of is None or passage.in_force.covers(as_of))
        ]
        first = {passage.passage_id for passage in pinned}
        left = {*first, *self._pins.dropped}
        rest = [one for one in found.results if one.passage.passage_id not in left]
        best = max((one.score for one in found.results), default=1.0)
        ranked = [
            *(RetrievedPassage(rank=1, score=best, passage=passage) for passage in pinned),
            *rest,
        ][:limit]
        results = tuple(one.model_copy(update={"rank": rank}) for rank, one in enumerate(ranked, start=1))
        return found.model_copy(
            update={"results": results, "addressed": bool(pinned) or (found.addressed and bool(rest))}
        )
