"""Careful readings of items: every section that a reviewer could defend, listed before any search was looked at.

    case_number,item,reader,section        section: the path of a starter gist without .md, or `none`

One file a reader, `defensible_reader_N.csv`, beside this module; the frame and the protocol are in `evals/README.md`.
The chronic pain guideline for an injury of under three months is defensible by the practice of the letters, not by the
guideline's own terms; `by_phase` takes it away for the stricter count.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from evals.errors import EvalsError

COLUMNS = ["case_number", "item", "reader", "section"]
NONE = "none"
CHRONIC_PAIN = "chronic-pain-"
CHRONIC_AFTER = timedelta(days=90)

Sections = frozenset[str]


class ItemKey(NamedTuple):
    case_number: str
    item: int


Reading = Mapping[ItemKey, Sections]


def read_readings(folder: Path) -> dict[str, Reading]:
    """The readings of a folder by reader. Raises EvalsError where a file is not what it should be."""
    readings: dict[str, dict[ItemKey, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path in sorted(folder.glob("defensible_reader_*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if rows.fieldnames != COLUMNS:
                raise EvalsError(f"{path.name} has other columns than {','.join(COLUMNS)}; correct its first line.")
            for line, row in enumerate(rows, start=2):
                if not row["item"].isdecimal() or not row["section"]:
                    raise EvalsError(f"{path.name}, line {line}: an item is a number and a section is not empty.")
                readings[row["reader"]][ItemKey(row["case_number"], int(row["item"]))].add(row["section"])
    return {reader: {key: frozenset(sections) for key, sections in items.items()} for reader, items in readings.items()}


def jaccard(first: Sections, second: Sections) -> float:
    """Sections in both among sections in either; two empty lists agree."""
    return len(first & second) / len(first | second) if first | second else 1.0


def agreement(first: Reading, second: Reading) -> dict[ItemKey, float]:
    """The Jaccard agreement on each item that both read."""
    return {key: jaccard(first[key], second[key]) for key in first if key in second}


def union(readings: Iterable[Reading]) -> dict[ItemKey, Sections]:
    """What either reader lists. `none` stands only where nobody lists a section."""
    found: dict[ItemKey, Sections] = {}
    for reading in readings:
        for key, sections in reading.items():
            found[key] = found.get(key, frozenset()) | sections
    return {key: sections - {NONE} or frozenset({NONE}) for key, sections in found.items()}


def intersection(readings: Iterable[Reading]) -> dict[ItemKey, Sections]:
    """What every reader lists; empty where they agree on nothing."""
    found: dict[ItemKey, Sections] = {}
    for reading in readings:
        for key, sections in reading.items():
            found[key] = found[key] & sections if key in found else sections
    return found


def by_phase(sections: Sections, *, injury: date | None, day: date | None) -> Sections:
    """The list without the chronic pain guideline for an injury younger than three months, if anything is left."""
    if injury is None or day is None or day - injury >= CHRONIC_AFTER:
        return sections
    left = frozenset(section for section in sections if not section.startswith(CHRONIC_PAIN))
    return left or sections
