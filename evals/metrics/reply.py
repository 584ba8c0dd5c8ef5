"""What a reply's form tells, from its row alone: is it what was asked for, and were its grounds shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from drafter.domain.exchange.reply import ModelReply

Row = Mapping[str, Any]
Scores = dict[str, float | None]


def reply_scores(row: Row) -> Scores:
    """The scores of a row of the stage `reply`."""
    try:
        said = ModelReply.model_validate(json.loads(row["reply"])).statements if row["fate"] == "complete" else []
    except (ValueError, ValidationError, RecursionError):
        said = []
    shown = set(row["keys"])
    known = [bool(one.grounds) and shown.issuperset(one.grounds) for one in said]
    return {
        "reply_usable": float(bool(said)),
        "keys_known": sum(known) / len(known) if known else None,
        "statements": float(len(said)) if said else None,
        "words": float(sum(len(one.text.split()) for one in said)) if said else None,
    }
