"""Decided items for tests, and searches over them: in memory, and beside it every item compared with the request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from guideline_corpus.decided.columns import Columns, Head, columns_of
from guideline_corpus.decided.model import DecidedItem
from guideline_corpus.decided.reading import (
    PART_WEIGHT,
    SAME_CLASS,
    SAME_TREATMENT,
    TREATMENT_WEIGHT,
    WORDS_WEIGHT,
    open_reading,
)
from guideline_corpus.decided.scanning import Blocks, ScannedVectors
from guideline_corpus.decided.similar import SimilarItems
from guideline_corpus.embedding import Embedder, FakeEmbedder
from guideline_corpus.lexical import words_of
from guideline_corpus.routing import understand
from guideline_corpus.vocabulary import load_vocabulary


def make_decided(case_number: str = "CM16-0000010", item: int = 1, **overrides: Any) -> DecidedItem:
    values: dict[str, Any] = {
        "case_number": case_number,
        "item": item,
        "treatment": "MRI of the lumbar spine",
        "outcome": "upheld",
        "decided": date(2016, 11, 1),
    }
    return DecidedItem(**(values | overrides))


def columns_for(items: Sequence[DecidedItem]) -> tuple[Columns, list[str]]:
    """The columns of items, and their texts in the order of the rows."""
    heads = [Head(item.case_number, item.item, item.treatment, item.decided.toordinal()) for item in items]
    return columns_of(heads, lambda chunks: map(open_reading(), chunks))


def search_in(items: Sequence[DecidedItem], *, embedder: Embedder | None = None, words: bool = False) -> SimilarItems:
    """A search in memory, by vectors of the fake embedder unless it is to go by `words` alone."""
    columns, texts = columns_for(items)
    blocks = Blocks(columns)
    if words:
        return SimilarItems(items, blocks, load_vocabulary())
    embedder = embedder or FakeEmbedder()
    vectors = ScannedVectors(blocks, embedder.embed_documents(texts))
    return SimilarItems(items, blocks, load_vocabulary(), embedder=embedder, vectors=vectors)


def every_score(items: Sequence[DecidedItem], query: str, *, embedder: Embedder | None) -> list[float]:
    """The score of each item, by the words of `similar.py` and nothing that makes a search fast."""
    vocabulary = load_vocabulary()
    asked, stems = understand(query, vocabulary), set(words_of(query))
    texts = {item.treatment for item in items}
    about = {text: (understand(text, vocabulary), set(words_of(text))) for text in texts}
    vectors = {text: embedder.embed_query(text).astype(float) for text in texts} if embedder else {}
    wanted = {one.treatment_id: set(vocabulary.classes_of(one.treatment_id)) for one in asked.treatments}
    vector = embedder.embed_query(query).astype(float) if embedder else None
    scores = []
    for item in items:
        held, other = about[item.treatment]
        if vector is not None:
            near = min(1.0, max(0.0, float((vectors[item.treatment] * vector).sum())))
        else:
            near = len(stems & other) / max(len(stems | other), 1)
        named = {one.treatment_id for one in held.treatments}
        classes = set().union(*wanted.values())
        like = max(
            (SAME_TREATMENT if one in wanted else SAME_CLASS * bool(classes & set(vocabulary.classes_of(one))))
            for one in named | {""}
        )
        part = bool(set(asked.body_parts) & set(held.body_parts))
        whole = TREATMENT_WEIGHT * like + PART_WEIGHT * part + WORDS_WEIGHT * near
        scores.append(round(whole if wanted else near, 6))
    return scores


def by_comparing_all(
    items: Sequence[DecidedItem],
    query: str,
    *,
    embedder: Embedder | None,
    before: date | None = None,
    without_case: str | None = None,
    limit: int = 5,
) -> list[tuple[str, int]]:
    """What a search has to find, each as its key: limits, scores and order taken from every item."""
    scores = every_score(items, query, embedder=embedder)
    own = (without_case or "").strip().casefold()
    rows = [
        row
        for row, item in enumerate(items)
        if (before is None or item.decided < before) and item.case_number.casefold() != own
    ]
    best = sorted(rows, key=lambda row: (-scores[row], -items[row].decided.toordinal(), row))
    return [items[row].key for row in best[:limit]]
