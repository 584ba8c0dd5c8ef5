"""Our embedders for LangChain's chains, and LangChain's embedders for our corpus."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from langchain_core.embeddings import Embeddings

from guideline_corpus.embedding import Embedder, Vector, Vectors, unit_length


class LangChainEmbeddings(Embeddings):
    """An `Embedder` where LangChain asks for `Embeddings`."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._embedder.embed_documents(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self._embedder.embed_query(text).tolist()
        return vector


class EmbedderFromLangChain:
    """Any LangChain `Embeddings` as an `Embedder`; its vectors are scaled to unit length.

    LangChain does not say which model answers, so the caller names it in `model_id`, settings that change the vectors
    included (`openai:text-embedding-3-small@512`). The width is asked for once, with one query, when first needed.
    """

    def __init__(self, embeddings: Embeddings, *, model_id: str, dimensions: int | None = None) -> None:
        self.model_id = model_id
        self._embeddings = embeddings
        self._dimensions = dimensions

    @property
    def dimensions(self) -> int:
        if self._dimensions is None:
            self._dimensions = len(self._embeddings.embed_query("dimensions"))
        return self._dimensions

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        vectors = self._embeddings.embed_documents(list(texts))
        return unit_length(np.array(vectors, dtype=np.float32).reshape(len(texts), -1 if texts else self.dimensions))

    def embed_query(self, text: str) -> Vector:
        return unit_length(np.array(self._embeddings.embed_query(text), dtype=np.float32))
