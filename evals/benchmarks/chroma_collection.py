"""Chroma in a folder of its own, as a benchmark's rival: with the settings it comes with, or with a dense graph."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from typing import Any

from guideline_corpus.embedding import Vector, Vectors
from guideline_corpus.index import GRAPH
from guideline_corpus.settings import turn_telemetry_off

BATCH = 4_000


def chroma_nearest(vectors: Vectors, ids: Sequence[str], *, dense: bool) -> Callable[[Vector, int], list[str]]:
    """A search over a new collection: a query's vector and a number, to that many ids."""
    turn_telemetry_off()
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(
        path=tempfile.mkdtemp(prefix="chroma-benchmark-"), settings=Settings(anonymized_telemetry=False)
    )
    settings: Any = {"hnsw": GRAPH if dense else {"space": "cosine"}}
    collection = client.create_collection("benchmark", embedding_function=None, configuration=settings)
    for start in range(0, len(ids), BATCH):
        collection.add(ids=list(ids[start : start + BATCH]), embeddings=vectors[start : start + BATCH])

    def nearest(vector: Vector, limit: int) -> list[str]:
        asked: Any = [vector]
        found: list[str] = collection.query(query_embeddings=asked, n_results=limit, include=[])["ids"][0]
        return found

    return nearest
