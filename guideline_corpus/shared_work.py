"""Units of work in turn: here, in processes of this machine, or by the workers of a Dask scheduler; the same results.

Whoever asks for the results gets them in the order of the inputs and is the only one who writes; a unit is a function
of its input and of what was opened for it. Results are handed on as their turn comes and then forgotten, so that memory
does not grow with their number.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

Input = TypeVar("Input")
Result = TypeVar("Result")
Opener = Callable[[], Callable[[Input], Result]]
AHEAD = 4  # inputs handed to each process before its results are asked for


def in_turn(
    opener: Opener[Input, Result],
    inputs: Iterable[Input],
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    a_unit: int = 1,
) -> Iterator[Result]:
    """The result of each input, in order. `opener` is called once in each process and gives the work.

    `jobs` processes of this machine share it, or the workers of the Dask scheduler at an address, who are handed
    `a_unit` inputs at a time. Raises what the work raises, SchedulerUnavailable and SchedulerLost.
    """
    if scheduler is not None:
        from guideline_corpus.dask_workers import DaskWorkers

        with DaskWorkers(opener, scheduler=scheduler) as workers:
            yield from workers.results(inputs, a_unit=a_unit)
    elif jobs <= 1:
        yield from map(opener(), inputs)
    else:
        yield from _by_processes(opener, inputs, jobs)


def _by_processes(opener: Opener[Input, Result], inputs: Iterable[Input], jobs: int) -> Iterator[Result]:
    from concurrent.futures import ProcessPoolExecutor  # loaded where there is a second process

    coming = iter(inputs)
    with ProcessPoolExecutor(
        max_workers=jobs, mp_context=_context(), initializer=_open, initargs=(opener,)
    ) as processes:
        waiting = deque(processes.submit(_work, one) for one in islice(coming, jobs * AHEAD))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(processes.submit(_work, one) for one in islice(coming, 1))


_opened: Callable[[Any], Any] | None = None


def _open(opener: Opener[Any, Any]) -> None:
    global _opened  # noqa: PLW0603 - each process opens the work once, not for each input
    _opened = opener()


def _work(one: Any) -> Any:
    if _opened is None:
        raise RuntimeError("a process was not prepared")
    return _opened(one)


def _context() -> Any:
    """Fork where the system has it: the processes then share what was loaded before."""
    import multiprocessing

    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("fork" if "fork" in methods else "spawn")
