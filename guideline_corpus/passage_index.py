"""The vector half of search, as a port: nearest passages among the editions allowed.

Every index knows which corpus version it was made from and with which embedding model, because vectors of another text
or another model give answers that look right. `ExactIndex` compares with every vector; it is what the approximate ones
are measured against (tests/contract/test_passage_index.py runs the same contract over it and over Chroma).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, Protocol

import numpy as np

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
    """All vectors in memory, compared one by one: no passage is ever missed."""

    def __init__(self, identity: IndexIdentity, rows: Sequence[IndexRow], vectors: Vectors) -> None:
        self.identity = identity
        self._rows = tuple(rows)
        self._vectors = vectors
        self._codes = {edition: code for code, edition in enumerate(sorted({row.edition_id for row in rows}))}
        self._edition_of = np.array([self._codes[row.edition_id] for row in rows], dtype=np.int64)

    def nearest(self, vector: Vector, *, editions: Collection[str] | None, limit: int) -> list[Neighbour]:
        """See `PassageIndex.nearest`."""
        if not self._rows or limit < 1:
            return []
        similarities = self._vectors @ vector
        if editions is not None:
            allowed = np.array([edition in editions for edition in self._codes])
            similarities = np.where(allowed[self._edition_of], similarities, -np.inf)
        kept = min(limit, len(self._rows))
        best = np.argpartition(-similarities, kept - 1)[:kept]
        return in_order(
            Neighbour(self._rows[row].passage_id, float(similarities[row]))
            for row in best
            if np.isfinite(similarities[row])
        )

    def close(self) -> None:
        """Nothing is held open."""


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
