"""The table of metrics: name, what it is of, formula, range, what "undefined" means, and which way is better.

One row of table.toml, one name: results, gate files, reports and evals/README.md use these names, and a test holds the
page and this table together (tests/unit/test_metric_table.py). A metric that does not apply to an item is None; it is
counted as undefined, never as 0, and never dropped.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

Better = Literal["more", "fewer", "neither"]
Family = Literal["retrieval", "citation", "record", "coverage", "form", "safety", "findings", "decision", "operations"]
Range = Literal["0 to 1", "-1 to 1", "from 0"]


class Metric(BaseModel):
    """One row. `of` names the stages whose rows have it; a metric of which neither is better is only watched."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    family: Family
    of: str
    formula: str
    undefined: str
    range: Range = "0 to 1"
    better: Better = "more"


def _read() -> tuple[Metric, ...]:
    text = files("evals.metrics").joinpath("table.toml").read_text(encoding="utf-8")
    return tuple(Metric.model_validate(row) for row in tomllib.loads(text)["metric"])


TABLE = _read()
METRICS = {metric.name: metric for metric in TABLE}


def fewer_is_better(name: str) -> bool:
    return name in METRICS and METRICS[name].better == "fewer"


def is_share(name: str) -> bool:
    """Whether the metric is a share, told in percent and points."""
    return name in METRICS and METRICS[name].range == "0 to 1"


def title_of(name: str) -> str:
    """What a page calls the metric; its name where the table does not have it."""
    return METRICS[name].title if name in METRICS else name


def metrics_page() -> str:
    """The table as evals/README.md has to print it."""
    lines = ["| metric | what it is | of | formula | range | undefined where |", "|---|---|---|---|---|---|"]
    for one in TABLE:
        formula = f"{one.formula}; fewer is better" if one.better == "fewer" else one.formula
        lines.append(f"| `{one.name}` | {one.title} | {one.of} | {formula} | {one.range} | {one.undefined} |")
    return "\n".join(lines) + "\n"
