from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from drafter.settings import read_settings, settings_from, shipped_prompts_dir
from guideline_corpus.settings import TELEMETRY_OFF, corpus_settings_from, turn_telemetry_off


def test_without_any_variable_the_program_has_a_home_and_the_extractive_model():
    settings = settings_from({})

    assert settings.home.is_absolute()
    assert settings.model == "extractive"
    assert settings.openai_api_key is None
    assert settings.chroma_url is None


def test_an_empty_variable_counts_as_absent():
    settings = settings_from(
        {"DRAFTER_MODEL": "", "DRAFTER_CHROMA_URL": "", "OPENAI_API_KEY": "", "DRAFTER_PROMPTS_DIR": ""}
    )

    assert settings == settings_from({})


def test_every_variable_of_the_contract_reaches_its_setting(tmp_path: Path):
    settings = settings_from(
        {
            "DRAFTER_HOME": str(tmp_path),
            "DRAFTER_DATABASE_URL": "postgresql://db/imr",
            "DRAFTER_CHROMA_URL": "http://127.0.0.1:8000",
            "DRAFTER_EMBEDDER": "openai:embed-1",
            "DRAFTER_PROMPTS_DIR": str(tmp_path / "prompts"),
            "DRAFTER_MODEL": "openai:gpt",
            "OPENAI_API_KEY": "sk-secret",
            "OPENAI_BASE_URL": "http://127.0.0.1:9000/v1",
        }
    )

    assert settings.home == tmp_path
    assert settings.corpus_dir == tmp_path / "corpus"
    assert settings.prompts_dir == tmp_path / "prompts"
    assert settings.chroma_url == "http://127.0.0.1:8000"
    assert settings.corpus.embedder == "openai:embed-1"
    assert settings.corpus.embedding_server.base_url == "http://127.0.0.1:9000/v1"
    assert settings.model == "openai:gpt"
    assert settings.openai_base_url == "http://127.0.0.1:9000/v1"
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "sk-secret"
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == "postgresql://db/imr"


def test_no_secret_shows_when_settings_are_printed():
    settings = settings_from({"OPENAI_API_KEY": "sk-secret", "DRAFTER_DATABASE_URL": "postgresql://user:hidden@db/imr"})

    assert "sk-secret" not in repr(settings)
    assert "hidden" not in str(settings)


def test_drafter_and_corpus_agree_on_the_home(drafter_home: Path):
    assert read_settings().home == drafter_home
    assert corpus_settings_from(os.environ).home == drafter_home


def test_a_relative_home_means_the_same_place_after_a_change_of_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)

    assert settings_from({"DRAFTER_HOME": "state"}).home == tmp_path / "state"


def test_the_prompts_that_came_with_the_program_are_found():
    assert (shipped_prompts_dir() / "active.toml").is_file()


def test_tracing_is_off_even_where_the_user_had_turned_it_on(monkeypatch: pytest.MonkeyPatch):
    for name in TELEMETRY_OFF:
        monkeypatch.setenv(name, "true")

    turn_telemetry_off()

    assert {name: os.environ[name] for name in TELEMETRY_OFF} == TELEMETRY_OFF


def test_langchain_sends_no_trace_from_a_program_whose_user_traces_elsewhere():
    script = (
        "from guideline_corpus.settings import turn_telemetry_off; turn_telemetry_off();"
        "from langsmith.utils import tracing_is_enabled; print(tracing_is_enabled())"
    )
    environment = {**os.environ, "LANGSMITH_TRACING": "true", "LANGCHAIN_TRACING_V2": "true"}

    printed = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )

    assert printed.stdout.strip() == "False"
