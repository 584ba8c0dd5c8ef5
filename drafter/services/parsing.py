"""Reads many inputs: one result each, in order, by one process, by several or by the workers of a Dask scheduler."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from drafter.domain.case import Case
from drafter.domain.model import DomainModel
from drafter.errors import DrafterError, PasswordNeeded
from drafter.services.intake import read_cases
from guideline_corpus.shared_work import in_turn

A_UNIT = 8  # inputs that a worker elsewhere is handed at once


class Parsed(DomainModel):
    """The cases of one input, and the sentence that says why there are no more; `locked`: it needs a password."""

    path: Path
    cases: tuple[Case, ...]
    error: str | None = None
    locked: bool = False


def parse_all(paths: Iterable[Path], *, jobs: int = 1, scheduler: str | None = None) -> Iterator[Parsed]:
    """What each input holds, in order. Raises SchedulerUnavailable and SchedulerLost."""
    return in_turn(partial(open_parsing, Path.cwd()), paths, jobs=jobs, scheduler=scheduler, a_unit=A_UNIT)


def open_parsing(folder: Path) -> Callable[[Path], Parsed]:
    """The reading of one input, which never raises for what is wrong with it. Paths are read from `folder`."""
    return partial(_parsed, folder)


def _parsed(folder: Path, path: Path) -> Parsed:
    cases: list[Case] = []
    try:
        cases.extend(read_cases(folder / path, name=str(path)))
    except DrafterError as error:
        locked = isinstance(error, PasswordNeeded)
        return Parsed(path=path, cases=tuple(cases), error=str(error), locked=locked)
    return Parsed(path=path, cases=tuple(cases))
