"""The stage `reply`: every prompt is asked once, and what came back is put down with what its form alone tells.

Nothing is drafted or checked: prompts are prepared once (`evals/prepared.py`), then a row costs little more than its
call. It is for collecting replies, to be drafted and checked later from the cache by `--stage draft`, and for seeing
within minutes whether a model keeps to the form at all.
"""

from __future__ import annotations

import re
from typing import Any

from drafter.domain.exchange.request import Request
from evals.asking import Told
from evals.metrics.reply import reply_scores
from evals.tapped import THE_MODELS_OWN, error_of, took

Row = dict[str, Any]
_KEY = re.compile(r"^([RUPC]\d+)\b", re.MULTILINE)


def reply_row(case_id: str, request: Request, told: Told, *, repeat: int) -> Row:
    """The row of a reply."""
    answer = told.answer
    named = {"case_number": case_id, "item": request.item, "repeat": repeat}
    if answer.fate == "failed" and answer.reason not in THE_MODELS_OWN:
        return named | {"error": error_of(answer), "scores": None}
    row = {
        "fate": answer.fate,
        "reply": answer.text,
        "keys": _KEY.findall(request.user),
        "calls": [answer.call.model_dump()] if answer.call else [],
    }
    return named | row | took([told]) | {"scores": reply_scores(row)}


def refused_row(case_id: str, item: int, check: str, *, repeat: int) -> Row:
    """The row of an item that nothing was sent of."""
    row = {"fate": check, "reply": "", "keys": [], "calls": []}
    named = {"case_number": case_id, "item": item, "repeat": repeat}
    return named | row | {"cached": False, "seconds": None, "cost": None, "scores": reply_scores(row)}
