"""The ninety-seven published letters through evaluation by the real commands: nothing is lost, pages can be read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from evals.benchmarks.rescoring import measure
from evals.dataset import read_dataset
from tests.conftest import REPOSITORY, PublishedLetter
from tests.page_audit import faults, violations

EVALS = Path(sys.executable).parent / "evals"
pytestmark = pytest.mark.long


def evals(home: Path, *arguments: str | Path, code: int = 0) -> str:
    environment = {"PATH": "/usr/bin:/bin", "DRAFTER_HOME": str(home), "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [EVALS, *map(str, arguments)], capture_output=True, text=True, env=environment, check=False, timeout=900
    )
    assert done.returncode == code, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def imported(letters_dir: Path, corpus_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluation") / "letters"
    evals(corpus_home, "import", letters_dir, "--out", folder)
    return folder


def test_every_letter_is_imported_with_every_item(imported: Path, letters: tuple[PublishedLetter, ...]):
    dataset = read_dataset(imported)
    items = {letter.case_number: len(letter.published["items"]) for letter in letters}

    assert {case.case_id: len(case.case.items) for case in dataset.cases} == items
    assert (dataset.manifest.quarantined, dataset.manifest.alike) == ((), ())


def test_a_reader_who_always_upholds_agrees_with_nine_in_ten_and_has_no_kappa(imported: Path, corpus_home: Path):
    told = evals(corpus_home, "readers", imported, "--always", "upheld")

    assert "agreement: 89.0 %" in told
    assert "kappa: 0 " in told
    assert "balanced_accuracy: 50.0 %" in told


def test_each_stage_runs_and_its_page_passes_an_accessibility_audit(imported: Path, corpus_home: Path):
    runs = imported.parent
    evals(corpus_home, "plant", imported, "--out", runs / "planted", "--per-kind", "10")
    for stage, dataset in (("retrieve", imported), ("draft", imported), ("check", runs / "planted")):
        evals(corpus_home, "run", dataset, "--stage", stage, "--out", runs / stage)
        evals(corpus_home, "report", runs / stage, "--out", runs / f"{stage}.html")
        page = runs / f"{stage}.html"

        assert json.loads((runs / stage / "summary.json").read_text(encoding="utf-8"))["items"] == 219
        assert faults(page.read_text(encoding="utf-8")) == []
        assert [*violations(page), *violations(page, scheme="dark")] == []
        assert page.stat().st_size < 2_000_000


def test_a_thousand_replies_are_scored_again_within_fifteen_passes_of_the_metrics(imported: Path, corpus_home: Path):
    run = imported.parent / "drafts"
    evals(corpus_home, "run", imported, "--stage", "draft", "--out", run)
    timed = measure(run)

    assert timed.same_bytes
    assert timed.ratio <= 15
