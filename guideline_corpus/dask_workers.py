"""Work shared among the workers of a Dask scheduler: units go out ahead, results come back in the order of the inputs.

A unit is small, writes nothing, and may be done twice: when a worker is lost its units are done again elsewhere, and
only they. What every unit needs is sent to each worker once, and can be sent again when those that held it are gone. No
more than `AHEAD` units a thread are under way, so that the scheduler's memory does not grow with the number of inputs.
A scheduler that goes away, or stays without workers, is one sentence and no result more (all of it proved by
tests/integration/test_dask_workers.py). Inputs are sealed on their way and an error comes back as a result, so that
nothing of an input is in Dask's logs.

It stands in the lowest package because all three programs share work.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from time import monotonic
from types import TracebackType
from typing import Any, Generic, NamedTuple, TypeVar

from guideline_corpus.errors import SchedulerLost, SchedulerUnavailable

Input = TypeVar("Input")
Result = TypeVar("Result")
Opener = Callable[[], Callable[[Input], Result]]
AHEAD = 4  # units under way for each thread of a worker
SENT_AGAIN = 3  # how often a unit goes out once more after Dask gave it up: each time it had lost its workers
WAIT_SECONDS = 10  # for the scheduler to answer, and for a first worker
WITHOUT_WORKERS_SECONDS = 60  # how long a run waits for a worker when all are gone
_LOGS = (
    "distributed",
    "distributed.client",
    "tornado",
    "tornado.application",
    "asyncio",
)  # with levels of their own
LOOK_SECONDS = 1  # between two looks at how many workers there are


class DaskWorkers(Generic[Input, Result]):
    """The workers of a scheduler, each of which opens its work once. Used as a context.

    `opener` is a function of a module that the workers have, or a `functools.partial` of one; it, the inputs and the
    results are pickled. Raises SchedulerUnavailable where nobody answers at the address, or where there is no worker.
    """

    def __init__(self, opener: Opener[Input, Result], *, scheduler: str) -> None:
        self._scheduler = scheduler
        self._client = _connected(scheduler)
        packed = pickle.dumps(opener)
        self._name = hashlib.sha256(packed).hexdigest()
        # A task and no scattered data: what its worker held is made again from the scheduler's own copy.
        self._held = self._client.submit(_Sealed, packed, pure=False)
        self._looked, self._threads = 0.0, 1

    def __enter__(self) -> DaskWorkers[Input, Result]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close(timeout=LOOK_SECONDS)

    def results(self, inputs: Iterable[Input], *, a_unit: int = 1) -> Iterator[Result]:
        """The result of each input, in order, `a_unit` inputs to a unit. Raises what the work raised, SchedulerLost."""
        coming = iter(inputs)
        units = iter(lambda: list(islice(coming, a_unit)), [])
        waiting = deque(map(self._sent, islice(units, self._ahead())))
        while waiting:
            yield from self._results_of(waiting.popleft())
            waiting.extend(map(self._sent, islice(units, max(0, self._ahead() - len(waiting)))))

    def result(self, one: Input) -> Result:
        """The result of one input; may be asked by several threads at once. Raises as `results` does."""
        return self._results_of(self._sent([one]))[0]

    @property
    def threads(self) -> int:
        """Of all workers together, as they are now."""
        if monotonic() - self._looked > LOOK_SECONDS:
            self._looked, self._threads = monotonic(), sum(self._client.nthreads().values())
        return self._threads

    def _ahead(self) -> int:
        try:
            return AHEAD * max(1, self.threads)
        except (OSError, TimeoutError):
            raise self._lost() from None

    def _sent(self, unit: Sequence[Input], *, again: int = 0) -> _Sent:
        sealed = _Sealed(pickle.dumps(unit))
        return _Sent(unit, self._client.submit(_done, sealed, self._held, self._name, pure=False), again)

    def _results_of(self, sent: _Sent) -> list[Result]:
        from distributed import CancelledError, KilledWorker

        try:
            results = self._awaited(sent.future)
        except KilledWorker:
            if sent.again == SENT_AGAIN:
                raise SchedulerLost(
                    "A unit of work lost its worker again and again: what it reads may be too much for a worker's "
                    f"memory. Give the workers of {self._scheduler} more, or leave out --scheduler."
                ) from None
            return self._results_of(self._sent(sent.unit, again=sent.again + 1))
        except (CancelledError, OSError):
            raise self._lost() from None
        sent.future.release()
        if isinstance(results, _Raised):
            raise results.error
        made: list[Result] = results
        return made

    def _awaited(self, future: Any) -> Any:
        """What a future gives, however long it takes, as long as there is a worker to give it."""
        since = monotonic()
        while True:
            try:
                return future.result(timeout=LOOK_SECONDS)
            except TimeoutError:
                if self.threads:
                    since = monotonic()
                elif monotonic() - since > WITHOUT_WORKERS_SECONDS:
                    raise SchedulerLost(
                        f"The Dask scheduler at {self._scheduler} has lost its last worker; start one with `dask "
                        f"worker {self._scheduler}` and give the command again."
                    ) from None

    def _lost(self) -> SchedulerLost:
        return SchedulerLost(
            f"The Dask scheduler at {self._scheduler} went away before the work was done; start it and give the "
            "command again, or leave out --scheduler."
        )


def _connected(scheduler: str) -> Any:
    try:
        import dask
        from distributed import Client
    except ImportError:
        raise SchedulerUnavailable(
            "--scheduler needs Dask, which is not installed; run `pip install imr-drafter[scale]`."
        ) from None
    for name in _LOGS:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is said here, once
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GiB"})  # a corpus goes out once
    try:
        client: Any = Client(scheduler, timeout=WAIT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        raise SchedulerUnavailable(
            f"No Dask scheduler answers at {scheduler} ({type(error).__name__}); start it, or leave out --scheduler."
        ) from None
    try:
        client.wait_for_workers(1, timeout=WAIT_SECONDS)
    except (OSError, TimeoutError):
        client.close(timeout=LOOK_SECONDS)
        raise SchedulerUnavailable(
            f"The Dask scheduler at {scheduler} has no worker; start one with `dask worker {scheduler}`."
        ) from None
    return client


class _Sent(NamedTuple):
    """A unit that is under way. `again`: how often it went out once more."""

    unit: Sequence[Any]
    future: Any
    again: int


class _Sealed:
    """Bytes that no log shows."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __repr__(self) -> str:
        return f"<{len(self.content)} bytes>"


class _Raised(NamedTuple):
    """What the work of a unit raised."""

    error: Exception


_opened: dict[str, Callable[[Any], Any]] = {}
_opening = threading.Lock()


def _done(sealed: _Sealed, held: _Sealed, name: str) -> list[Any] | _Raised:
    """One unit, on a worker, whose process opens the work once."""
    try:
        with _opening:
            if name not in _opened:
                _opened.clear()
                _opened[name] = pickle.loads(held.content)()  # our own scheduler's bytes
            work = _opened[name]
        return [work(one) for one in pickle.loads(sealed.content)]
    except Exception as error:  # noqa: BLE001 - whoever asked is told
        return _Raised(_portable(error))


def _portable(error: Exception) -> Exception:
    """The error as it can be sent."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001 - not every error can travel
        return RuntimeError(f"a worker failed with {type(error).__name__}")
    return error
