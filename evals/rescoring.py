"""A finished run scored again from its rows: no model, no search, the same bytes each time.

Until its end the run is as it was. Scores are put down as they come, in a file of their own that is gone when they are
in the rows; a program that is stopped, or loses its workers, goes on after the last whole line of it, as long as rows,
cases and scoring code are the same (tests/unit/test_rescoring.py, tests/e2e/test_runs_elsewhere.py).

The drafts and search results stay as they were; scores, the version of the scoring code and the summary are made anew.
Rows of the check stage hold findings that were compared with a letter: they are summed again, and their counts stay.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    RunFolder,
    indented,
    read_description,
    read_rows,
    row_line,
    said_of,
    whole_lines,
)
from evals.summary import summarise
from guideline_corpus.shared_work import in_turn
from guideline_corpus.whole_file import write_whole

Row = dict[str, Any]
Scored = tuple[Row, EvalCase | None]
SCORES = "scores.part"
MANY = 500  # rows from which on further processes are worth their start
A_UNIT = 32  # rows that a worker elsewhere is handed at once


def rescore(run: Path, *, jobs: int | None = 1, scheduler: str | None = None) -> Row:
    """Write the run's scores and summary anew and return the summary.

    `jobs` processes share the work (None: as many as there are cores, where there are rows enough), or the workers of a
    Dask scheduler. Raises RunInvalid where there is no run or another program writes it, WorkerDiffers,
    SchedulerUnavailable and SchedulerLost; then the run is as it was.
    """
    described = read_description(run)
    with RunFolder(run):
        rows = read_rows(run)
        cases = cases_of(run)
        sound = [(row, cases.get(row["case_number"])) for row in rows if not row.get("error")]
        opener = partial(open_scoring, described["stage"], metrics_version())
        processes = jobs or (cores() if len(rows) >= MANY else 1)
        more = partial(in_turn, opener, jobs=processes, scheduler=scheduler, a_unit=A_UNIT)
        scores = iter(_scores(run, sound, more=more))
        scored = [row if row.get("error") else row | {"scores": next(scores)} for row in rows]
        summary = summarise(scored, stage=described["stage"])
        write_whole(run / RESULTS, "".join(map(row_line, scored)))
        write_whole(run / RUN, indented(described | {"metrics": metrics_version()}))
        write_whole(run / SUMMARY, indented(summary))
        (run / SCORES).unlink(missing_ok=True)
    return summary


def _scores(
    run: Path, sound: Sequence[Scored], *, more: Callable[[Iterable[Scored]], Iterable[Row | None]]
) -> list[Any]:
    """The scores of the rows: those that were put down, then `more`, each put down as it comes."""
    file, rests_on = run / SCORES, {"rests_on": _fingerprint(sound)}
    with said_of(run):
        if not file.exists() or (file.read_bytes().partition(b"\n")[0] + b"\n").decode() != row_line(rests_on):
            file.write_text(row_line(rests_on), encoding="utf-8")
        whole_lines(file)
        kept = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()[1:]]
    left = sound[len(kept) :]
    with file.open("a", encoding="utf-8") as put_down:
        for score_of in more(left) if left else ():
            put_down.write(json.dumps(score_of, ensure_ascii=False, sort_keys=True) + "\n")
            put_down.flush()
            kept.append(score_of)
    return kept


def _fingerprint(sound: Sequence[Scored]) -> str:
    """Of what scores are made of: the rows without those they have, their cases, and the scoring code."""
    told = hashlib.sha256(metrics_version().encode())
    for row, case in sound:
        told.update(row_line({name: value for name, value in row.items() if name != "scores"}).encode())
        told.update(case.model_dump_json().encode() if case else b"none")
    return told.hexdigest()


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
