"""Finds the decided items nearest to a request: the same treatment first, then the same class, then like words.

Three things are weighed: whether both name the same treatment or one class of it, whether they name the same part of
the body, and how near the words are (cosine of the vectors; without weights the share of word stems). What was decided
on or after the day of the case is left out, so that nobody argues from what could not be known, and so is the case
itself, under whatever item (tests/unit/test_decided.py::test_a_case_never_finds_itself).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from guideline_corpus.decided.model import DecidedItem, SimilarItem, SimilarResult
from guideline_corpus.embedding import Embedder, Vectors
from guideline_corpus.lexical import words_of
from guideline_corpus.routing import Asked, understand
from guideline_corpus.vocabulary import Vocabulary

SAME_TREATMENT, SAME_CLASS = 1.0, 0.5
TREATMENT_WEIGHT, PART_WEIGHT, WORDS_WEIGHT = 0.4, 0.2, 0.4


class _About(NamedTuple):
    """What an item is about, in ids of the vocabulary, with the stems of its words."""

    asked: Asked
    classes: dict[str, frozenset[str]]
    stems: frozenset[str]


class SimilarItems:
    """Searches decided items; without `embedder` by words alone. `vectors` has one row an item."""

    def __init__(
        self,
        items: Sequence[DecidedItem],
        vocabulary: Vocabulary,
        *,
        embedder: Embedder | None = None,
        vectors: Vectors | None = None,
    ) -> None:
        self._items = tuple(items)
        self._vocabulary = vocabulary
        self._embedder = embedder
        self._vectors = vectors if embedder is not None else None
        self._about = [self._of(item.treatment) for item in self._items]

    def __len__(self) -> int:
        return len(self._items)

    def similar(
        self, query: str, *, before: date | None = None, without_case: str | None = None, limit: int = 5
    ) -> SimilarResult:
        """At most `limit` items decided before the day `before`, nearest first; none of the case `without_case`."""
        own = (without_case or "").strip().casefold()
        rows = [
            row
            for row, item in enumerate(self._items)
            if (before is None or item.decided < before) and item.case_number.casefold() != own
        ]
        asked = self._of(query)
        near = self._nearness(query, asked)
        weighed = [(self._score(asked, row, float(near[row])), row) for row in rows]
        best = sorted(weighed, key=lambda one: (-one[0], -self._items[one[1]].decided.toordinal(), one[1]))[:limit]
        return SimilarResult(
            query=query,
            before=before,
            without_case=without_case,
            searched_by="words" if self._vectors is None else "words+vector",
            results=tuple(
                SimilarItem(rank=rank, score=score, decided_item=self._items[row], shared=self._shared(asked, row))
                for rank, (score, row) in enumerate(best, start=1)
            ),
        )

    def _of(self, text: str) -> _About:
        asked = understand(text, self._vocabulary)
        classes = {
            one.treatment_id: frozenset(self._vocabulary.classes_of(one.treatment_id)) for one in asked.treatments
        }
        return _About(asked, classes, frozenset(words_of(text)))

    def _nearness(self, query: str, asked: _About) -> NDArray[np.float32]:
        if self._vectors is not None and self._embedder is not None:
            near: NDArray[np.float32] = np.clip(self._vectors @ self._embedder.embed_query(query), 0.0, 1.0)
            return near
        shares = [len(asked.stems & held.stems) / max(len(asked.stems | held.stems), 1) for held in self._about]
        return np.array(shares, dtype=np.float32)

    def _score(self, asked: _About, row: int, near: float) -> float:
        if not asked.asked.treatments:
            return round(near, 6)
        held = self._about[row]
        treatment = max((self._like(asked, one, held) for one in held.classes), default=0.0)
        part = bool(set(asked.asked.body_parts) & set(held.asked.body_parts))
        return round(TREATMENT_WEIGHT * treatment + PART_WEIGHT * part + WORDS_WEIGHT * near, 6)

    @staticmethod
    def _like(asked: _About, treatment_id: str, held: _About) -> float:
        if treatment_id in asked.classes:
            return SAME_TREATMENT
        return SAME_CLASS if any(held.classes[treatment_id] & classes for classes in asked.classes.values()) else 0.0

    def _shared(self, asked: _About, row: int) -> tuple[str, ...]:
        return tuple(sorted(asked.classes.keys() & self._about[row].classes.keys()))
