"""Sums over the rows of a run: means with intervals clustered by case, and counts; what has no value is `None`.

Items of one letter are not independent, so intervals come from resampling letters, not items (cluster bootstrap,
percentile, fixed seed).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from evals.plants.scoring import summarise_plants

Row = dict[str, Any]
RESAMPLES = 2000
SEED = 20161228


def summarise(rows: Sequence[Row], *, stage: str) -> Row:
    """`{"items", "cases", "metrics": {name: {"mean", "low", "high", "n"}}, ...}` for the stage's rows.

    Of a `check` run the metrics are those of the untouched texts; plants are summed apart, under `plants`.
    """
    if stage == "check":
        plants = [row for row in rows if row["plant_id"]]
        untouched = summarise([row for row in rows if not row["plant_id"]], stage="untouched")
        return untouched | ({"plants": summarise_plants(plants)} if plants else {})
    scored = [row for row in rows if row["scores"] is not None]
    names = sorted({name for row in scored for name in row["scores"]})
    summary: Row = {
        "cases": len({row["case_number"] for row in rows}),
        "items": len(rows),
        "metrics": {name: clustered_mean(scored, name) for name in names},
    }
    return {**summary, **(_without_gold(rows) if stage == "retrieve" else {})}


def clustered_mean(rows: Sequence[Row], name: str) -> Row:
    """Mean over items with a 95 percent interval; `mean` is None where no row has the score, `undefined` counts those
    without it."""
    by_case: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        score = row["scores"].get(name)
        if score is not None:
            by_case[row["case_number"]].append(float(score))
    scored = sum(map(len, by_case.values()))
    undefined = {"undefined": len(rows) - scored} if scored < len(rows) else {}
    if not by_case:
        return {"mean": None, "low": None, "high": None, "n": 0, **undefined}
    sums = np.array([sum(values) for values in by_case.values()])
    sizes = np.array([len(values) for values in by_case.values()])
    drawn = np.random.default_rng(SEED).integers(0, len(sums), size=(RESAMPLES, len(sums)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    mean = float(sums.sum() / sizes.sum())
    found = {"mean": round(mean, 4), "low": round(float(low), 4), "high": round(float(high), 4), "n": int(sizes.sum())}
    return {**found, **undefined}


def _without_gold(rows: Sequence[Row]) -> Row:
    """For items whose reviewer cited nothing of the MTUS: how many search declines, how many fall with a main item."""
    silent = [row for row in rows if not row["gold"]]
    dependent = [row for row in silent if row["depends_on"] is not None]
    refused = [row for row in silent if not row["addressed"] and row["depends_on"] is None]
    return {"without_gold": {"items": len(silent), "dependent": len(dependent), "not_addressed": len(refused)}}
