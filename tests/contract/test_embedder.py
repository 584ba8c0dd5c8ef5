"""What every embedder promises, held against each one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding

from guideline_corpus.embedding import Embedder, FakeEmbedder, MiniLmEmbedder
from guideline_corpus.langchain_embedding import EmbedderFromLangChain, LangChainEmbeddings
from guideline_corpus.openai_embedding import OpenAiEmbedder
from guideline_corpus.settings import EmbeddingServer
from tests.model_server import ModelServer, embeddings

TEXTS = [
    "Physical therapy for low back pain",
    "",
    "MRI of the knee",
    "\x00\ud800 damaged text",
    "opioid " * 2000,
    "Massage, 6 visits",
]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddingServer]:
    with ModelServer(embeddings(FakeEmbedder(64))) as served:
        yield EmbeddingServer(base_url=served.url)


@pytest.fixture(params=["minilm", "hashed words", "from langchain", "there and back", "over http"])
def embedder(request: pytest.FixtureRequest, cache: Path, server: EmbeddingServer) -> Embedder:
    if request.param == "over http":
        return OpenAiEmbedder("loopback-1", server)
    if request.param == "minilm":
        return MiniLmEmbedder(cache)
    if request.param == "hashed words":
        return FakeEmbedder()
    if request.param == "from langchain":
        return EmbedderFromLangChain(DeterministicFakeEmbedding(size=48), model_id="fake@48")
    return EmbedderFromLangChain(LangChainEmbeddings(FakeEmbedder(64)), model_id="hashed@64")


def test_each_text_gets_a_vector_of_unit_length(embedder: Embedder):
    vectors = embedder.embed_documents([text.encode("utf-8", "replace").decode() for text in TEXTS])

    assert vectors.shape == (len(TEXTS), embedder.dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_query_and_the_same_text_as_a_passage_are_the_same_vector(embedder: Embedder):
    passages = embedder.embed_documents(["Massage, 6 visits", "a longer text about something else altogether", "x"])

    np.testing.assert_allclose(embedder.embed_query("Massage, 6 visits"), passages[0], atol=1e-6)


def test_no_texts_give_no_vectors(embedder: Embedder):
    assert embedder.embed_documents([]).shape == (0, embedder.dimensions)


def test_the_same_texts_give_the_same_bytes(embedder: Embedder):
    texts = ["Massage, 6 visits", "MRI of the knee"]

    assert embedder.embed_documents(texts).tobytes() == embedder.embed_documents(texts).tobytes()


def test_an_embedder_names_its_model(embedder: Embedder):
    assert embedder.model_id


@pytest.mark.parametrize("which", ["minilm", "hashed words", "over http"])
def test_damaged_text_is_embedded_not_refused(which: str, cache: Path, server: EmbeddingServer):
    embedder: Embedder = FakeEmbedder() if which == "hashed words" else MiniLmEmbedder(cache)
    if which == "over http":
        embedder = OpenAiEmbedder("loopback-1", server)

    assert np.isfinite(embedder.embed_documents(["\x00\ud800 damaged text"])).all()
