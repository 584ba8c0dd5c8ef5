"""A finished run scored again to the same bytes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.cli import app
from evals.errors import RunInvalid
from evals.rescoring import rescore
from evals.summary import clustered_mean
from tests.metric_factories import make_draft_row, make_statement


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


def test_a_folder_without_a_run_is_not_scored(tmp_path: Path) -> None:
    with pytest.raises(RunInvalid, match="holds no run"):
        rescore(tmp_path)
