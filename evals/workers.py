"""Units of work in processes of their own, so that cores are used; whoever is asked stays in the parent.

A worker opens its stage once and then works on one case (or, where it waits for a model, on several) at a time. What it
needs to ask goes through its pipe to the parent, where the run's replies, limits and calls are in one place; its rows
come back as the lines that will be written. A worker that loses its parent ends; a parent that loses a worker says so.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import pickle
import queue
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, NamedTuple

from drafter.domain.exchange.request import Request
from evals.asking import Stopped, Told
from evals.dataset import EvalCase
from evals.errors import WorkerLost
from evals.tapped import Pending

# A worker: given how to ask, opens its stage and gives the function from case and repeat to lines.
Opener = Callable[[Callable[..., Told]], Callable[[EvalCase, int], list[str]]]
Asks = Callable[..., Told]


class Unit(NamedTuple):
    """A case, by its place in the dataset, and the how-manieth time it is run."""

    at: int
    repeat: int


class Done(NamedTuple):
    """A unit that ended: its lines, or None with why (`pending`: replies are to come, `stopped`: no call is made)."""

    unit: Unit
    lines: list[str] | None
    why: str = ""


def in_process(
    opener: Opener, cases: Sequence[EvalCase], units: Sequence[Unit], *, ask: Asks, more: Callable[[], bool]
) -> Iterator[Done]:
    """The units one after another, here; none is begun once `more()` is False."""
    rows = opener(ask)
    for unit in units:
        if not more():
            return
        yield _done(rows, cases, unit)


def _done(rows: Callable[[EvalCase, int], list[str]], cases: Sequence[EvalCase], unit: Unit) -> Done:
    try:
        return Done(unit, rows(cases[unit.at], unit.repeat))
    except Pending:
        return Done(unit, None, "pending")
    except Stopped as stopped:
        return Done(unit, None, str(stopped))


class Workers:
    """`processes` workers with `threads` cases each under way; leaving the context ends them."""

    def __init__(self, opener: Opener, cases: Sequence[EvalCase], *, processes: int, threads: int, ask: Asks) -> None:
        self._results: queue.SimpleQueue[Done | BaseException] = queue.SimpleQueue()
        self._ahead = threads + 1
        self._workers = [_Worker(opener, cases, threads=threads, results=self._results) for _ in range(processes)]
        for worker in self._workers:
            worker.serve(ask)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for worker in self._workers:
            worker.end()

    def work(self, units: Sequence[Unit], *, more: Callable[[], bool]) -> Iterator[Done]:
        """The units in the order in which they end; none is begun once `more()` is False.

        Raises WorkerLost, and what opening or working on a case raised.
        """
        left, under_way = iter(units), 0
        for worker in itertools.chain.from_iterable(itertools.repeat(self._workers, self._ahead)):
            under_way += self._hand_out(worker, left, more)
        while under_way:
            result = self._results.get()
            under_way -= 1
            if isinstance(result, BaseException):
                raise result
            worker = next(one for one in self._workers if result.unit in one.busy)
            worker.busy.discard(result.unit)
            under_way += self._hand_out(worker, left, more)
            yield result

    def _hand_out(self, worker: _Worker, left: Iterator[Unit], more: Callable[[], bool]) -> int:
        unit = next(left, None) if more() else None
        if unit is None:
            return 0
        worker.hand(unit)
        return 1


class _Worker:
    """The parent's end of a worker: its process, its pipe, and the thread that reads it."""

    def __init__(
        self, opener: Opener, cases: Sequence[EvalCase], *, threads: int, results: queue.SimpleQueue[Any]
    ) -> None:
        context = _context()
        self._pipe, theirs = context.Pipe()
        self.busy: set[Unit] = set()
        self._results = results
        self._sending = threading.Lock()
        self._ending = False
        self._process = context.Process(target=_worker, args=(theirs, self._pipe, opener, cases, threads), daemon=True)
        self._process.start()
        theirs.close()

    def serve(self, ask: Asks) -> None:
        threading.Thread(target=self._read, args=(ask,), daemon=True).start()

    def hand(self, unit: Unit) -> None:
        self.busy.add(unit)
        self._send(("unit", unit))

    def end(self) -> None:
        self._ending = True
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def _send(self, message: tuple[Any, ...]) -> None:
        try:
            with self._sending:
                self._pipe.send(message)
        except OSError:  # it is gone: the reading end says so
            return

    def _read(self, ask: Asks) -> None:
        try:
            while True:
                kind, *told = self._pipe.recv()
                if kind == "ask":
                    threading.Thread(target=self._answer, args=(ask, *told), daemon=True).start()
                else:
                    self._results.put(told[0])
        except (EOFError, OSError, TypeError):
            if not self._ending:
                self._process.join(1)
                code = self._process.exitcode
                self._results.put(WorkerLost(f"A process of the run ended ({code}); go on with --resume."))

    def _answer(self, ask: Asks, number: int, request: Request, repeat: int) -> None:
        try:
            told: Told | BaseException = ask(request, repeat=repeat)
        except BaseException as error:  # noqa: BLE001 - the worker is told, whatever it is
            told = error
        self._send(("told", number, told))


def _worker(pipe: Connection, parents: Connection, opener: Opener, cases: Sequence[EvalCase], threads: int) -> None:
    """What a worker does until its parent closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interruption means
    parents.close()
    sending = threading.Lock()
    waiting: dict[int, Future[Told]] = {}
    numbers = itertools.count()

    def send(*message: Any) -> None:
        with sending:
            pipe.send(message)

    def ask(request: Request, *, repeat: int) -> Told:
        number, told = next(numbers), Future[Told]()
        waiting[number] = told
        send("ask", number, request, repeat)
        try:
            return told.result()
        finally:
            del waiting[number]

    try:
        rows = opener(ask)
    except BaseException as error:  # noqa: BLE001 - the parent says it
        send("done", _told_error(error))
        return

    def work(unit: Unit) -> None:
        try:
            send("done", _done(rows, cases, unit))
        except BaseException as error:  # noqa: BLE001 - the parent says it
            send("done", _told_error(error))

    with ThreadPoolExecutor(max_workers=threads) as pool:
        try:
            while True:
                kind, *told = pipe.recv()
                if kind == "unit":
                    pool.submit(work, told[0])
                elif isinstance(told[1], BaseException):
                    waiting[told[0]].set_exception(told[1])
                else:
                    waiting[told[0]].set_result(told[1])
        except (EOFError, OSError):
            os._exit(0)


def _told_error(error: BaseException) -> BaseException:
    """The error as it can be sent, with the place where it was raised."""
    error.add_note("".join(traceback.format_tb(error.__traceback__)))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001 - not every error can travel
        lost = WorkerLost(f"A process of the run failed with {type(error).__name__}; go on with --resume.")
        return _told_error(lost.with_traceback(error.__traceback__))
    return error


def _context() -> Any:
    """Fork where the system has it: nothing heavy is loaded yet, and the cases need not be sent."""
    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("fork" if "fork" in methods else "spawn")
