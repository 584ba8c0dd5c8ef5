"""How the units of a run are carried out: here, in processes, by workers of a Dask scheduler, or as calls alone where
only replies are wanted.

Nothing that drafts, searches or checks is loaded by the process that asks and writes: it is imported by whoever works.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from math import ceil
from typing import Any

from drafter.bootstrap import App
from evals.asking import AskedReplies, Stopped, Told
from evals.dataset import EvalCase
from evals.plan import RunPlan
from evals.prepared import PreparedPrompts, read_request
from evals.reply_rows import refused_row, reply_row
from evals.run_folder import row_line
from evals.workers import Done, Opener, Unit, Workers, in_process

Row = dict[str, Any]
More = Callable[[], bool]


@contextmanager
def ended_units(
    plan: RunPlan,
    cases: Sequence[EvalCase],
    units: Sequence[Unit],
    *,
    app: App | None,
    asked: AskedReplies | None,
    more: More,
) -> Iterator[Iterator[Done]]:
    """The units as they end; none is begun once `more()` is False. Leaving the context ends what works on them."""
    if plan.scheduler is not None:
        from evals.elsewhere import units_elsewhere

        with units_elsewhere(plan, cases, units, asked=asked, more=more) as ended:
            yield ended
        return
    opener: Opener = partial(open_lines, plan, app)
    ask = asked.ask if asked is not None else _nobody
    if app is not None or (plan.processes == 1 and not plan.remote):
        yield in_process(opener, cases, units, ask=ask, more=more)
        return
    processes = max(1, min(plan.processes, len(units)))
    threads = ceil(plan.at_once / processes) + 1 if plan.remote else 1
    with Workers(opener, cases, processes=processes, threads=threads, ask=ask) as workers:
        yield workers.work(units, more=more)


def open_lines(plan: RunPlan, app: App | None, ask: Callable[..., Told]) -> Callable[[EvalCase, int], list[str]]:
    """What a worker does with a case: its rows as lines. Raises what opening the stage raises."""
    from evals.stages import open_stage

    rows = open_stage(plan, app or plan.app(), ask=ask)
    return lambda case, repeat: [row_line(row) for row in rows(case, repeat)]


def open_prompts(plan: RunPlan, ask: Callable[..., Told]) -> Callable[[EvalCase, int], list[str]]:
    """What a worker does with a case of which only the prompts are wanted."""
    from evals.preparing import prepare

    return prepare(plan)


@contextmanager
def replied_units(
    plan: RunPlan,
    prepared: PreparedPrompts,
    lines: Sequence[str],
    cases: Sequence[EvalCase],
    units: Sequence[Unit],
    *,
    asked: AskedReplies,
    more: More,
) -> Iterator[Iterator[Done]]:
    """The units of the stage `reply` as they end: prompts from where they are kept, else from workers; then calls.

    `lines` are the cases as the dataset holds them.
    """
    held = {unit: prepared.held(lines[unit.at]) for unit in units}
    missing = [unit for unit in units if held[unit] is None]
    replies = _Replies(plan, cases, asked)
    first = {unit.at: unit for unit in missing}  # prompts are the same for every repeat
    with replies:
        for unit in units:
            if (prompts := held[unit]) is not None:
                replies.submit(unit, prompts)
        if not missing:
            yield replies.ended(len(units))
            return
        with _prepared_units(plan, cases, list(first.values()), more=more) as ended:

            def prepare() -> None:
                try:
                    for done in ended:
                        prompts = prepared.keep(lines[done.unit.at], done.lines or ())
                        for unit in (unit for unit in missing if unit.at == done.unit.at):
                            replies.submit(unit, prompts)
                    replies.leave_out(missing)
                except BaseException as error:  # noqa: BLE001 - whoever waits for the units says it
                    replies.fail(error)

            threading.Thread(target=prepare, daemon=True).start()
            yield replies.ended(len(units))


@contextmanager
def _prepared_units(
    plan: RunPlan, cases: Sequence[EvalCase], units: Sequence[Unit], *, more: More
) -> Iterator[Iterator[Done]]:
    """The units with their prompts for lines, as they end."""
    if plan.scheduler is not None:
        from evals.elsewhere import units_elsewhere

        with units_elsewhere(plan, cases, units, asked=None, more=more) as ended:
            yield ended
        return
    processes = min(plan.processes, len(units))
    with Workers(partial(open_prompts, plan), cases, processes=processes, threads=1, ask=_nobody) as workers:
        yield workers.work(units, more=more)


class _Replies:
    """Units whose prompts are known, asked item by item; a unit has ended when all its items have."""

    def __init__(self, plan: RunPlan, cases: Sequence[EvalCase], asked: AskedReplies) -> None:
        self._seed = plan.seed
        self._cases = cases
        self._asked = asked
        self._pool = ThreadPoolExecutor(max_workers=plan.at_once)
        self._results: queue.SimpleQueue[Done | BaseException] = queue.SimpleQueue()
        self._rows: dict[Unit, dict[int, Row | str]] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> _Replies:
        return self

    def __exit__(self, *told: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, unit: Unit, prompts: Sequence[Row]) -> None:
        self._rows[unit] = {}
        for prompt in prompts:
            self._pool.submit(self._reply, unit, prompt, len(prompts))

    def leave_out(self, units: Sequence[Unit]) -> None:
        """Those of these units that were not submitted are not going to be."""
        for unit in units:
            if unit not in self._rows:
                self._results.put(Done(unit, None, "interrupted"))

    def fail(self, error: BaseException) -> None:
        self._results.put(error)

    def ended(self, count: int) -> Iterator[Done]:
        """As many units as were, or will be, submitted."""
        for _ in range(count):
            result = self._results.get()
            if isinstance(result, BaseException):
                raise result
            yield result

    def _reply(self, unit: Unit, prompt: Row, of: int) -> None:
        try:
            row: Row | str = self._row(self._cases[unit.at].case_id, prompt, unit.repeat)
        except Stopped as stopped:
            row = str(stopped)
        except BaseException as error:  # noqa: BLE001 - whoever waits for the units says it
            self.fail(error)
            return
        with self._lock:
            rows = self._rows[unit]
            rows[prompt["item"]] = row
            if len(rows) < of:
                return
        whole = [row for _, row in sorted(rows.items()) if not isinstance(row, str)]
        why = next((row for row in rows.values() if isinstance(row, str)), "")
        self._results.put(Done(unit, None, why) if why else Done(unit, [row_line(row) for row in whole]))

    def _row(self, case_id: str, prompt: Row, repeat: int) -> Row:
        if "refused" in prompt:
            return refused_row(case_id, prompt["item"], prompt["refused"], repeat=repeat)
        request = read_request(prompt, seed=None if self._seed is None else self._seed + repeat)
        return reply_row(case_id, request, self._asked.ask(request, repeat=repeat), repeat=repeat)


def _nobody(*told: Any, **named: Any) -> Told:
    raise RuntimeError("this stage asks nobody")
