"""The vector half of search, as a port: nearest passages among the editions allowed.

Every index knows which corpus version it was made from and with which embedding model, because vectors of another text
or another model give answers that look right. `ExactIndex` compares with every vector; it is what the approximate ones
are measured against (tests/contract/test_passage_index.py runs the same contract over it and over a Chroma server).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from guideline_corpus.embedding import Vector, Vectors
from guideline_corpus.errors import EmbeddingMismatch, IndexDamaged
from guideline_corpus.model import CorpusModel


class IndexIdentity(CorpusModel):
    """What an index was made from."""

    corpus_version: str
    model_id: str
    passages: int


class Neighbour(NamedTuple):
    """A passage and its cosine to the query, in [-1, 1]."""

    passage_id: str
    similarity: float


class IndexRow(NamedTuple):
    """Where a passage's vector goes; `edition_id` is what a search filters by."""

    passage_id: str
    edition_id: str


class PassageIndex(Protocol):
    """Vectors of one corpus version."""

    @property
    def identity(self) -> IndexIdentity: ...

    def nearest(self, vector: Vector, *, editions: Collection[str] | None, limit: int) -> list[Neighbour]:
        """At most `limit` passages of these editions (`None`: of all), nearest first, then by passage id."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class ExactIndex:
    """All vectors, compared one by one: no passage is ever missed. They may lie in a mapped file (`vector_file.py`)."""

    def __init__(self, identity: IndexIdentity, rows: Sequence[IndexRow], vectors: Vectors) -> None:
        self.identity = identity
        self._rows = tuple(rows)
        self._vectors = vectors
        self._codes = {edition: code for code, edition in enumerate(sorted({row.edition_id for row in rows}))}
        self._edition_of = np.array([self._codes[row.edition_id] for row in rows], dtype=np.int64)
        self._last_allowed: tuple[frozenset[str], NDArray[np.bool_]] | None = None

    def nearest(self, vector: Vector, *, editions: Collection[str] | None, limit: int) -> list[Neighbour]:
        """See `PassageIndex.nearest`."""
        if not self._rows or limit < 1:
            return []
        if len(vector) != self._vectors.shape[1]:
            held = self._vectors.shape[1]
            raise EmbeddingMismatch(
                f"The index of corpus {self.identity.corpus_version} has vectors of {held} dimensions, "
                f"the query has {len(vector)}; run `guideline-corpus build` to build it anew."
            )
        similarities = self._vectors @ vector
        if editions is not None:
            similarities = np.where(self._allowed(frozenset(editions)), similarities, -np.inf)
        best = best_rows(similarities, limit, least=-np.inf)
        return in_order(Neighbour(self._rows[row].passage_id, float(similarities[row])) for row in best)[:limit]

    def _allowed(self, editions: frozenset[str]) -> NDArray[np.bool_]:
        """Which rows belong to these editions; the last answer is kept, for searches come in rows of one day."""
        if self._last_allowed is None or self._last_allowed[0] != editions:
            allowed = np.array([edition in editions for edition in self._codes], dtype=np.bool_)
            self._last_allowed = (editions, allowed[self._edition_of])
        return self._last_allowed[1]

    def close(self) -> None:
        """Nothing is held open."""


def best_rows(scores: NDArray[np.floating[Any]], limit: int, *, least: float) -> NDArray[np.int64]:
    """The rows of the `limit` highest scores above `least`, in no order; with all that equal the lowest of them."""
    if limit < len(scores):
        lowest = float(np.partition(scores, len(scores) - limit)[len(scores) - limit])
        if lowest > least:
            rows: NDArray[np.int64] = np.flatnonzero(scores >= lowest)
            return rows
    above: NDArray[np.int64] = np.flatnonzero(scores > least)
    return above


def in_order(neighbours: Iterable[Neighbour]) -> list[Neighbour]:
    """Nearest first; equal ones by id, so that two runs agree."""
    return sorted(neighbours, key=lambda found: (-found.similarity, found.passage_id))


def check_identity(found: IndexIdentity, wanted: IndexIdentity) -> None:
    """Raises EmbeddingMismatch or IndexDamaged where an index was made from something else than is wanted."""
    if found.model_id != wanted.model_id:
        raise EmbeddingMismatch(
            f"The index of corpus {wanted.corpus_version} was built with the embedding model {found.model_id}, but "
            f"searches use {wanted.model_id}; run `guideline-corpus build` to build it anew."
        )
    if found != wanted:
        raise IndexDamaged(
            f"The index holds {found.passages} passages of corpus {found.corpus_version}, but corpus "
            f"{wanted.corpus_version} has {wanted.passages}; run `guideline-corpus build` to build it anew."
        )
