"""A second reader's outcomes beside those of a dataset: a physician who reads again, or a model under test.

The outcomes come in as a table that somebody made outside this program, which chooses none itself. CSV with the columns
case_number, item, determination (upheld or overturned; empty where the reader did not decide).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from drafter.domain.case import Determination
from evals.comparison.figures import figure, interval
from evals.dataset import Dataset
from evals.errors import DatasetInvalid
from evals.metrics.decision import OUTCOMES, Decided, likeness

COLUMNS = ("case_number", "item", "determination")


class Readings(NamedTuple):
    """What both decided, and how many items only one of the two did."""

    decided: tuple[Decided, ...]
    only_dataset: int
    only_reader: int


def read_outcomes(path: Path) -> dict[tuple[str, int], Determination]:
    """The outcomes of a table. Raises DatasetInvalid with the line that is wrong."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
                raise DatasetInvalid(f"{path} has no column {missing[0]}; it needs {', '.join(COLUMNS)}")
            return dict(_rows(path, reader))
    except (OSError, UnicodeDecodeError):
        raise DatasetInvalid(f"{path} cannot be read as UTF-8 text; correct the path, or save it so") from None


def _rows(path: Path, reader: csv.DictReader[str]) -> Iterator[tuple[tuple[str, int], Determination]]:
    for row in reader:
        told = (row["determination"] or "").strip().lower()
        outcome = next((one for one in OUTCOMES if one == told), None)
        if not (row["item"] or "").strip().isdigit() or (told and outcome is None):
            raise DatasetInvalid(
                f"{path}, line {reader.line_num}: item is a number, determination upheld or overturned"
            )
        if outcome is not None:
            yield (row["case_number"].strip(), int(row["item"])), outcome


def beside(dataset: Dataset, read: dict[tuple[str, int], Determination]) -> Readings:
    """The items that both decided: the dataset by its published outcome, else by what a careful reader expects."""
    told: dict[tuple[str, int], Determination] = {}
    for case in dataset.cases:
        for item in case.case.items:
            expected = case.expected_of(item.number)
            outcome = item.determination or (expected.determination if expected else None)
            if outcome is not None:
                told[case.case_id, item.number] = outcome
    both = sorted(told.keys() & read.keys())
    return Readings(
        decided=tuple(Decided(*key, told=told[key], read=read[key]) for key in both),
        only_dataset=len(told.keys() - read.keys()),
        only_reader=len(read.keys() - told.keys()),
    )


def always(dataset: Dataset, outcome: Determination) -> dict[tuple[str, int], Determination]:
    """A reader who says the same of every item: what agreement is worth on this set."""
    return {(case.case_id, item.number): outcome for case in dataset.cases for item in case.case.items}


def told_lines(readings: Readings) -> Sequence[str]:
    """Agreement, kappa and balanced accuracy with their intervals, and what was not compared."""
    found = likeness(readings.decided)
    lines = [f"{found.items} items of {found.cases} cases decided by both"]
    for name in ("agreement", "kappa", "balanced_accuracy"):
        ends = found.ranges[name]
        value = getattr(found, name)
        told = f" (95 % {interval(name, ends.low, ends.high)})" if ends is not None and value is not None else ""
        lines.append(f"{name}: {figure(name, value)}{told}")
    if readings.only_dataset or readings.only_reader:
        lines.append(
            f"not compared: {readings.only_dataset} only in the dataset, {readings.only_reader} only in the table"
        )
    return [*lines, "Agreement is likeness to a published outcome and not truth."]
