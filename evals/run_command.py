"""`evals run`, once its options are known."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Any

from drafter.settings import read_settings
from evals.dataset import SPLITS, only_split
from evals.datasets.catalogue import open_dataset
from evals.errors import EvalsError
from evals.plan import STAGES, RunPlan
from evals.progress import run_progress
from evals.run_folder import indented
from evals.runner import run


def run_command(
    name: str, *, out: Path, split: str | None, stage: str, model: str | None, resume: bool, **planned: Any
) -> int:
    """Runs and prints the sums; gives the exit code. `planned` are further fields of `RunPlan`. Raises EvalsError."""
    stages = {one: one for one in STAGES}
    if stage not in stages:
        raise EvalsError(f"--stage {stage}: no such stage; use {', '.join(STAGES)}.")
    splits = {one: one for one in SPLITS}
    if split is not None and split not in splits:
        raise EvalsError(f"--split {split}: no such split; use {', '.join(SPLITS)}.")
    gc.freeze()  # what was loaded stays to the end
    found, settings = open_dataset(name), read_settings()
    dataset = only_split(found.dataset, splits[split]) if split else found.dataset
    plan = RunPlan(
        stage=stages[stage], folder=found.folder, settings=settings, model=model or settings.model, **planned
    )
    with run_progress("Running") as report:
        end = run(plan, dataset, out=out, resume=resume, report=report)
    if end.summary is not None:
        sys.stdout.write(indented(end.summary))
    if end.message:
        sys.stderr.write(f"{end.message}\n")
    return end.exit_code
