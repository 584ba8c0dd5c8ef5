"""Scores of a draft against what a careful reader expects of the item (`evals/datasets/expected.py`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evals.datasets.expected import ExpectedCriterion, ExpectedItem
from evals.metrics.folding import folded, holds, share
from evals.metrics.retrieval import meets

Row = Mapping[str, Any]
Scores = dict[str, float | None]
NOTHING = ExpectedItem(item=0)


def expectation_scores(draft: Row, expected: ExpectedItem | None) -> Scores:
    """Every coverage metric of a stored draft."""
    wanted = expected or NOTHING
    text = " ".join(one["text"] for one in draft["statements"])
    cited = [one for statement in draft["statements"] for one in statement["citations"] if "passage_id" in one]
    sections = [section.model_dump() for section in wanted.sections]
    return {
        "item_covered": float(bool(text.strip())),
        "expected_sections": share([any(meets(one, section) for one in cited) for section in sections]),
        "expected_criteria": share([_assessed(draft["criteria"], one) for one in wanted.criteria]),
        "expected_facts": share([holds(text, fact) for fact in wanted.facts]),
        "forbidden_facts": float(sum(holds(text, fact) for fact in wanted.forbidden)) if wanted.forbidden else None,
        "expected_findings": expected_findings(draft["findings"], expected),
    }


def expected_findings(findings: Sequence[Row], expected: ExpectedItem | None) -> float | None:
    raised = {finding["check"] for finding in findings}
    return share([check in raised for check in expected.findings]) if expected else None


def _assessed(table: Sequence[Row], wanted: ExpectedCriterion) -> bool:
    """One row that speaks of it suffices, whichever passage asks for it."""
    return any(folded(wanted.about) in folded(row["text"]) and row["status"] in wanted.status for row in table)
