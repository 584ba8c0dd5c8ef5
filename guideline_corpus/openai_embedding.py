"""Embeddings of any server that speaks OpenAI's `/embeddings`; the only corpus file that names the package openai.

Used only where it is asked for (`DRAFTER_EMBEDDER=openai:MODEL`): then the text of every passage, and of every query,
leaves this machine for the server that is configured, and for no other (redirects are not followed). Which model
answered is stored with the vectors, its number of dimensions included, so that vectors of two models are never compared
(`passage_index.check_identity`; tests/integration/test_openai_embedding.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from guideline_corpus.embedding import Vector, Vectors, encodable, unit_length
from guideline_corpus.errors import EmbedderUnavailable
from guideline_corpus.settings import OPENAI, EmbeddingServer, turn_telemetry_off

BATCH = 64
SECONDS, CONNECT_SECONDS = 60.0, 5.0
TRIES_AGAIN = 2


class OpenAiEmbedder:
    """See `Embedder`. `spec` is `MODEL` or `MODEL@DIMENSIONS`, where the model can be asked for fewer."""

    def __init__(self, spec: str, server: EmbeddingServer) -> None:
        turn_telemetry_off()
        import openai

        name, _, dimensions = spec.partition("@")
        if not name or (dimensions and not dimensions.isdigit()):
            raise EmbedderUnavailable(
                f"DRAFTER_EMBEDDER={OPENAI}{spec} names no model; write {OPENAI}MODEL or {OPENAI}MODEL@DIMENSIONS."
            )
        self.model_id = OPENAI + spec
        self._name = name
        self._asked: dict[str, Any] = {"dimensions": int(dimensions)} if dimensions else {}
        self._width: int | None = None
        self._host = urlsplit(server.base_url or "").hostname or "api.openai.com"
        timeout = openai.Timeout(SECONDS, connect=CONNECT_SECONDS)
        self._client = openai.OpenAI(
            base_url=server.base_url,
            # A server of one's own often wants no key, but the client does.
            api_key=key.get_secret_value() if (key := server.key()) else "none",
            max_retries=TRIES_AGAIN,
            timeout=timeout,
            # No connection is kept, so that nothing has to be closed when the program ends.
            http_client=openai.DefaultHttpxClient(
                timeout=timeout, follow_redirects=False, limits=_no_connection_kept()
            ),
        )

    @property
    def dimensions(self) -> int:
        """How long a vector is; asked of the server once."""
        if self._width is None:
            self.embed_query("dimensions")
        assert self._width is not None
        return self._width

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        batches = [self._embedded(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
        return np.concatenate(batches)

    def embed_query(self, text: str) -> Vector:
        vector: Vector = self._embedded([text])[0]
        return vector

    def _embedded(self, texts: Sequence[str]) -> Vectors:
        import openai

        # Servers refuse an empty text.
        given = [encodable(text).strip() or "-" for text in texts]
        try:
            told = self._client.embeddings.create(model=self._name, input=given, encoding_format="float", **self._asked)
            rows = {one.index: one.embedding for one in told.data}
            vectors = np.array([rows[at] for at in range(len(given))], dtype=np.float32)
        except openai.APIStatusError as error:
            raise EmbedderUnavailable(self._refused(error.status_code)) from None
        except openai.APIConnectionError:
            raise EmbedderUnavailable(
                f"The embedding server at {self._host} does not answer; start it, or correct OPENAI_BASE_URL."
            ) from None
        except (openai.OpenAIError, KeyError, TypeError, ValueError, AttributeError):
            vectors = np.empty(0, dtype=np.float32)
        if vectors.ndim != 2 or not vectors.size or not np.isfinite(vectors).all():
            raise EmbedderUnavailable(
                f"The embedding server at {self._host} gave no vectors for the model {self._name}; "
                "it must speak OpenAI's /embeddings."
            )
        if self._width not in (None, vectors.shape[1]):
            raise EmbedderUnavailable(
                f"The embedding server at {self._host} changed from {self._width} to {vectors.shape[1]} dimensions; "
                "build again with one model."
            )
        self._width = vectors.shape[1]
        return unit_length(vectors)

    def _refused(self, status: int) -> str:
        what = {
            401: "refuses the key; set OPENAI_API_KEY",
            403: "refuses the key; set OPENAI_API_KEY",
            404: f"does not know the model {self._name}; correct DRAFTER_EMBEDDER or OPENAI_BASE_URL",
            429: "is over its limit; try again later",
        }.get(status, f"answered with status {status}; try again later, or ask who runs it")
        return f"The embedding server at {self._host} {what}."


def _no_connection_kept() -> Any:
    import httpx

    return httpx.Limits(max_keepalive_connections=0)
