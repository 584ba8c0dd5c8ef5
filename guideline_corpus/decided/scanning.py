"""The best rows, exactly: whole blocks are passed over only where nothing in them can come in.

A score is what treatment and part weigh (`Alike.base`, known for each row before its vector is read) and a share of the
nearness of words, which is at most 1. Blocks are read in the order of the most that a row in them can reach; when that
is less than the worst of the best found, no block that is left holds a better row, and the search ends. A request whose
treatment is known thus reads the few blocks about it; one whose words say nothing to the vocabulary reads all. Items
too late and the case's own are taken out before rows are compared, so a filter never costs a result that it allows
(tests/unit/test_decided_search.py::test_a_search_gives_what_comparing_every_item_gives).

Nearness is first summed in 32 bits, faster and a little off; rows within `SLACK` of the best are summed again in 64, so
that results depend on no block. `vecdot` sums on one core: the threads of a matrix product wait for each other, which
on a machine with other work took twenty times as long (p95 560 ms against 27 ms over 100,000 vectors).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from guideline_corpus.decided.columns import Columns
from guideline_corpus.decided.reading import Alike
from guideline_corpus.embedding import Vector, Vectors

BLOCK = 2048
SLACK = 1e-5
Rows = NDArray[np.int64]
Nearness = NDArray[np.float64]


class Limits(NamedTuple):
    """Only rows decided before this day (`date.toordinal`), and none of the case with this hash."""

    before: int | None = None
    own: int | None = None

    def allowed(self, columns: Columns, rows: slice | Rows) -> NDArray[np.bool_]:
        allowed = np.ones(len(columns.about[rows]), dtype=np.bool_)
        if self.before is not None:
            allowed &= columns.decided[rows] < self.before
        if self.own is not None:
            allowed &= columns.case[rows] != np.uint64(self.own)
        return allowed


class Found(NamedTuple):
    """Rows among which the best are, with all that tie with the last of them; nearness of words is in [0, 1]."""

    rows: Rows
    near: Nearness


class VectorRows(Protocol):
    """The vectors of the items, wherever they lie."""

    def best(self, vector: Vector, alike: Alike, limits: Limits, *, limit: int) -> Found:
        """What `limit` best rows are chosen from. Shape of `vector`: (dimensions,)."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class Blocks:
    """The rows of some columns, block by block."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self._starts = np.arange(0, columns.size, BLOCK)
        ends = np.minimum(self._starts + BLOCK, columns.size)
        self._edges = np.empty(2 * len(self._starts), dtype=np.int64)
        self._edges[0::2] = columns.about[self._starts]
        self._edges[1::2] = columns.about[ends - 1].astype(np.int64) + 1
        self._oldest = np.minimum.reduceat(columns.decided, self._starts)

    def best(self, near: Callable[[slice], NDArray[np.float32]], alike: Alike, limits: Limits, *, limit: int) -> Rows:
        """Rows that hold the `limit` best, and those within `SLACK`. `near` gives a block's nearness, in [0, 1]."""
        reach = self._most(alike) + alike.words_weight
        found = _Best(limit)
        for block in np.argsort(-reach, kind="stable").tolist():
            if reach[block] < found.least:
                break
            if limits.before is not None and self._oldest[block] >= limits.before:
                continue
            rows = slice(self._starts[block], min(self._starts[block] + BLOCK, self.columns.size))
            scores = alike.base[self.columns.about[rows]] + alike.words_weight * near(rows)
            found.add(rows.start, np.where(limits.allowed(self.columns, rows), scores, -np.inf))
        return found.rows

    def _most(self, alike: Alike) -> NDArray[np.float64]:
        """The greatest base in each block."""
        most: NDArray[np.float64] = np.maximum.reduceat(np.append(alike.base, 0.0), self._edges)[0::2]
        return most


class _Best:
    """The best scores so far; `least` is what a score must reach to be among them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._scores = np.empty(0)
        self.rows: Rows = np.empty(0, dtype=np.int64)
        self.least = float(np.finfo(np.float64).min)

    def add(self, start: int, scores: NDArray[np.float64]) -> None:
        places = np.flatnonzero(scores >= self.least)
        if not len(places):
            return
        self.rows = np.concatenate((self.rows, start + places))
        self._scores = np.concatenate((self._scores, scores[places]))
        if len(self._scores) >= self._limit:
            last = len(self._scores) - self._limit
            self.least = float(np.partition(self._scores, last)[last]) - SLACK
            kept = self._scores >= self.least
            self.rows, self._scores = self.rows[kept], self._scores[kept]


class ScannedVectors:
    """Vectors in memory or in a mapped file, shape (rows, dimensions), compared one by one. See `VectorRows`."""

    def __init__(self, blocks: Blocks, vectors: Vectors) -> None:
        self._blocks = blocks
        self.vectors = vectors

    def best(self, vector: Vector, alike: Alike, limits: Limits, *, limit: int) -> Found:
        def near(rows: slice) -> NDArray[np.float32]:
            cosines: NDArray[np.float32] = np.vecdot(self.vectors[rows], vector)
            return np.clip(cosines, 0.0, 1.0)

        rows = self._blocks.best(near, alike, limits, limit=limit)
        exact = vector.astype(np.float64)
        whole = [(self.vectors[some].astype(np.float64) * exact).sum(axis=1) for some in _portions(rows)]
        return Found(rows, np.clip(np.concatenate(whole), 0.0, 1.0) if whole else np.empty(0))

    def close(self) -> None:
        """Nothing is held open."""


class ScannedWords:
    """Nearness without vectors: the stems that two texts share among all stems of both."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._stems = {stem: number for number, stem in enumerate(blocks.columns.stems)}

    def best(self, stems: tuple[str, ...], alike: Alike, limits: Limits, *, limit: int) -> Found:
        columns = self._blocks.columns
        shared = np.zeros(columns.size, dtype=np.uint16)
        for number in (self._stems[stem] for stem in stems if stem in self._stems):
            shared[columns.stem_rows[columns.stem_offsets[number] : columns.stem_offsets[number + 1]]] += 1

        def near(rows: slice | Rows) -> Nearness:
            together = len(stems) + columns.stem_counts[rows].astype(np.float64) - shared[rows]
            share: Nearness = shared[rows] / np.maximum(together, 1.0)
            return share

        rows = self._blocks.best(lambda block: near(block).astype(np.float32), alike, limits, limit=limit)
        return Found(rows, near(rows))


def _portions(rows: Rows) -> list[Rows]:
    return [rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK)]
