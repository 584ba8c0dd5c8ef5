"""Units of a run carried out by the workers of a Dask scheduler; who asks a model, and who writes, stays here.

A worker has the home, the dataset's folder and the release of the program that this machine has: what a run rests on is
compared before its first case, and one that has something else is refused. It cannot ask: a case goes out with the
replies that are known, and where one is missing it comes back with its questions. They are asked in the one place of
the run (`evals/asking.py`), and the case goes out again. A worker that is lost has asked nothing and written nothing:
nothing is paid twice and no row comes twice (tests/e2e/test_runs_elsewhere.py).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from drafter.domain.exchange.request import Answer, Request
from drafter.settings import read_settings
from evals.asking import AskedReplies, Stopped, Told
from evals.dataset import EvalCase
from evals.errors import RunInvalid, WorkerDiffers
from evals.plan import RunPlan
from evals.resting import rests_on
from evals.tapped import Pending
from evals.workers import Done, Unit
from guideline_corpus.dask_workers import AHEAD, DaskWorkers

ROUNDS = 8  # of questions of one case; a reply that is sent back for repair is the second
Key = tuple[int, str]  # item, digest of the request
More = Callable[[], bool]


class Sent(NamedTuple):
    """A case on its way to a worker, with the replies that are known."""

    case: EvalCase
    repeat: int
    told: Mapping[Key, Told]


class Returned(NamedTuple):
    """A case on its way back: its lines, or why there are none, or what has to be asked first."""

    lines: list[str] | None
    why: str = ""
    questions: tuple[Request, ...] = ()


@contextmanager
def units_elsewhere(
    plan: RunPlan, cases: Sequence[EvalCase], units: Sequence[Unit], *, asked: AskedReplies | None, more: More
) -> Iterator[Iterator[Done]]:
    """The units as they end; none is begun once `more()` is False. Leaving the context ends what is under way.

    Raises SchedulerUnavailable, SchedulerLost, WorkerDiffers, and what opening or working on a case raises.
    """
    sent = plan.model_copy(update={"settings": plan.settings.without_secrets()} | _absolute(plan))
    here = rests_on(sent, sent.app())
    with DaskWorkers(partial(open_elsewhere, sent, here), scheduler=plan.scheduler or "") as workers:
        if asked is None:
            yield _in_order(workers, cases, units, more)
            return
        with (
            ThreadPoolExecutor(plan.at_once) as asking,
            ThreadPoolExecutor(plan.at_once + AHEAD * workers.threads) as waiting,
        ):
            one = partial(_with_replies, workers, cases, asked=asked, asking=asking, more=more)
            try:
                yield (
                    done
                    for ended in as_completed([waiting.submit(one, unit) for unit in units])
                    if (done := ended.result()) is not None
                )
            finally:
                waiting.shutdown(wait=False, cancel_futures=True)
                asking.shutdown(wait=False, cancel_futures=True)


def _absolute(plan: RunPlan) -> dict[str, Any]:
    """The folders of a plan by paths that mean the same wherever a worker was started."""
    kind, _, place = plan.model.partition(":")
    model = f"{kind}:{Path(place).absolute()}" if kind == "replay" else plan.model
    return {"folder": plan.folder.absolute(), "model": model}


def _in_order(
    workers: DaskWorkers[Sent, Returned], cases: Sequence[EvalCase], units: Sequence[Unit], more: More
) -> Iterator[Done]:
    begun: deque[Unit] = deque()

    def sent() -> Iterator[Sent]:
        for unit in units:
            if not more():
                return
            begun.append(unit)
            yield Sent(cases[unit.at], unit.repeat, {})

    for returned in workers.results(sent()):
        yield Done(begun.popleft(), returned.lines, returned.why)


def _with_replies(
    workers: DaskWorkers[Sent, Returned],
    cases: Sequence[EvalCase],
    unit: Unit,
    *,
    asked: AskedReplies,
    asking: ThreadPoolExecutor,
    more: More,
) -> Done | None:
    """One unit, sent until it asks nothing more; None where it was not begun. Raises RunInvalid where it never ends."""
    told: dict[Key, Told] = {}
    for _ in range(ROUNDS):
        if not told and not more():
            return None
        returned = workers.result(Sent(cases[unit.at], unit.repeat, told))
        if not returned.questions:
            return Done(unit, returned.lines, returned.why)
        try:
            answers = list(asking.map(partial(asked.ask, repeat=unit.repeat), returned.questions))
        except Stopped as stopped:
            return Done(unit, None, str(stopped))
        told |= {_key(question): answer for question, answer in zip(returned.questions, answers, strict=True)}
    raise RunInvalid(
        f"Case {cases[unit.at].case_id} asks something new each time it is drafted; leave out --scheduler."
    )


def open_elsewhere(plan: RunPlan, expected: Mapping[str, Any]) -> Callable[[Sent], Returned]:
    """What a worker does with a case. Raises WorkerDiffers, and what opening the stage raises."""
    own = plan.model_copy(update={"settings": plan.settings.with_secrets_of(read_settings())})
    found = rests_on(own, own.app())
    if other := sorted(name for name in {*expected, *found} if expected.get(name) != found.get(name)):
        raise WorkerDiffers(
            f"A worker of the scheduler has another {', '.join(other)} than this machine; give it the same release of "
            "the program, the same DRAFTER_HOME and the dataset's folder under the same path."
        )
    if own.stage == "draft" and own.remote:
        from evals.stages import Drafting, drafted_lines

        drafting = Drafting(own, own.app(), ask=_nobody)
        return lambda sent: _drafted(partial(drafted_lines, drafting), sent)
    from evals.execution import open_lines, open_prompts

    lines = open_prompts(own, _nobody) if own.stage == "reply" else open_lines(own, None, _nobody)
    return partial(_worked, lines)


def _worked(lines: Callable[[EvalCase, int], list[str]], sent: Sent) -> Returned:
    try:
        return Returned(lines(sent.case, sent.repeat))
    except Pending:
        return Returned(None, "pending")


def _drafted(lines: Callable[..., list[str]], sent: Sent) -> Returned:
    replies = _KnownReplies(sent.told)
    try:
        return Returned(lines(sent.case, sent.repeat, ask=replies.ask))
    except Pending:
        return Returned(None, questions=tuple(replies.questions))


class _KnownReplies:
    """Answers from what a case was sent with, and takes down what else is asked. Safe to be called by many threads."""

    def __init__(self, told: Mapping[Key, Told]) -> None:
        self._told = told
        self._lock = threading.Lock()
        self.questions: list[Request] = []

    def ask(self, request: Request, *, repeat: int) -> Told:
        if (told := self._told.get(_key(request))) is not None:
            return told
        with self._lock:
            self.questions.append(request)
        return Told(Answer(fate="pending", message="It is asked elsewhere."), cached=True, seconds=0.0, cost=None)


def _key(request: Request) -> Key:
    return request.item, request.digest


def _nobody(*told: Any, **named: Any) -> Told:
    raise RuntimeError("this stage asks nobody")
