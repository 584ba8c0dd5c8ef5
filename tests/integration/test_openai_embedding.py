"""A corpus whose vectors come from an OpenAI-compatible server: over real HTTP, on loopback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from guideline_corpus.cli import main
from guideline_corpus.embedding import FakeEmbedder
from guideline_corpus.errors import CorpusNotBuilt, EmbedderUnavailable, EmbeddingMismatch
from guideline_corpus.openai_embedding import OpenAiEmbedder
from guideline_corpus.opening import configured_embedder, open_search
from guideline_corpus.settings import CorpusSettings, EmbeddingServer
from tests.model_server import ModelServer, Step, embeddings, ok, reset, status

KEY = SecretStr("sk-loopback")


def settings(home: Path, url: str, embedder: str = "openai:loopback-1") -> CorpusSettings:
    return CorpusSettings(home=home, embedder=embedder, embedding_server=EmbeddingServer(base_url=url, api_key=KEY))


@pytest.fixture
def served_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    def build(url: str, expected: int = 0) -> Path:
        monkeypatch.setenv("DRAFTER_HOME", str(tmp_path))
        monkeypatch.setenv("DRAFTER_EMBEDDER", "openai:loopback-1")
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY.get_secret_value())
        with pytest.raises(SystemExit) as ended:
            main(["build"])
        assert ended.value.code == expected
        return tmp_path

    return build


def test_a_corpus_is_built_and_searched_by_the_server_that_is_configured(served_home: Callable[..., Path]):
    with ModelServer(embeddings(FakeEmbedder(64))) as server:
        home = served_home(server.url)
        built = len(server.bodies)
        search = open_search(settings(home, server.url))
        found = search.search("massage therapy for low back pain", limit=3)
        search.close()

        assert built > 1
        assert found.searched_by == "keyword+vector"
        assert server.bodies[-1]["input"] == ["massage therapy for low back pain"]
        assert {body["model"] for body in server.bodies} == {"loopback-1"}
        assert set(server.keys) == {"Bearer sk-loopback"}


def test_vectors_of_another_model_are_refused_not_compared(served_home: Callable[..., Path]):
    with ModelServer(embeddings(FakeEmbedder(64))) as server:
        home = served_home(server.url)
        with pytest.raises(EmbeddingMismatch, match="built with the embedding model openai:loopback-1"):
            open_search(settings(home, server.url, "openai:loopback-2"))
        with pytest.raises(EmbeddingMismatch, match="searches use all-MiniLM-L6-v2"):
            open_search(settings(home, server.url, "local"))

    with ModelServer(embeddings(FakeEmbedder(32))) as narrower:
        search = open_search(settings(home, narrower.url))
        with pytest.raises(EmbeddingMismatch, match="64 dimensions, the query has 32"):
            search.search("massage")


def test_a_model_is_asked_for_fewer_dimensions_by_its_name():
    with ModelServer(embeddings(FakeEmbedder(64))) as server:
        embedder = OpenAiEmbedder("loopback-1@16", EmbeddingServer(base_url=server.url))

        assert embedder.dimensions == 16
        assert embedder.model_id == "openai:loopback-1@16"
        assert server.bodies[0]["dimensions"] == 16


def malformed(data: Any) -> Step:
    import json

    return ok(json.dumps({"object": "list", "data": data, "model": "m", "usage": {}}).encode())


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (status(401), "refuses the key; set OPENAI_API_KEY"),
        (status(404), "does not know the model loopback-1"),
        (status(429, retry_after_ms="1"), "is over its limit"),
        (status(503, retry_after_ms="1"), "answered with status 503"),
        (status(302, location="http://127.0.0.1:9/"), "answered with status 302"),
        (reset(), "does not answer; start it, or correct OPENAI_BASE_URL"),
        (ok(b"<html>no</html>", kind="text/html"), "gave no vectors"),
        (malformed([]), "gave no vectors"),
        (malformed([{"index": 0, "embedding": []}]), "gave no vectors"),
        (malformed([{"index": 1, "embedding": [1.0, 0.0]}]), "gave no vectors"),
        (malformed([{"index": 0, "embedding": ["x"]}]), "gave no vectors"),
        (malformed([{"index": 0, "embedding": [float("nan")]}]), "gave no vectors"),
    ],
)
def test_a_server_that_fails_is_named_in_one_sentence(step: Step, told: str):
    with ModelServer(step) as server, pytest.raises(EmbedderUnavailable) as raised:
        OpenAiEmbedder("loopback-1", EmbeddingServer(base_url=server.url, api_key=KEY)).embed_query(
            "massage of Jane Roe"
        )

    assert told in str(raised.value)
    assert "Roe" not in str(raised.value)
    assert "sk-loopback" not in str(raised.value)


def test_a_build_whose_server_fails_is_an_error_of_one_sentence(
    served_home: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with ModelServer(status(401)) as server:
        served_home(server.url, 2)

    assert "refuses the key" in capsys.readouterr().err
    with pytest.raises(CorpusNotBuilt):
        open_search(settings(tmp_path, "http://127.0.0.1:9/v1"))


def test_nothing_leaves_unless_it_is_configured(tmp_path: Path):
    with ModelServer(embeddings(FakeEmbedder(64))) as server:
        embedder, _ = configured_embedder(settings(tmp_path, server.url, "local"))

        assert embedder is None or embedder.model_id == "all-MiniLM-L6-v2"
        assert server.bodies == []
    for wrong in ("openai:", "openai:m@many", "cohere:x"):
        with pytest.raises(EmbedderUnavailable, match="DRAFTER_EMBEDDER"):
            configured_embedder(settings(tmp_path, server.url, wrong))
