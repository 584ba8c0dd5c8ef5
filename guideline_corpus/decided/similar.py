"""Finds the decided items nearest to a request: the same treatment first, then the same class, then like words.

Three things are weighed: whether both name the same treatment or one class of it, whether they name the same part of
the body, and how near the words are (cosine of the vectors; without weights the share of word stems). What was decided
on or after the day of the case is left out, so that nobody argues from what could not be known, and so is the case
itself, under whatever item (tests/unit/test_decided.py::test_a_case_never_finds_itself).

Of items that weigh the same the one decided last comes first, then the one that stands first in the collection.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from guideline_corpus.decided.columns import case_hash
from guideline_corpus.decided.model import DecidedItem, SimilarItem, SimilarResult
from guideline_corpus.decided.reading import About, AboutTable, read_text
from guideline_corpus.decided.scanning import Blocks, Found, Limits, ScannedWords, VectorRows
from guideline_corpus.embedding import Embedder
from guideline_corpus.vocabulary import Vocabulary

PLACES = 6  # decimals of a score


class SimilarItems:
    """Searches decided items, which stand in the order of their lines; without `vectors` by words alone.

    `blocks` are their columns, `embedder` the model that made `vectors`.
    """

    def __init__(
        self,
        items: Sequence[DecidedItem],
        blocks: Blocks,
        vocabulary: Vocabulary,
        *,
        embedder: Embedder | None = None,
        vectors: VectorRows | None = None,
    ) -> None:
        self.items = items
        self.blocks = blocks
        self._columns = blocks.columns
        self._vocabulary = vocabulary
        self._table = AboutTable(blocks.columns.abouts, vocabulary)
        self._words = ScannedWords(blocks)
        self._embedder = embedder
        self.vectors = vectors if embedder is not None else None

    def __len__(self) -> int:
        return len(self.items)

    def similar(
        self, query: str, *, before: date | None = None, without_case: str | None = None, limit: int = 5
    ) -> SimilarResult:
        """At most `limit` items decided before the day `before`, nearest first; none of the case `without_case`."""
        asked = read_text(query, self._vocabulary)
        alike = self._table.alike(asked.about)
        own = case_hash(without_case.strip()) if without_case and without_case.strip() else None
        limits = Limits(before.toordinal() if before else None, own)
        if self.vectors is not None and self._embedder is not None:
            found = self.vectors.best(self._embedder.embed_query(query), alike, limits, limit=max(limit, 1))
        else:
            found = self._words.best(asked.stems, alike, limits, limit=max(limit, 1))
        scores = np.round(alike.base[self._columns.about[found.rows]] + alike.words_weight * found.near, PLACES)
        return SimilarResult(
            query=query,
            before=before,
            without_case=without_case,
            searched_by="words" if self.vectors is None else "words+vector",
            results=tuple(
                self._result(rank, int(found.rows[at]), float(scores[at]), asked.about)
                for rank, at in enumerate(self._in_order(found, scores)[:limit], start=1)
            ),
        )

    def close(self) -> None:
        """Let go of files and connections."""
        if self.vectors is not None:
            self.vectors.close()

    def _in_order(self, found: Found, scores: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[int]:
        days = self._columns.decided[found.rows].astype(np.int64)
        order: list[int] = np.lexsort((self._columns.place[found.rows], -days, -scores)).tolist()
        return order

    def _result(self, rank: int, row: int, score: float, asked: About) -> SimilarItem:
        held = self._columns.abouts[int(self._columns.about[row])]
        return SimilarItem(
            rank=rank,
            score=score,
            decided_item=self.items[int(self._columns.place[row])],
            shared=tuple(sorted(set(asked.treatments) & set(held.treatments))),
        )
