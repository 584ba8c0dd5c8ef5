"""Where the corpus lives: with `drafter/settings.py` the only place that touches the environment.

Nothing is read on import. `read_corpus_settings()` reads once, at the door of a program; everything below takes values.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_data_path

from guideline_corpus.model import CorpusModel

TELEMETRY_OFF = {
    "ANONYMIZED_TELEMETRY": "False",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGCHAIN_TRACING": "false",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "OTEL_SDK_DISABLED": "true",
}


class CorpusSettings(CorpusModel):
    """`home` holds all state (`DRAFTER_HOME`); `chroma_url` names a Chroma server instead of the folder in it."""

    home: Path
    chroma_url: str | None = None

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
    )


def read_corpus_settings() -> CorpusSettings:
    return corpus_settings_from(os.environ)


def turn_telemetry_off() -> None:
    """Tell every library that reports home not to, whatever the caller's environment says.

    Tracing would send clinical text to a vendor. Called before a vendor is imported: by `main()` of each program and
    by the files that open Chroma or a model (proved by tests/unit/test_settings.py).
    """
    os.environ.update(TELEMETRY_OFF)
