"""Scores of a search, computed from its row: what was expected, what came at which rank, and how much text of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log2
from typing import Any

from evals.metrics.folding import folded, share
from evals.metrics.spans import Span, length, shared

Row = Mapping[str, Any]
Scores = dict[str, float | None]
DEPTH = 5


def retrieval_scores(row: Row) -> Scores:
    """Every retrieval metric of a `retrieve` row."""
    gold, results = row["gold"], row["retrieved"]
    rank = first_rank(gold, results)
    found = [Span(*one["span"]) for one in results[:DEPTH] if one.get("span")]
    wanted = [Span(*span) for span in row.get("gold_spans") or ()]
    both = shared(wanted, found)
    return {
        **{f"hit@{k}": float(rank is not None and rank <= k) if gold else None for k in (1, 3, 5)},
        "reciprocal_rank": (1.0 / rank if rank else 0.0) if gold else None,
        "ndcg@5": ndcg(gold, results, depth=DEPTH) if gold else None,
        "char_recall@5": both / length(wanted) if wanted else None,
        "char_precision@5": both / length(found) if wanted and found else None,
        "edition_ok": _in_force(results, row.get("as_of")),
        "absent_refusal": float(not row["addressed"]) if row.get("expected_addressed") is False else None,
    }


def first_rank(gold: Sequence[Row], results: Sequence[Row]) -> int | None:
    """The rank of the first result that meets any expected section."""
    return next((int(one["rank"]) for one in results if any(meets(one, section) for section in gold)), None)


def meets(result: Row, section: Row) -> bool:
    """Whether a result is of that guideline, edition and section; without a section any of the guideline's serves."""
    same = folded(result["guideline"]) == folded(section["guideline"]) and result["edition"] == section["edition"]
    return same and (not section["section"] or folded(result["section"]) == folded(section["section"]))


def ndcg(gold: Sequence[Row], results: Sequence[Row], *, depth: int) -> float:
    """Normalised discounted cumulative gain (Jarvelin and Kekalainen 2002); a section is worth its grade once."""
    left = list(gold)
    gained = 0.0
    for place, result in enumerate(results[:depth], start=1):
        met = max((s for s in left if meets(result, s)), key=_grade, default=None)
        if met is not None:
            left.remove(met)
            gained += _gain(met, place)
    best = sorted(gold, key=_grade, reverse=True)[:depth]
    return gained / sum(_gain(section, place) for place, section in enumerate(best, start=1))


def _gain(section: Row, place: int) -> float:
    return (2.0 ** _grade(section) - 1.0) / log2(place + 1)


def _grade(section: Row) -> int:
    return int(section.get("grade") or 1)


def _in_force(results: Sequence[Row], as_of: str | None) -> float | None:
    """ISO days compare as texts."""
    dated = [one["in_force"] for one in results if one.get("in_force")]
    if not dated or not as_of:
        return None
    return share([(one["from"] or "") <= as_of and (one["to"] is None or as_of <= one["to"]) for one in dated])
