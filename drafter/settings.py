"""Settings of the application, read once from the environment; nothing else in `drafter` looks there.

None is needed for the main job: without any variable the program works offline, with no key and no model. Secrets are
`SecretStr`, so that no log line, exception or `repr` shows them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretStr

from guideline_corpus.settings import CorpusSettings, corpus_settings_from

DEFAULT_MODEL = "extractive"
PACKAGE = Path(__file__).parent


class Settings(BaseModel):
    """What the program was told by its environment (interface contract, section "Environment")."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: CorpusSettings
    prompts_dir: Path
    model: str = DEFAULT_MODEL
    database_url: SecretStr | None = None
    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None

    @property
    def home(self) -> Path:
        return self.corpus.home

    @property
    def corpus_dir(self) -> Path:
        return self.corpus.corpus_dir

    @property
    def cache_dir(self) -> Path:
        return self.corpus.cache_dir

    @property
    def chroma_url(self) -> str | None:
        return self.corpus.chroma_url


def shipped_prompts_dir() -> Path:
    """The templates that came with the program: inside the package once installed, beside it in a checkout."""
    installed = PACKAGE / "_prompts"
    return installed if installed.is_dir() else PACKAGE.parent / "prompts"


def settings_from(environ: Mapping[str, str]) -> Settings:
    """The settings that `environ` describes; an empty variable counts as absent."""
    prompts = environ.get("DRAFTER_PROMPTS_DIR")
    return Settings(
        corpus=corpus_settings_from(environ),
        prompts_dir=Path(prompts).expanduser().absolute() if prompts else shipped_prompts_dir(),
        model=environ.get("DRAFTER_MODEL") or DEFAULT_MODEL,
        database_url=_secret(environ, "DRAFTER_DATABASE_URL"),
        openai_api_key=_secret(environ, "OPENAI_API_KEY"),
        openai_base_url=environ.get("OPENAI_BASE_URL") or None,
    )


def read_settings() -> Settings:
    return settings_from(os.environ)


def _secret(environ: Mapping[str, str], name: str) -> SecretStr | None:
    value = environ.get(name)
    return SecretStr(value) if value else None
