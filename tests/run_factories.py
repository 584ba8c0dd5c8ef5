"""Finished runs as folders, with rows that differ as told; every text is invented."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from evals.dataset import EvalCase, make_dataset, write_dataset
from evals.metrics.scoring import score
from tests.factories import make_case, make_item
from tests.metric_factories import (
    cite,
    cite_record,
    make_draft_row,
    make_finding,
    make_gold,
    make_result,
    make_search_row,
    make_statement,
)

SUMMARY = "On 10/5/2016 the worker reported low back pain of 6 out of 10. <b>She</b> denied numbness & weakness."
Change = Callable[[int, dict[str, Any]], dict[str, Any]]


def unchanged(number: int, row: dict[str, Any]) -> dict[str, Any]:
    return row


def make_eval_cases(count: int) -> list[EvalCase]:
    return [
        EvalCase(
            case_id=f"C{number:04d}",
            case=make_case(
                case_number=f"C{number:04d}",
                case_summary=SUMMARY,
                items=(make_item(heading="Massage", treatment="Massage, 6 visits"),),
            ),
        )
        for number in range(count)
    ]


def draft_row(case_id: str) -> dict[str, Any]:
    return {
        "case_number": case_id,
        "item": 1,
        "addressed": True,
        "draft": make_draft_row(
            make_statement("record", "Pain of 6 out of 10 was reported.", cite_record(SUMMARY, "pain of 6")),
            make_statement("guideline", "Six visits are given, then exercise at home.", cite()),
            make_statement("record", "The worker denied numbness.", cite_record(SUMMARY, "denied numbness")),
        ),
        "page_starts": {},
    }  # fmt: skip


def search_row(case_id: str) -> dict[str, Any]:
    found = [make_result(1), make_result(2, "Yoga"), make_result(3, "Massage")]
    return make_search_row(*found, gold=[make_gold()], case_number=case_id)


def reply_row(case_id: str) -> dict[str, Any]:
    said = {"item": 1, "statements": [{"kind": "record", "text": "Pain was reported.", "grounds": ["R1"]}]}
    return {
        "case_number": case_id, "item": 1, "fate": "complete", "reply": json.dumps(said), "keys": ["R1"], "calls": [],
        "seconds": 0.4, "cost": None,
    }  # fmt: skip


def check_row(case_id: str, **overrides: Any) -> dict[str, Any]:
    finding = make_finding("age-conflict", severity="blocker", field="rationale") | {"quote": "54-year-old"}
    against = cite_record(SUMMARY, "low back pain")["record"]
    row = {
        "case_number": case_id, "item": 1, "plant_id": None, "kind": None, "harmless": None,
        "findings": [finding | {"against": against}], "scores": {"blockers": 1.0, "warnings": 0.0, "notes": 0.0},
    }  # fmt: skip
    return row | overrides


def plant_row(case_id: str, kind: str, *, found: bool, harmless: bool = False) -> dict[str, Any]:
    places = {"localised": 1.0, "exact": 1.0} if found else {"localised": None, "exact": None}
    return check_row(
        case_id, plant_id=f"{kind}-{case_id}", kind=kind, harmless=harmless, findings=[],
        scores={"detected": float(found), **places},
    )  # fmt: skip


def make_run(folder: Path, *, stage: str = "draft", cases: int = 12, change: Change = unchanged) -> Path:
    """A finished run of `cases` cases; `change` makes of the number of a case and its row what the run holds."""
    held = make_eval_cases(cases)
    made = {"draft": draft_row, "retrieve": search_row, "check": check_row, "reply": reply_row}[stage]
    rows = [change(number, made(case.case_id)) for number, case in enumerate(held)]
    scored = [row | {"scores": score(row, stage=stage, case=case)} for row, case in zip(rows, held, strict=True)]
    described = {
        "dataset": "d1" * 32, "stage": stage, "corpus_version": "v1", "metrics": "m1", "model": folder.name,
        "prompt": "rationale@0001",
    }  # fmt: skip
    return write_run(folder, scored, described=described, cases=held)


def write_run(
    folder: Path, rows: Iterable[dict[str, Any]], *, described: dict[str, Any], cases: list[EvalCase]
) -> Path:
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps(described), encoding="utf-8")
    lines = "".join(json.dumps(row, sort_keys=True) + "\n" for row in rows)
    (folder / "results.jsonl").write_text(lines, encoding="utf-8")
    write_dataset(make_dataset(name="set", cases=cases), folder / "dataset")
    return folder
