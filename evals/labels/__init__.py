"""What people judged by hand: `blockers.csv` holds a verdict on every blocker raised on the published letters.

A blocker is `true` only where the sentence and the words of the record that refute it were read side by side; where a
careful reader could defend the sentence it is `debatable`. Rows name letter, item and check, never a text.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal, NamedTuple, cast

Verdict = Literal["true", "debatable", "false"]


class Raised(NamedTuple):
    """A blocker by its place; `item` is None for one of the letter as a whole."""

    case_number: str
    item: int | None
    check: str


def judged_blockers() -> Mapping[Raised, Verdict]:
    """The verdicts of `blockers.csv`."""
    lines = files("evals.labels").joinpath("blockers.csv").read_text(encoding="utf-8").splitlines()
    return {
        Raised(row["case_number"], int(row["item"]) if row["item"] else None, row["check"]): cast(
            "Verdict", row["verdict"]
        )
        for row in csv.DictReader(lines)
    }
