"""The one door to the metrics: the scores of a row of any stage, as the run writes them and as rescoring makes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evals.dataset import EvalCase
from evals.metrics.draft import draft_scores
from evals.metrics.expectations import expected_findings
from evals.metrics.operations import operation_scores
from evals.metrics.reply import reply_scores
from evals.metrics.retrieval import retrieval_scores

Row = Mapping[str, Any]
Scores = dict[str, float | None]


def score(row: Row, *, stage: str, case: EvalCase | None) -> Scores:
    """The scores of a row that is no error; those of the check stage were counted against the letter and stay as they
    are."""
    if stage == "retrieve":
        return retrieval_scores(row)
    if stage == "reply":
        return reply_scores(row)
    if stage == "draft":
        return draft_scores(row["draft"], case, row=row) | operation_scores(row)
    if row.get("plant_id"):
        return dict(row["scores"])
    expected = case.expected_of(row["item"]) if case else None
    return {**row["scores"], "expected_findings": expected_findings(row["findings"], expected)}
