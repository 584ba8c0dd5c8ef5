"""Scores of what a draft says of the worker, from the findings of the checks (docs/checks.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evals.metrics.folding import share

Row = Mapping[str, Any]
Scores = dict[str, float | None]
CONFLICTS = frozenset(
    "age-conflict sex-conflict pronoun-conflict date-conflict dose-conflict side-conflict value-conflict "
    "result-conflict comparison-conflict injury-age-conflict duration-exceeds-injury event-before-injury "
    "record-quote-differs".split()
)
UNSUPPORTED = frozenset(
    "number-not-in-record date-not-in-record treatment-not-in-record body-part-not-in-record side-not-in-record "
    "finding-not-in-record diagnosis-not-in-record result-not-in-record".split()
)
POLARITY = frozenset({"finding-contradicted"})
ABSENCE = frozenset({"absence-refuted", "data-absence-refuted"})
OF_WORKER = frozenset({"record", "reasoning", "absence"})
SETTLED = frozenset({"met", "not_met"})


def record_scores(draft: Row) -> Scores:
    """Every record metric of a stored draft."""
    findings = draft["findings"]
    doubted = CONFLICTS | UNSUPPORTED | POLARITY | ABSENCE
    told = list(enumerate(draft["statements"]))
    return {
        "record_held": share([not _found(findings, n, doubted) for n, one in told if one["kind"] in OF_WORKER]),
        "record_conflicts": _count(findings, CONFLICTS),
        "record_unsupported": _count(findings, UNSUPPORTED),
        "polarity_conflicts": _count(findings, POLARITY),
        "absence_true": share([not _found(findings, n, ABSENCE) for n, one in told if one["kind"] == "absence"]),
        "criteria_settled": share([one["status"] in SETTLED for one in draft["criteria"]]),
    }


def _found(findings: list[Row], statement: int, checks: frozenset[str]) -> bool:
    return any(one["check"] in checks and one["field"] == f"statements.{statement}" for one in findings)


def _count(findings: list[Row], checks: frozenset[str]) -> float:
    return float(sum(one["check"] in checks for one in findings))
