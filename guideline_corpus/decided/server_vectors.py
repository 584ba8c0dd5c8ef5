"""The vectors of decided items on a Chroma server, for whoever shares one (`DRAFTER_CHROMA_URL`).

A vector lies there under the hash of its item's key, with the day and the hash of the case number, which the server
filters by; no words of a case go there. Chroma is asked for more neighbours than are wanted, and they are weighed as
any others by what the columns beside the items say, the limits too: a vector of an item that is not in the collection,
or is too late, is passed over, whatever the server says. What it does not find is lost: its index is approximate, and
knows nothing of treatments (`evals/benchmarks/decided_scale.py` measures how much).

The collection's metadata says of which items its vectors are. Adding sends what is new or changed; a server that holds
something else is filled from the start.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from guideline_corpus.decided.columns import Columns
from guideline_corpus.decided.reading import Alike
from guideline_corpus.decided.scanning import Found, Limits, Rows
from guideline_corpus.embedding import Vector, Vectors
from guideline_corpus.index import GRAPH, close_client, guarded, server_client
from guideline_corpus.whole_file import write_whole

NAME = "collection"
NEIGHBOURS, LEAST = 20, 200  # neighbours asked for: this many for each result, and at least so many
BATCH = 1024
REMEDY = "start the server again, or unset DRAFTER_CHROMA_URL"


class Held(NamedTuple):
    """Of which items a collection holds the vectors, by which model."""

    items_sha256: str
    model_id: str


class ServerVectors:
    """One collection; see `VectorRows`. Raises IndexDamaged where the server does not answer."""

    def __init__(self, client: Any, collection: Any, columns: Columns) -> None:
        self._client = client
        self._collection = collection
        self._columns = columns
        self._by_key = np.argsort(columns.key)
        self._keys = columns.key[self._by_key]

    def best(self, vector: Vector, alike: Alike, limits: Limits, *, limit: int) -> Found:
        """See `VectorRows.best`."""
        found = guarded(
            lambda: self._collection.query(
                query_embeddings=[vector],
                n_results=min(max(NEIGHBOURS * limit, LEAST), self._columns.size),
                where=_where(limits),
                include=["distances"],
            ),
            remedy=REMEDY,
        )
        keys = np.array([int(one, 16) for one in found["ids"][0]], dtype=np.uint64)
        near = np.clip(1.0 - np.array(found["distances"][0], dtype=np.float64), 0.0, 1.0)
        rows, known = self._rows(keys)
        allowed = known & limits.allowed(self._columns, rows)
        return Found(rows[allowed], near[allowed])

    def close(self) -> None:
        """See `VectorRows.close`."""
        close_client(self._client)

    def _rows(self, keys: NDArray[np.uint64]) -> tuple[Rows, NDArray[np.bool_]]:
        """The rows of items, and whether they are in the collection."""
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return self._by_key[at], self._keys[at] == keys


def open_server_vectors(url: str, name: str, held: Held, columns: Columns) -> ServerVectors | None:
    """The collection of a home, None where it does not hold the vectors of these items by this model.

    Raises IndexDamaged where the server does not answer.
    """
    client = server_client(url)
    collection = _collection(client, name)
    if collection is None or _held(collection) != held or guarded(collection.count, remedy=REMEDY) < columns.size:
        close_client(client)
        return None
    return ServerVectors(client, collection, columns)


def fill_server(
    url: str,
    name: str,
    *,
    was: Held | None,
    now: Held,
    columns: Columns,
    changed: NDArray[np.uint64],
    vectors: Callable[[Sequence[int]], Vectors],
) -> None:
    """Make a collection hold the vectors of the items that `columns` are of; `vectors` gives those of some rows.

    Where it holds those of `was`, only rows whose key is among `changed` are sent. It names its items anew only at the
    end: whoever is killed sends them again. Raises IndexDamaged.
    """
    client = server_client(url)
    try:
        collection = _collection(client, name)
        if collection is not None and _held(collection) == now and guarded(collection.count) >= columns.size:
            return
        rows = np.arange(columns.size)
        if collection is not None and was is not None and _held(collection) == was:
            rows = np.flatnonzero(np.isin(columns.key, changed))
        else:
            collection = _emptied(client, name)
        for some in _batches(rows.tolist()):
            guarded(partial(_send, collection, columns, some, vectors(some)), remedy=REMEDY)
        guarded(lambda: collection.modify(metadata=now._asdict()), remedy=REMEDY)
    finally:
        close_client(client)


def collection_name(folder: Path) -> str:
    """The name of this home's collection, chosen once: a server may hold those of several."""
    file = folder / NAME
    if not file.is_file():
        write_whole(file, f"decided-{uuid.uuid4().hex}\n")
    return file.read_text(encoding="utf-8").strip()


def _send(collection: Any, columns: Columns, rows: Sequence[int], vectors: Vectors) -> None:
    collection.upsert(
        ids=[f"{key:016x}" for key in columns.key[rows].tolist()],
        embeddings=vectors,
        metadatas=[
            {"decided": day, "case": f"{case:016x}"}
            for day, case in zip(columns.decided[rows].tolist(), columns.case[rows].tolist(), strict=True)
        ],
    )


def _collection(client: Any, name: str) -> Any | None:
    if name not in [one.name for one in guarded(client.list_collections, remedy=REMEDY)]:
        return None
    return guarded(lambda: client.get_collection(name, embedding_function=None), remedy=REMEDY)


def _emptied(client: Any, name: str) -> Any:
    if _collection(client, name) is not None:
        guarded(lambda: client.delete_collection(name), remedy=REMEDY)
    return guarded(
        lambda: client.create_collection(name, embedding_function=None, configuration={"hnsw": GRAPH}), remedy=REMEDY
    )


def _held(collection: Any) -> Held | None:
    described = collection.metadata or {}
    return Held(described["items_sha256"], described["model_id"]) if "items_sha256" in described else None


def _where(limits: Limits) -> dict[str, Any] | None:
    both: list[dict[str, Any]] = []
    if limits.before is not None:
        both.append({"decided": {"$lt": limits.before}})
    if limits.own is not None:
        both.append({"case": {"$ne": f"{limits.own:016x}"}})
    return {"$and": both} if len(both) > 1 else both[0] if both else None


def _batches(rows: list[int]) -> Iterator[list[int]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
