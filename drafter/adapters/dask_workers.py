"""Work shared among the workers of a Dask scheduler: units go out ahead, results come back in the order of the inputs.

A unit is small, changes nothing, and may be done twice: when a worker is lost its units are done again elsewhere, and
only they. What all units need is sent to each worker once. No more than `AHEAD` units a worker are under way, so that
the scheduler's memory does not grow with the number of inputs (proved by tests/integration/test_dask_workers.py).
"""

from __future__ import annotations

import hashlib
import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from drafter.errors import SchedulerUnavailable

Input = TypeVar("Input")
Result = TypeVar("Result")
AHEAD = 6  # units under way for each worker
LOST_WORKERS = 10  # how often one unit may lose its worker before that is called its fault
WAIT_SECONDS = 10


def in_turn(
    work: Callable[[Input, Any], Result], inputs: Iterable[Input], *, shared: object, scheduler: str
) -> Iterator[Result]:
    """`work(input, shared)` of every input, in order. Raises SchedulerUnavailable where nobody answers at the address.

    `work` is a function of a module that the workers have; inputs, `shared` and results are pickled.
    """
    import dask
    from distributed import Client

    with dask.config.set({"distributed.scheduler.allowed-failures": LOST_WORKERS}):
        try:
            client = Client(scheduler, timeout=WAIT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise SchedulerUnavailable(
                f"No Dask scheduler answers at {scheduler} ({type(error).__name__}); start it, "
                "or leave out --scheduler."
            ) from None
        with client:
            yield from _results(client, work, inputs, shared)


def _results(
    client: Any, work: Callable[[Input, Any], Result], inputs: Iterable[Input], shared: object
) -> Iterator[Result]:
    packed = pickle.dumps(shared)
    name = hashlib.sha256(packed).hexdigest()
    held = client.scatter(packed, broadcast=True, hash=False)
    waiting: deque[Any] = deque()
    coming = iter(inputs)

    def send(many: int) -> None:
        waiting.extend(
            client.submit(_unit, work, one, held, name, pure=False, retries=LOST_WORKERS)
            for one in islice(coming, many)
        )

    send(AHEAD * max(1, len(client.scheduler_info()["workers"])))
    while waiting:
        first = waiting.popleft()
        yield first.result()
        first.release()
        send(1)


_unpacked: dict[str, object] = {}


def _unit(work: Callable[[Input, Any], Result], one: Input, packed: bytes, name: str) -> Result:
    """One unit, on a worker. What is shared is unpacked once a process."""
    if name not in _unpacked:
        _unpacked.clear()
        _unpacked[name] = pickle.loads(packed)  # our own scheduler's bytes
    return work(one, _unpacked[name])
