"""The guideline corpus as the drafter's `Retriever`: the search of `guideline_corpus` keeps that contract as it is."""

from __future__ import annotations

from drafter.ports import Retriever
from guideline_corpus.opening import open_search
from guideline_corpus.settings import CorpusSettings


def open_retriever(settings: CorpusSettings) -> Retriever:
    """Search over the active corpus of a home.

    Raises CorpusNotBuilt, CorpusDamaged, IndexDamaged or EmbeddingMismatch. Without the embedding weights it searches
    by keyword, and every result says so (`searched_by`).
    """
    return open_search(settings)
