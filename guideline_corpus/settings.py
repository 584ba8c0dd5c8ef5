"""Where the corpus lives: with `drafter/settings.py` the only place that touches the environment.

Nothing is read on import. `read_corpus_settings()` reads once, at the door of a program; everything below takes values.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_data_path
from pydantic import SecretStr

from guideline_corpus.model import CorpusModel

LOCAL, OPENAI = "local", "openai:"
TELEMETRY_OFF = {
    "ANONYMIZED_TELEMETRY": "False",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGCHAIN_TRACING": "false",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "OTEL_SDK_DISABLED": "true",
}


class EmbeddingServer(CorpusModel):
    """Where an OpenAI-compatible server is, and its key or a file that holds it; without an address it is OpenAI's."""

    base_url: str | None = None
    api_key: SecretStr | None = None
    api_key_file: Path | None = None

    def key(self) -> SecretStr | None:
        """The key as it is now."""
        try:
            return SecretStr(self.api_key_file.read_text("utf-8").strip()) if self.api_key_file else self.api_key
        except (OSError, UnicodeDecodeError):
            return self.api_key


class CorpusSettings(CorpusModel):
    """`home` holds all state (`DRAFTER_HOME`); `chroma_url` names a Chroma server instead of the folder in it.

    `embedder` names the model that makes vectors: `local`, or `openai:MODEL` at the embedding server.
    """

    home: Path
    chroma_url: str | None = None
    embedder: str = LOCAL
    embedding_server: EmbeddingServer = EmbeddingServer()

    def without_secrets(self) -> CorpusSettings:
        """For a worker elsewhere, which has keys of its own."""
        server = self.embedding_server.model_copy(update={"api_key": None})
        return self.model_copy(update={"embedding_server": server})

    def with_secrets_of(self, own: CorpusSettings) -> CorpusSettings:
        """These settings with the keys that a worker itself was given."""
        server = self.embedding_server.model_copy(update={"api_key": own.embedding_server.api_key})
        return self.model_copy(update={"embedding_server": server})

    @property
    def corpus_dir(self) -> Path:
        return self.home / "corpus"

    @property
    def cache_dir(self) -> Path:
        """What can be deleted at any time and is made again, such as the encoder graph."""
        return self.home / "cache"


def corpus_settings_from(environ: Mapping[str, str]) -> CorpusSettings:
    """The settings that `environ` describes; an empty variable counts as absent."""
    home = environ.get("DRAFTER_HOME")
    return CorpusSettings(
        home=Path(home).expanduser().absolute() if home else user_data_path("imr-drafter", appauthor=False),
        chroma_url=environ.get("DRAFTER_CHROMA_URL") or None,
        embedder=environ.get("DRAFTER_EMBEDDER") or LOCAL,
        embedding_server=EmbeddingServer(
            base_url=environ.get("OPENAI_BASE_URL") or None,
            api_key=SecretStr(key) if (key := environ.get("OPENAI_API_KEY")) else None,
            api_key_file=Path(file).expanduser().absolute() if (file := environ.get("OPENAI_API_KEY_FILE")) else None,
        ),
    )


def read_corpus_settings() -> CorpusSettings:
    return corpus_settings_from(os.environ)


def turn_telemetry_off() -> None:
    """Tell every library that reports home not to, whatever the caller's environment says.

    Tracing would send clinical text to a vendor. Called before a vendor is imported: by `main()` of each program and
    by the files that open Chroma or a model (proved by tests/unit/test_settings.py).
    """
    os.environ.update(TELEMETRY_OFF)
