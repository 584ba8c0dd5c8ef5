"""Scores of one draft, from its row and its case alone: a finished run can be scored again without a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evals.dataset import EvalCase
from evals.metrics.citation import citation_scores
from evals.metrics.expectations import expectation_scores
from evals.metrics.form import form_scores
from evals.metrics.record import record_scores
from evals.metrics.sources import Sources

Row = Mapping[str, Any]
Scores = dict[str, float | None]


def draft_scores(draft: Row, case: EvalCase | None = None, *, row: Row | None = None) -> Scores:
    """Every metric of a draft as the contract prints it (`DRAFT`).

    Without its `case` what is measured against the record or an expectation is undefined. `row` is the stored row:
    where page breaks stand, which outcome was handed in.
    """
    about = row or {}
    severities = [finding["severity"] for finding in draft["findings"]]
    return {
        **citation_scores(
            draft, Sources(draft, case.case if case else None), page_starts=about.get("page_starts") or {}
        ),
        **record_scores(draft),
        **expectation_scores(draft, case.expected_of(draft["item"]) if case else None),
        **form_scores(
            draft,
            handed_in=about.get("determination"),
            people=case.case.people if case else (),
            canary=case.canary if case else None,
        ),
        "blockers": float(severities.count("blocker")),
        "warnings": float(severities.count("warning")),
    }
