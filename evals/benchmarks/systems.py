"""The ways to search that are set beside each other. Each gets the same passages, vectors and in-force filter."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple, Protocol

import numpy as np

from evals.benchmarks.tasks import Task
from guideline_corpus.embedding import Vector, Vectors
from guideline_corpus.fusion import fuse
from guideline_corpus.indexing import OpenIndex, keyword_text
from guideline_corpus.lexical import KeywordIndex
from guideline_corpus.model import Passage
from guideline_corpus.passage_index import ExactIndex, IndexIdentity, IndexRow
from guideline_corpus.search import GuidelineSearch
from guideline_corpus.vocabulary import load_vocabulary

DEEP = 100


class Answer(Protocol):
    """Rows of passages for a query, best first."""

    def __call__(self, query: str, as_of: date | None, limit: int) -> Sequence[int]: ...


class System(NamedTuple):
    name: str
    build: Callable[[Task, Mapping[str, Vector]], Answer]


class KnownQueries:
    """An embedder that has seen every query, so that encoding is not part of what is timed."""

    def __init__(self, vectors: Mapping[str, Vector], model_id: str = "given") -> None:
        self._vectors = vectors
        self.model_id = model_id
        self.dimensions = len(next(iter(vectors.values())))

    def embed_query(self, text: str) -> Vector:
        return self._vectors[text]

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._vectors[text] for text in texts])


def ours(task: Task, queries: Mapping[str, Vector]) -> Answer:
    """The search of this program, as it is shipped; over the field's words only where they apply."""
    return _ours(task, queries, field=task.field)


def ours_without_field(task: Task, queries: Mapping[str, Vector]) -> Answer:
    """The same without synonyms and routing."""
    return _ours(task, queries, field=False)


def _ours(task: Task, queries: Mapping[str, Vector], *, field: bool) -> Answer:
    identity = IndexIdentity(corpus_version="benchmark", model_id="given", passages=len(task.passages))
    rows = [IndexRow(passage.passage_id, passage.edition_id) for passage in task.passages]
    keyword = KeywordIndex.build(keyword_text(passage) for passage in task.passages)
    search = GuidelineSearch(
        task.passages,
        OpenIndex(keyword, ExactIndex(identity, rows, task.vectors)),
        corpus_version="benchmark",
        embedder=KnownQueries(queries),
        vocabulary=load_vocabulary() if field else None,
    )
    row_of = {passage.passage_id: row for row, passage in enumerate(task.passages)}
    return lambda query, as_of, limit: [
        row_of[found.passage.passage_id] for found in search.search(query, as_of=as_of, limit=limit).results
    ]


def exact_dense(task: Task, queries: Mapping[str, Vector]) -> Answer:
    """Every vector compared with the query's."""

    def answer(query: str, as_of: date | None, limit: int) -> Sequence[int]:
        return list(_dense_scores(task, queries, query, as_of, limit))

    return answer


def plain_chroma(task: Task, queries: Mapping[str, Vector]) -> Answer:
    """Chroma with the settings it comes with."""
    collection = _chroma_collection(task)
    return lambda query, as_of, limit: [
        int(found) for found in _chroma_ids(collection, task, queries[query], as_of, limit)
    ]


def plain_bm25(task: Task, queries: Mapping[str, Vector]) -> Answer:
    """The package bm25s with its own tokenizer, English stopwords and stemmer."""
    scores = _bm25_scorer(task)
    return lambda query, as_of, limit: list(_top(scores(query, as_of), limit))


def equal_fusion(task: Task, queries: Mapping[str, Vector]) -> Answer:
    """bm25s and exact vectors, scaled and added with equal weights."""
    scores = _bm25_scorer(task)

    def answer(query: str, as_of: date | None, limit: int) -> Sequence[int]:
        fused = fuse(_top(scores(query, as_of), DEEP), _dense_scores(task, queries, query, as_of, DEEP))
        return sorted(fused, key=lambda row: (-fused[row], row))[:limit]

    return answer


def langchain_ensemble(task: Task, queries: Mapping[str, Vector]) -> Answer:
    """LangChain's EnsembleRetriever over the two plain ones, equal weights, reciprocal ranks."""
    ensemble_retriever = import_module("langchain_classic.retrievers").EnsembleRetriever
    chroma, bm25 = plain_chroma(task, queries), plain_bm25(task, queries)

    def answer(query: str, as_of: date | None, limit: int) -> Sequence[int]:
        retrievers = [_as_retriever(half, as_of, DEEP) for half in (chroma, bm25)]
        ensemble = ensemble_retriever(retrievers=retrievers, weights=[0.5, 0.5], id_key="row")
        return [int(found.metadata["row"]) for found in ensemble.invoke(query)][:limit]

    return answer


SYSTEMS = (
    System("this program", ours),
    System("  without the field's words", ours_without_field),
    System("plain Chroma", plain_chroma),
    System("plain BM25 (bm25s)", plain_bm25),
    System("LangChain ensemble", langchain_ensemble),
    System("exact vectors", exact_dense),
    System("equal-weight fusion", equal_fusion),
)


def available_systems() -> tuple[System, ...]:
    """All whose packages are installed; LangChain's ensemble is in `langchain-classic`, which nothing else needs."""
    missing = find_spec("langchain_classic") is None
    return tuple(system for system in SYSTEMS if not (missing and system.build is langchain_ensemble))


def _as_retriever(answer: Answer, as_of: date | None, limit: int) -> Any:
    from langchain_core.documents import Document
    from langchain_core.runnables import RunnableLambda

    return RunnableLambda(
        lambda query: [Document(page_content="", metadata={"row": row}) for row in answer(query, as_of, limit)]
    )


def _dense_scores(
    task: Task, queries: Mapping[str, Vector], query: str, as_of: date | None, limit: int
) -> dict[int, float]:
    return _top(np.where(_mask(task, as_of), task.vectors @ queries[query], -np.inf), limit, least=-np.inf)


def _bm25_scorer(task: Task) -> Callable[[str, date | None], Any]:
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    texts = [" ".join(keyword_text(passage)) for passage in task.passages]
    index = bm25s.BM25()
    index.index(bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)

    def scores(query: str, as_of: date | None) -> Any:
        words = bm25s.tokenize([query], stopwords="en", stemmer=stemmer, show_progress=False, return_ids=False)[0]
        known = [word for word in words if word in index.vocab_dict]
        if not known:
            return np.zeros(len(texts), dtype=np.float32)
        return np.where(_mask(task, as_of), index.get_scores(known), 0.0)

    return scores


def _top(scores: Any, limit: int, *, least: float = 0.0) -> dict[int, float]:
    best = np.argsort(-scores, kind="stable")[:limit]
    return {int(row): float(scores[row]) for row in best if scores[row] > least}


def _mask(task: Task, as_of: date | None) -> Any:
    return np.array([_governs(passage, as_of) for passage in task.passages]) if task.field else True


def _governs(passage: Passage, as_of: date | None) -> bool:
    return passage.in_force.to is None if as_of is None else passage.in_force.covers(as_of)


def _chroma_collection(task: Task) -> Any:
    from guideline_corpus.settings import turn_telemetry_off

    turn_telemetry_off()
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(
        path=tempfile.mkdtemp(prefix="chroma-benchmark-"), settings=Settings(anonymized_telemetry=False)
    )
    collection = client.create_collection("benchmark", embedding_function=None, metadata={"hnsw:space": "cosine"})
    for start in range(0, len(task.passages), 4000):
        rows = range(start, min(start + 4000, len(task.passages)))
        collection.add(
            ids=[str(row) for row in rows],
            embeddings=task.vectors[start : start + 4000],
            metadatas=[{"edition_id": task.passages[row].edition_id} for row in rows],
        )
    return collection


def _chroma_ids(collection: Any, task: Task, vector: Vector, as_of: date | None, limit: int) -> list[str]:
    where: dict[str, Any] | None = None
    if task.field:
        allowed = {passage.edition_id for passage in task.passages if _governs(passage, as_of)}
        where = {"edition_id": {"$in": sorted(allowed)}}
    found = collection.query(query_embeddings=[vector], n_results=min(limit, len(task.passages)), where=where)
    ids: list[str] = found["ids"][0]
    return ids
