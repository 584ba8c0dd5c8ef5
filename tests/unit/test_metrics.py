"""Scores by hand, and a finished run scored again to the same bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evals.cli import app
from evals.errors import RunInvalid
from evals.metrics import draft_scores, first_rank, retrieval_scores
from evals.rescoring import rescore
from evals.summary import clustered_mean


def statement(kind: str = "record", text: str = "Two words.", *citations: dict[str, Any], searched: Any = ()) -> Any:
    return {"kind": kind, "text": text, "citations": list(citations), "searched": list(searched)}


def passage(passage_id: str, quote: str | None = None) -> dict[str, Any]:
    return {"passage_id": passage_id, "quote": quote}


def draft(*statements: Any, **given: Any) -> dict[str, Any]:
    return {
        "statements": list(statements), "retrieved": [{"passage_id": "p1", "text": "Six visits are given."}],
        "findings": [], "criteria": [], "addressed": True,
    } | given  # fmt: skip


def test_the_scores_of_a_draft_are_those_counted_by_hand() -> None:
    scored = draft_scores(
        draft(
            statement("record", "Pain was told.", {"record": {}}),
            statement("guideline", "It says six.", passage("p1", "Six visits"), passage("p9", "Eight visits")),
            statement("absence", "Nothing is told.", searched=["exercise"]),
            statement("reasoning", "So it seems."),
            statement("conclusion", "It is necessary."),
            findings=[{"severity": "blocker"}, {"severity": "warning"}, {"severity": "note"}],
            criteria=[{"status": "met"}, {"status": "not_met"}, {"status": "unclear"}],
        )
    )

    assert scored == {
        "statements": 5.0, "words": 15.0, "blockers": 1.0, "warnings": 1.0, "grounded": 3 / 4,
        "guideline_weighed": 1.0, "citations_retrieved": 1 / 2, "quotes_exact": 1 / 2, "criteria_settled": 2 / 3,
    }  # fmt: skip


def test_what_does_not_apply_is_undefined_and_not_zero() -> None:
    scored = draft_scores(draft())

    undefined = ("grounded", "guideline_weighed", "citations_retrieved", "quotes_exact", "criteria_settled")
    assert [scored[name] for name in undefined] == [None] * 5
    assert (scored["statements"], scored["blockers"]) == (0.0, 0.0)


def test_undefined_scores_are_counted_beside_the_mean() -> None:
    rows = [{"case_number": f"C{n}", "scores": {"x": score}} for n, score in enumerate([1.0, None, 0.0])]

    told = clustered_mean(rows, "x")
    assert (told["mean"], told["n"], told["undefined"]) == (0.5, 2, 1)


@pytest.mark.parametrize(
    ("section", "rank"), [("Physical medicine", 2), ("", 1), ("Acupuncture", None), ("PHYSICAL  MEDICINE", 2)]
)
def test_the_rank_of_a_stored_row_is_that_of_its_first_gold_section(section: str, rank: int | None) -> None:
    gold = [{"guideline": "Chronic Pain", "edition": "2016", "section": section}]
    results = [
        {"guideline": "Chronic Pain", "edition": "2016", "section": "Exercise", "rank": 1},
        {"guideline": "Chronic Pain", "edition": "2016", "section": "Physical medicine", "rank": 2},
    ]

    assert first_rank(gold, results) == rank
    assert retrieval_scores(rank)["reciprocal_rank"] == (1 / rank if rank else 0.0)


def make_run(folder: Path) -> Path:
    (folder / "run.json").write_text(json.dumps({"stage": "draft", "metrics": "old"}), encoding="utf-8")
    row = {"case_number": "C1", "item": 1, "draft": draft(statement()), "scores": {"grounded": 0.5}}
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
