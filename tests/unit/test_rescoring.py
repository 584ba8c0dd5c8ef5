"""A finished run scored again to the same bytes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evals.cli import app
from evals.errors import RunInvalid
from evals.rescoring import rescore
from evals.summary import clustered_mean
from tests.metric_factories import make_draft_row, make_statement

HOLD = (
    "import sys\nfrom pathlib import Path\nfrom evals.run_folder import RunFolder\n"
    "with RunFolder(Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()\n"
)


def test_undefined_scores_are_counted_beside_the_mean() -> None:
    rows = [{"case_number": f"C{n}", "scores": {"x": score}} for n, score in enumerate([1.0, None, 0.0])]

    told = clustered_mean(rows, "x")
    assert (told["mean"], told["n"], told["undefined"]) == (0.5, 2, 1)


def make_run(folder: Path) -> Path:
    (folder / "run.json").write_text(json.dumps({"stage": "draft", "metrics": "old"}), encoding="utf-8")
    row = {"case_number": "C1", "item": 1, "draft": make_draft_row(make_statement()), "scores": {"grounded": 0.5}}
    (folder / "results.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return folder


def test_a_run_is_scored_again_to_the_same_bytes_without_a_model(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    rescore(run)
    first = {path.name: path.read_bytes() for path in run.iterdir()}
    again = CliRunner().invoke(app, ["rescore", str(run)])

    assert again.exit_code == 0, again.output
    assert {path.name: path.read_bytes() for path in run.iterdir()} == first
    assert json.loads(first["summary.json"])["metrics"]["grounded"]["mean"] == 0.0
    assert json.loads(first["run.json"])["metrics"] != "old"


def make_long_run(folder: Path) -> Path:
    run = make_run(folder)
    row = json.loads((run / "results.jsonl").read_text(encoding="utf-8"))
    rows = [row | {"case_number": f"C{number}"} for number in range(5)]
    (run / "results.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    return run


def stopped_at(third: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The cases that are scored from now on; at the one of this number the program is stopped."""
    from evals.metrics.scoring import score

    scored: list[str] = []

    def until(row: Any, **how: Any) -> Any:
        if len(scored) == third:
            raise KeyboardInterrupt
        scored.append(row["case_number"])
        return score(row, **how)

    monkeypatch.setattr("evals.rescoring.score", until)
    return scored


def test_scoring_that_was_stopped_leaves_the_run_as_it_was_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("whole", "stopped"):
        (tmp_path / name).mkdir()
        make_long_run(tmp_path / name)
    rescore(tmp_path / "whole")
    run = tmp_path / "stopped"
    before = (run / "results.jsonl").read_bytes()
    with monkeypatch.context() as patched:
        stopped_at(2, patched)
        with pytest.raises(KeyboardInterrupt):
            rescore(run)
    assert (run / "results.jsonl").read_bytes() == before
    with (run / "scores.part").open("a", encoding="utf-8") as torn:
        torn.write('{"groun')

    scored = stopped_at(99, monkeypatch)
    rescore(run)

    assert scored == ["C2", "C3", "C4"]
    assert {one.name: one.read_bytes() for one in run.iterdir()} == {
        one.name: one.read_bytes() for one in (tmp_path / "whole").iterdir()
    }


def test_scores_of_other_rows_are_not_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    run = make_long_run(tmp_path)
    with monkeypatch.context() as patched:
        stopped_at(2, patched)
        with pytest.raises(KeyboardInterrupt):
            rescore(run)
    text = (run / "results.jsonl").read_text(encoding="utf-8")
    (run / "results.jsonl").write_text(text.replace('"item": 1', '"item": 2'), encoding="utf-8")

    scored = stopped_at(99, monkeypatch)
    rescore(run)

    assert len(scored) == 5


def test_a_run_that_another_program_writes_is_not_scored(tmp_path: Path):
    run = make_run(tmp_path)
    held = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(run)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )
    assert held.stdout
    held.stdout.readline()

    with pytest.raises(RunInvalid, match="being written by another program"):
        rescore(run)

    held.communicate("", timeout=20)
    assert held.returncode == 0


def test_a_folder_without_a_run_is_not_scored(tmp_path: Path) -> None:
    with pytest.raises(RunInvalid, match="holds no run"):
        rescore(tmp_path)
