"""A finished run scored again from its rows: no model, no search, the same bytes each time.

The drafts and search results stay as they were; scores, the version of the scoring code and the summary are made anew.
Rows of the check stage hold findings that were compared with a letter: they are summed again, and their counts stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from evals.dataset import EvalCase, read_dataset
from evals.errors import WorkerDiffers
from evals.metrics.scoring import score
from evals.metrics_version import metrics_version
from evals.plan import cores
from evals.run_folder import (
    DATASET,
    RESULTS,
    RUN,
    SUMMARY,
    indented,
    read_description,
    read_rows,
    row_line,
)
from evals.summary import summarise
from guideline_corpus.shared_work import in_turn
from guideline_corpus.whole_file import write_whole

Row = dict[str, Any]
MANY = 500  # rows from which on further processes are worth their start
A_UNIT = 32  # rows that a worker elsewhere is handed at once


def rescore(run: Path, *, jobs: int | None = 1, scheduler: str | None = None) -> Row:
    """Write the run's scores and summary anew and return the summary.

    `jobs` processes share the work (None: as many as there are cores, where there are rows enough), or the workers of a
    Dask scheduler. Raises RunInvalid where there is no run, WorkerDiffers, SchedulerUnavailable and SchedulerLost; then
    the run is as it was.
    """
    rows = read_rows(run)
    described = read_description(run)
    stage = described["stage"]
    cases = cases_of(run)
    sound = ((row, cases.get(row["case_number"])) for row in rows if not row.get("error"))
    processes = jobs or (cores() if len(rows) >= MANY else 1)
    opener = partial(open_scoring, stage, metrics_version())
    scores = iter(list(in_turn(opener, sound, jobs=processes, scheduler=scheduler, a_unit=A_UNIT)))
    scored = [row if row.get("error") else row | {"scores": next(scores)} for row in rows]
    summary = summarise(scored, stage=stage)
    write_whole(run / RESULTS, "".join(map(row_line, scored)))
    write_whole(run / RUN, indented(described | {"metrics": metrics_version()}))
    write_whole(run / SUMMARY, indented(summary))
    return summary


def open_scoring(stage: str, version: str) -> Callable[[tuple[Row, EvalCase | None]], Row | None]:
    """The scores of a row, as each process opens them once. Raises WorkerDiffers where its scoring code is another."""
    if metrics_version() != version:
        raise WorkerDiffers("A worker of the scheduler scores by other code; give it the same release of the program.")
    return lambda scored: score(scored[0], stage=stage, case=scored[1])


def cases_of(run: Path) -> Mapping[str, EvalCase]:
    """The cases that lie with a run; none where it was made before they did."""
    if not (run / DATASET).exists():
        return {}
    return {case.case_id: case for case in read_dataset(run / DATASET).cases}
