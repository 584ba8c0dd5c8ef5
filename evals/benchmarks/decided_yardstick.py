"""Every decided item compared with a question: what a search is measured against.

It shares no code with the search but the columns and what an item is about: no block, no limit that passes anything
over, no server.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from evals.errors import EvalsError
from guideline_corpus.decided.columns import Columns, case_hash
from guideline_corpus.decided.opening import open_similar
from guideline_corpus.decided.reading import AboutTable, read_text
from guideline_corpus.decided.scanning import ScannedVectors
from guideline_corpus.embedding import Embedder, Vectors
from guideline_corpus.opening import configured_embedder
from guideline_corpus.settings import CorpusSettings
from guideline_corpus.vocabulary import load_vocabulary

DEPTH = 10
BLOCK = 65_536
TIES = 2e-6


class Query(NamedTuple):
    """What is asked, and within which limits."""

    text: str
    before: date | None = None
    own: str | None = None


class Yardstick:
    """Every item compared with a question, in the order of the columns; `vectors` is None for words alone."""

    def __init__(self, columns: Columns, vectors: Vectors | None, embedder: Embedder | None) -> None:
        self._columns, self._vectors, self._embedder = columns, vectors, embedder
        self._table = AboutTable(columns.abouts, load_vocabulary())
        self._known: dict[str, Any] = {}

    def recall(self, queries: Sequence[Query], found: Sequence[Sequence[tuple[int, float]]]) -> float:
        """The share of the ten best of each question (or of as many as there are) that was found."""
        shares = []
        for query, results in zip(queries, found, strict=True):
            scores = self._scores(query)
            possible = min(DEPTH, int((scores > -np.inf).sum()))
            if possible:
                least = np.partition(scores, len(scores) - possible)[len(scores) - possible]
                best = set(self._columns.key[scores >= least - TIES].tolist())
                shares.append(sum(key in best for key, _ in results) / possible)
        return float(np.mean(shares)) if shares else float("nan")

    def _scores(self, query: Query) -> Any:
        columns = self._columns
        asked = read_text(query.text, load_vocabulary())
        alike = self._table.alike(asked.about)
        if query.text not in self._known:  # the same question is asked within several limits
            self._known[query.text] = self._near(query.text, asked.stems).astype(np.float32)
        scores = alike.base[columns.about] + alike.words_weight * self._known[query.text].astype(np.float64)
        if query.before is not None:
            scores[columns.decided >= query.before.toordinal()] = -np.inf
        if query.own is not None:
            scores[columns.case == np.uint64(case_hash(query.own))] = -np.inf
        return scores

    def _near(self, text: str, stems: Sequence[str]) -> Any:
        columns = self._columns
        if self._vectors is not None and self._embedder is not None:
            vector = self._embedder.embed_query(text)
            pieces = [
                np.clip(np.vecdot(self._vectors[start : start + BLOCK], vector), 0.0, 1.0)
                for start in range(0, columns.size, BLOCK)
            ]
            return np.concatenate(pieces)
        shared = np.zeros(columns.size)
        for number, stem in enumerate(columns.stems):
            if stem in stems:
                shared[columns.stem_rows[columns.stem_offsets[number] : columns.stem_offsets[number + 1]]] += 1
        return shared / np.maximum(columns.stem_counts + float(len(stems)) - shared, 1.0)


def yardstick(settings: CorpusSettings, *, words: bool = False) -> Yardstick:
    """The yardstick over the items of a home that keeps its vectors in a file."""
    embedder = configured(settings)
    search = open_similar(settings, embedder=embedder)
    held = search.vectors.vectors if isinstance(search.vectors, ScannedVectors) and not words else None
    return Yardstick(search.blocks.columns, held, embedder)


def configured(settings: CorpusSettings) -> Embedder:
    embedder, reason = configured_embedder(settings)
    if embedder is None:
        raise EvalsError(f"The benchmark embeds texts, and cannot: {reason}")
    return embedder
