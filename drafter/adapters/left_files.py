"""Files of the home that are past their time: calls of a model, replies that were kept, imports that ended."""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from drafter.adapters.import_folder import ImportFolder
from drafter.domain.leftovers import Amount, LeftoverKind
from drafter.ports import Clock

IMPORT_KEPT = timedelta(days=1)


class FilesPastTheirTime(ABC):
    """See `drafter.services.cleaning.Leftover`. A file that goes away meanwhile is no fault."""

    kind: LeftoverKind
    kept: str

    def past(self) -> Amount:
        return sum((_amount(place) for place in self.places()), Amount())

    def remove(self) -> Amount:
        removed = Amount()
        for place in list(self.places()):
            removed += _amount(place)
            if place.is_dir():
                shutil.rmtree(place, ignore_errors=True)
            else:
                place.unlink(missing_ok=True)
        return removed

    @abstractmethod
    def places(self) -> Iterable[Path]:
        """Files, or folders that go with all that is in them."""


class OldCalls(FilesPastTheirTime):
    """The log of calls, a file a day, by the day of its name. The sum of today is read from today's file alone."""

    kind: LeftoverKind = "calls"

    def __init__(self, folder: Path, *, days: int, clock: Clock) -> None:
        self.kept = f"{days} days"
        self._folder, self._before = folder, clock.today() - timedelta(days=days)

    def places(self) -> Iterator[Path]:
        for file in sorted(self._folder.glob("*.jsonl")):
            try:
                if date.fromisoformat(file.stem) < self._before:
                    yield file
            except ValueError:
                continue  # not one of ours


class OldReplies(FilesPastTheirTime):
    """Replies of a model, kept so that the same request costs nothing, by the time they were written."""

    kind: LeftoverKind = "replies"

    def __init__(self, folder: Path, *, days: int, clock: Clock) -> None:
        self.kept = f"{days} days"
        self._folder, self._before = folder, clock.now() - timedelta(days=days)

    def places(self) -> Iterator[Path]:
        return (file for file in sorted(self._folder.rglob("*.json")) if _written(file) < self._before)


class OldImports(FilesPastTheirTime):
    """Imports that ended, and what is left of any that never began. One under way stays, whatever its age."""

    kind: LeftoverKind = "imports"
    kept = "1 day"

    def __init__(self, folder: Path, *, clock: Clock) -> None:
        self._folder, self._imports, self._before = folder, ImportFolder(folder), clock.now() - IMPORT_KEPT

    def places(self) -> Iterator[Path]:
        for place in sorted(self._folder.iterdir()) if self._folder.is_dir() else ():
            batch = self._imports.load(place.name)
            if batch is None:
                if _written(place) < self._before:
                    yield place
            elif batch.finished and batch.at < self._before:
                yield place


def _amount(place: Path) -> Amount:
    files = [place] if place.is_file() else [file for file in place.rglob("*") if file.is_file()]
    return Amount(count=1, bytes=sum(file.stat().st_size for file in files))


def _written(place: Path) -> datetime:
    return datetime.fromtimestamp(place.stat().st_mtime, tz=UTC)
