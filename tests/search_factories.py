"""Searches over a handful of invented passages, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from guideline_corpus.embedding import Embedder, FakeEmbedder
from guideline_corpus.indexing import OpenIndex, embedded_text, keyword_text
from guideline_corpus.lexical import KeywordIndex
from guideline_corpus.model import InForce, Passage
from guideline_corpus.passage_index import ExactIndex, IndexIdentity, IndexRow
from guideline_corpus.search import GuidelineSearch
from guideline_corpus.vocabulary import Vocabulary, load_vocabulary
from tests.factories import make_passage

OPEN = InForce()


def make_gist(section: str, *treatments: str, **overrides: Any) -> Passage:
    """A passage whose id is its edition and section, about `treatments`."""
    values: dict[str, Any] = {
        "edition_id": "chronic-pain-2016",
        "section": section,
        "text": f"What the section {section or 'as a whole'} says of {', '.join(treatments) or 'it'}.",
        "criteria": (),
        "treatments": treatments,
    }
    values |= overrides
    values.setdefault("passage_id", f"{values['edition_id']}.{section or 'whole'}")
    return make_passage(**values)


def search_over(
    passages: Sequence[Passage],
    *,
    vocabulary: Vocabulary | None = None,
    field_words: bool = True,
    embedder: Embedder | None = None,
    index_class: type[ExactIndex] = ExactIndex,
    **options: Any,
) -> GuidelineSearch:
    """A search with exact vectors of the fake embedder, and the shipped vocabulary unless `field_words` is off."""
    embedder = embedder or FakeEmbedder()
    identity = IndexIdentity(corpus_version="test", model_id=embedder.model_id, passages=len(passages))
    vectors = index_class(
        identity,
        [IndexRow(passage.passage_id, passage.edition_id) for passage in passages],
        embedder.embed_documents([embedded_text(passage) for passage in passages]),
    )
    index = OpenIndex(KeywordIndex.build(keyword_text(passage) for passage in passages), vectors)
    words = vocabulary or load_vocabulary()
    return GuidelineSearch(
        passages,
        index,
        corpus_version="test",
        embedder=embedder,
        vocabulary=words if field_words else None,
        **options,
    )


def sections_found(search: GuidelineSearch, query: str, **options: Any) -> list[str]:
    return [found.passage.section for found in search.search(query, **options).results]
