"""Scores of one row, computed from the row alone, so that a finished run can be scored again without a model.

A score that does not apply is None: it is counted as undefined, never as 0 (docs: evals/README.md has formulae and
ranges). Shares are between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
Scores = dict[str, float | None]
SETTLED = frozenset({"met", "not_met"})


def draft_scores(draft: Row) -> Scores:
    """Scores of a draft as the contract prints it (`DRAFT`)."""
    statements = draft["statements"]
    claims = [one for one in statements if one["kind"] != "conclusion"]
    cited = [one for statement in statements for one in statement["citations"] if "passage_id" in one]
    texts = {one["passage_id"]: one["text"] for one in draft["retrieved"]}
    quoted = [one for one in cited if one["quote"] is not None]
    severities = [finding["severity"] for finding in draft["findings"]]
    return {
        "statements": float(len(statements)),
        "words": float(sum(len(one["text"].split()) for one in statements)),
        "blockers": float(severities.count("blocker")),
        "warnings": float(severities.count("warning")),
        "grounded": _share([bool(one["citations"] or one["searched"]) for one in claims]),
        "guideline_weighed": float(bool(cited)) if draft["addressed"] and statements else None,
        "citations_retrieved": _share([one["passage_id"] in texts for one in cited]),
        "quotes_exact": _share([one["quote"] in texts.get(one["passage_id"], "") for one in quoted]),
        "criteria_settled": _share([one["status"] in SETTLED for one in draft["criteria"]]),
    }


def retrieval_scores(rank: int | None) -> Scores:
    """Scores of a search whose first hit stands at `rank`; None where no result is one."""
    return {
        "hit@1": float(rank == 1),
        "hit@5": float(rank is not None and rank <= 5),
        "reciprocal_rank": 1.0 / rank if rank else 0.0,
    }


def first_rank(gold: Sequence[Row], retrieved: Sequence[Row]) -> int | None:
    """The rank of the first result of a stored row that meets any gold section of it."""
    return next((int(one["rank"]) for one in retrieved if any(_meets(one, section) for section in gold)), None)


def _meets(result: Row, section: Row) -> bool:
    same = folded(result["guideline"]) == folded(section["guideline"]) and result["edition"] == section["edition"]
    return same and (not section["section"] or folded(result["section"]) == folded(section["section"]))


def folded(name: str) -> str:
    """A heading without case and spacing, so that print variants compare equal."""
    return " ".join(name.casefold().split())


def _share(held: Sequence[bool]) -> float | None:
    return sum(held) / len(held) if held else None
