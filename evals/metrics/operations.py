"""What a row cost: seconds, tokens, price, and whether the model gave a usable reply at all.

Times are the machine's and differ between runs; they are told and never decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
Scores = dict[str, float | None]
FAILURES = frozenset("model-failed model-declined reply-unusable reply-cut reply-pending prompt-too-long".split())


def operation_scores(row: Row) -> Scores:
    """The operation metrics of a `draft` row: its own `seconds` and `cost`, and what its calls tell."""
    draft = row["draft"]
    calls = draft.get("calls") or ()
    failed = {finding["check"] for finding in draft["findings"]} & FAILURES
    return {
        "seconds": _number(row.get("seconds")),
        "tokens_in": _told(calls, "tokens_in"),
        "tokens_out": _told(calls, "tokens_out"),
        "cost": _number(row.get("cost")),
        "failed": float(bool(failed)) if calls or failed else None,
    }


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _told(calls: Sequence[Row], key: str) -> float | None:
    """The sum over all calls; None where one of them did not tell."""
    values: list[int] = [call[key] for call in calls if call.get(key) is not None]
    return float(sum(values)) if values and len(values) == len(calls) else None
