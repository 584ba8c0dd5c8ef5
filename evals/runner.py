"""Runs: every finished item is one row, written once; every sum is computed from the rows.

    <run>/run.json       what the run rested on: dataset, stage, model, prompt, corpus, program
    <run>/dataset/       the cases themselves, so that a run is scored again and reported without anything else
    <run>/results.jsonl  one row an item, in the order of the dataset
    <run>/summary.json   computed from the rows and nothing else

A run that was cut off is resumed by case: a case whose rows are all there is not run again, and a half-written last
line is dropped. Resuming with other settings is refused (tests/unit/test_evals_runner.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Literal

from drafter.bootstrap import App
from evals.check_stage import check_rows
from evals.dataset import Dataset, EvalCase, write_dataset
from evals.errors import RunInvalid
from evals.metrics.spans import SectionSpans
from evals.metrics_version import metrics_version
from evals.plants.model import plants_version
from evals.stages import draft_rows, retrieve_rows
from evals.summary import summarise

Stage = Literal["retrieve", "draft", "check"]
Row = dict[str, Any]
RUN, RESULTS, SUMMARY, DATASET = "run.json", "results.jsonl", "summary.json", "dataset"


def run_stage(
    app: App,
    dataset: Dataset,
    *,
    folder: Path,
    stage: Stage,
    out: Path,
    resume: bool,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Row:
    """Run the stage over every case and return the summary. `folder` is where the dataset, and its plants, lie.

    Raises RunInvalid where `out` holds a run and `resume` is False, or a run of something else.
    """
    rows_of = _stage_rows(app, folder, stage=stage)
    described = describe(app, dataset, stage=stage, plants=plants_version(folder) if stage == "check" else None)
    finished = _open_run(out, described, resume=resume)
    write_dataset(dataset, out / DATASET)
    with (out / RESULTS).open("a", encoding="utf-8") as results:
        for done, case in enumerate(dataset.cases, start=1):
            if case.case_id not in finished:
                rows = list(rows_of(case))
                results.write("".join(_line(row) for row in rows))
                results.flush()
            report(done, len(dataset.cases))
    summary = summarise(read_rows(out), stage=stage)
    _write_json(out / SUMMARY, summary)
    return summary


def describe(app: App, dataset: Dataset, *, stage: Stage, plants: str | None = None) -> Row:
    """What a run rests on; two runs with the same description give the same rows."""
    rests_on = {"dataset": dataset.manifest.version, "stage": stage, "metrics": metrics_version()}
    rests_on |= asdict(app.provenance())
    return rests_on | ({"plants": plants} if plants else {})


def _stage_rows(app: App, folder: Path, *, stage: Stage) -> Callable[[EvalCase], Iterator[Row]]:
    if stage == "check":
        return check_rows(folder, home=app.settings.home, vocabulary=app.vocabulary)
    if stage == "retrieve":
        return partial(retrieve_rows, app, SectionSpans(app.guidelines.passages))
    return partial(draft_rows, app)


def read_rows(out: Path) -> list[Row]:
    """The rows of a run. Raises RunInvalid where there is none."""
    try:
        text = (out / RESULTS).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise RunInvalid(f"{out} holds no run; make one with `evals run DATASET --out {out}`") from None
    return [json.loads(line) for line in text.split("\n") if line]


def read_summary(out: Path) -> Row:
    """The sums of a finished run. Raises RunInvalid where there is none."""
    try:
        summary: Row = json.loads((out / SUMMARY).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        raise RunInvalid(f"{out} holds no finished run; make one with `evals run DATASET --out {out}`") from None
    return summary


def _open_run(out: Path, described: Row, *, resume: bool) -> set[str]:
    """Prepare the folder; the ids of cases that are finished already."""
    if not (out / RUN).exists():
        out.mkdir(parents=True, exist_ok=True)
        _write_json(out / RUN, described)
        (out / RESULTS).write_text("", encoding="utf-8")
        return set()
    if not resume:
        raise RunInvalid(f"{out} already holds a run; add --resume to finish it, or name another folder")
    if json.loads((out / RUN).read_text(encoding="utf-8")) != described:
        raise RunInvalid(f"{out} holds a run of another dataset, corpus or setting; name another folder")
    return _keep_whole_cases(out / RESULTS)


def _keep_whole_cases(results: Path) -> set[str]:
    """Drop a half-written last case: rows of one case are written together, so only the last can be cut."""
    rows = list(_whole_rows(results.read_text(encoding="utf-8")))
    if rows:
        last = rows[-1]["case_number"]
        rows = [row for row in rows if row["case_number"] != last]
    results.write_text("".join(_line(row) for row in rows), encoding="utf-8")
    return {row["case_number"] for row in rows}


def _whole_rows(text: str) -> Iterable[Row]:
    for line in filter(None, text.split("\n")):
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            return


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n"


def _write_json(path: Path, content: Row) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
