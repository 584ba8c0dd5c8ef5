"""Sums over the rows of a run: means with intervals clustered by case, and counts; what has no value is `None`.

Items of one letter are not independent, so intervals come from resampling letters, not items
(`evals/comparison/intervals.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.comparison.intervals import Interval, intervals
from evals.metrics.table import is_share
from evals.plants.scoring import summarise_plants
from evals.wilson import exact

Row = dict[str, Any]


def summarise(rows: Sequence[Row], *, stage: str) -> Row:
    """`{"items", "cases", "metrics": {name: {"mean", "low", "high", "n"}}, ...}` for the stage's rows.

    A row that holds an error is undefined in every metric and counted by its class under `errors`. Several repeats of
    an item are several rows, and one of `items`. Of a `check` run the metrics are those of the untouched texts; plants
    are summed apart, under `plants`.
    """
    if stage == "check":
        plants = [row for row in rows if row["plant_id"]]
        untouched = summarise([row for row in rows if not row["plant_id"]], stage="untouched")
        return untouched | ({"plants": summarise_plants(plants)} if plants else {})
    names = sorted({name for row in rows for name in row["scores"] or {}})
    summary: Row = {
        "cases": len({row["case_number"] for row in rows}),
        "items": len({(row["case_number"], row["item"]) for row in rows}),
        "metrics": clustered_means(rows, names),
    }
    if errors := Counter(row["error"]["class"] for row in rows if row.get("error")):
        summary["errors"] = dict(sorted(errors.items()))
    return {**summary, **(_without_gold(rows) if stage == "retrieve" else {})}


def clustered_mean(rows: Sequence[Row], name: str) -> Row:
    """`clustered_means` of one metric."""
    return clustered_means(rows, [name])[name]


def clustered_means(rows: Sequence[Row], names: Sequence[str]) -> dict[str, Row]:
    """Mean over items with a 95 percent interval, by metric; `mean` is None where no row has the score, `undefined`
    counts those without it.

    A share that is 0 or 1 for every item has the exact interval of as many cases: "none of 40" is no proof of none.
    """
    cases = {case: at for at, case in enumerate(sorted({row["case_number"] for row in rows}))}
    sums, sizes = np.zeros((len(cases), len(names))), np.zeros((len(cases), len(names)))
    for row in rows:
        at, scores = cases[row["case_number"]], row["scores"] or {}
        for column, name in enumerate(names):
            if (score := scores.get(name)) is not None:
                sums[at, column] += score
                sizes[at, column] += 1
    found = intervals(sums, sizes)
    return {
        name: _told(name, sums[:, at], sizes[:, at], interval=found[at], rows=len(rows))
        for at, name in enumerate(names)
    }


def _told(
    name: str, sums: NDArray[np.float64], sizes: NDArray[np.float64], *, interval: Interval | None, rows: int
) -> Row:
    scored = int(sizes.sum())
    undefined = {"undefined": rows - scored} if scored < rows else {}
    if not scored:
        return {"mean": None, "low": None, "high": None, "n": 0, **undefined}
    mean, cases = float(sums.sum() / scored), int((sizes > 0).sum())
    low, high = (interval.low, interval.high) if interval else (None, None)
    if is_share(name) and mean in (0.0, 1.0):
        low, high = exact(round(mean) * cases, cases)
    return {"mean": round(mean, 4), "low": _rounded(low), "high": _rounded(high), "n": scored, **undefined}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _without_gold(rows: Sequence[Row]) -> Row:
    """For items whose reviewer cited nothing of the MTUS: how many search declines, how many fall with a main item."""
    silent = [row for row in rows if not row["gold"]]
    dependent = [row for row in silent if row["depends_on"] is not None]
    refused = [row for row in silent if not row["addressed"] and row["depends_on"] is None]
    return {"without_gold": {"items": len(silent), "dependent": len(dependent), "not_addressed": len(refused)}}
