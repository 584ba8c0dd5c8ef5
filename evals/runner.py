"""Runs: every finished item is one row, written once; every sum is computed from the rows.

The rows that are missing are the work: case by case, in processes where there is more than one core for it, with the
model asked from one place (`evals/asking.py`) and the rows put down from one place (`evals/run_folder.py`). What is
asked of the machine (how many at once, what may be spent) changes no row, so a run may be resumed with other limits;
another dataset, corpus, model, template, seed or number of repeats is another run and refused
(tests/unit/test_evals_runner.py).
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from drafter.adapters.call_budget import Limits
from drafter.bootstrap import App
from drafter.model_bootstrap import open_calls, open_replies
from evals.asking import AskedReplies, Spending
from evals.dataset import CASES, MANIFEST, Dataset, write_dataset
from evals.execution import ended_units, replied_units
from evals.plan import RunPlan, checked_plan
from evals.prepared import PreparedPrompts
from evals.progress import Progress, Report
from evals.resting import describe
from evals.run_folder import DATASET, REPLIES, SUMMARY, RunFolder, finished_cases, indented
from evals.workers import Done, Unit
from guideline_corpus.errors import SchedulerLost
from guideline_corpus.whole_file import write_whole

Row = dict[str, Any]
DONE, INCOMPLETE, INTERRUPTED = 0, 4, 130
INTERRUPTED_BY_USER = "Interrupted."


class RunEnd(NamedTuple):
    """How a run ended: exit code, the sums where every row is there, and the sentence for the user."""

    exit_code: int
    summary: Row | None
    message: str = ""


def run(
    plan: RunPlan,
    dataset: Dataset,
    *,
    out: Path,
    resume: bool = False,
    app: App | None = None,
    report: Report = lambda progress: None,
) -> RunEnd:
    """Make the rows that `out` lacks. `app` takes the place of the application that the plan would open.

    Raises RunInvalid where `out` holds a run and `resume` is False, or a run of something else; EvalsError for a plan
    that cannot be; and what opening corpus, model and plants raises.
    """
    plan = checked_plan(plan)
    described = describe(plan, dataset, app or plan.app())
    with RunFolder(out) as folder:
        finished = _begin(folder, described, dataset, resume=resume)
        units = [
            Unit(at, repeat)
            for repeat in range(plan.repeats)
            for at, case in enumerate(dataset.cases)
            if (case.case_id, repeat) not in finished
        ]
        if units:
            (out / SUMMARY).unlink(missing_ok=True)
        began_with = plan.repeats * len(dataset.cases) - len(units)
        told = Progress(done=began_with, total=began_with + len(units), began_with=began_with)
        asked = _open_asked(plan, out) if plan.remote and units else None
        why = ""
        with (
            _interruptible(asked) as interrupted,
            _carried_out(
                plan, described, folder, dataset, units, app=app, asked=asked, more=lambda: not interrupted.is_set()
            ) as ended,
        ):
            _load_meanwhile("evals.summary")
            try:
                for done in ended:
                    if done.lines is None:
                        why = why or done.why
                        continue
                    folder.append(done.lines)
                    told = _further(told, done, asked)
                    report(told)
            except SchedulerLost as lost:
                why = why or str(lost)
        return _settled(plan, dataset, folder, told, why=INTERRUPTED_BY_USER if interrupted.is_set() else why)


def _begin(folder: RunFolder, described: Row, dataset: Dataset, *, resume: bool) -> set[tuple[str, int]]:
    """Open the folder; case and repeat of what is finished, all else taken out of it."""
    rows = folder.begin(described, resume=resume)
    items = {case.case_id: [item.number for item in case.case.items] for case in dataset.cases}
    finished = finished_cases(rows, items)
    if described["stage"] == "check" and rows:
        # How many plants a case has is not known here: the last that was written may lack some.
        finished.discard((rows[-1]["case_number"], rows[-1]["repeat"]))
    kept = [row for row in rows if (row["case_number"], row["repeat"]) in finished]
    if len(kept) < len(rows):
        folder.keep(kept)
    if not (folder.path / DATASET / MANIFEST).exists():
        write_dataset(dataset, folder.path / DATASET)
    return finished


def _open_asked(plan: RunPlan, out: Path) -> AskedReplies:
    """Whoever answers the questions of this run. Raises ModelUnavailable where no server is configured."""
    name, settings = plan.model.partition(":")[2], plan.settings
    calls = open_calls(settings, name, at_once=plan.at_once, call_seconds=plan.deadline, plain=True)
    return AskedReplies(
        out / REPLIES,
        calls,
        cache=open_replies(settings, name, calls),
        fresh=plan.fresh,
        spending=Spending(
            at_once=plan.at_once,
            most_calls=plan.most_calls,
            most_cost=plan.most_cost,
            prices=Limits(price_in=settings.price_in, price_out=settings.price_out),
            reply_tokens=settings.reply_tokens,
        ),
    )


def _carried_out(
    plan: RunPlan,
    described: Row,
    folder: RunFolder,
    dataset: Dataset,
    units: Sequence[Unit],
    *,
    app: App | None,
    asked: AskedReplies | None,
    more: Callable[[], bool],
) -> AbstractContextManager[Iterator[Done]]:
    """The units as they end, however they are carried out."""
    if plan.stage == "reply" and asked is not None:
        lines = (folder.path / DATASET / CASES).read_text(encoding="utf-8").split("\n")
        prepared = PreparedPrompts(plan, described)
        return replied_units(plan, prepared, lines, dataset.cases, units, asked=asked, more=more)
    return ended_units(plan, dataset.cases, units, app=app, asked=asked, more=more)


@contextmanager
def _interruptible(asked: AskedReplies | None) -> Iterator[threading.Event]:
    """Ctrl-C sets the event and lets what is under way come to its end; a second one ends the program at once."""
    interrupted = threading.Event()

    def stop(signum: int, frame: object) -> None:
        interrupted.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if asked is not None:
            asked.stop(INTERRUPTED_BY_USER)
        sys.stderr.write("Interrupted: what is under way is finished and kept; Ctrl-C again leaves it.\n")

    if threading.current_thread() is not threading.main_thread():
        yield interrupted
        return
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)
        if asked is not None:
            asked.close()


def _load_meanwhile(module: str) -> None:
    """Load what the end of the run needs while it waits for others: numpy takes longer than many a run's last rows."""
    threading.Thread(target=import_module, args=(module,), daemon=True).start()


def _further(told: Progress, done: Done, asked: AskedReplies | None) -> Progress:
    failed = any('"error": {' in line for line in done.lines or ())
    made, cost = (asked.made, asked.spent) if asked is not None else (0, None)
    return told._replace(done=told.done + 1, errors=told.errors + failed, made=made, cost=cost)


def _settled(plan: RunPlan, dataset: Dataset, folder: RunFolder, told: Progress, *, why: str) -> RunEnd:
    """The end of a run: its sums where every row is there, else what is left and why."""
    left = told.total - told.done
    if why == INTERRUPTED_BY_USER:
        return RunEnd(INTERRUPTED, None, f"Interrupted with {told.done} of {told.total} cases; --resume goes on.")
    if left:
        reason = "Prompts wait for their replies; answer DIR/pending." if why == "pending" else why
        return RunEnd(INCOMPLETE, None, f"{reason} {told.done} of {told.total} cases have rows; --resume goes on.")
    from evals.summary import summarise  # numpy, which takes longer to load than the first rows take to come

    rows = folder.settle({case.case_id: at for at, case in enumerate(dataset.cases)})
    summary = summarise(rows, stage=plan.stage)
    write_whole(folder.path / SUMMARY, indented(summary))
    if errors := sum(summary.get("errors", {}).values()):
        return RunEnd(INCOMPLETE, summary, f"{errors} items have an error for a row; --resume asks for them again.")
    return RunEnd(DONE, summary)
