"""What a run rests on: the description in run.json, which tells two runs of one thing from runs of two."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drafter.bootstrap import App
from evals.dataset import Dataset
from evals.metrics_version import metrics_version
from evals.plan import RunPlan

Row = dict[str, Any]


def describe(plan: RunPlan, dataset: Dataset, app: App) -> Row:
    """Two runs with the same description give the same rows."""
    return {"dataset": dataset.manifest.version} | rests_on(plan, app)


def rests_on(plan: RunPlan, app: App) -> Row:
    """What the rows of a plan rest on besides the cases, as far as this process has it."""
    resting: Row = {"stage": plan.stage, "metrics": metrics_version()}
    resting |= asdict(app.provenance())
    resting |= {"repeats": plan.repeats, "seed": plan.seed}
    resting |= {"outcomes": "of the dataset"} if plan.with_outcomes else {}
    if plan.stage == "check":
        from evals.plants.model import plants_version

        resting |= {"plants": plants} if (plants := plants_version(plan.folder)) else {}
    return resting
