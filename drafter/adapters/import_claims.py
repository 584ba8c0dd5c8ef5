"""Which process of the desk reads an import: a lock in a folder of the home, which all processes share.

The system lets go of it when the process ends, however it ends; no clock and no sign of life is needed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
import weakref
from datetime import UTC, datetime
from pathlib import Path

from drafter.domain.review.imports import Import
from drafter.errors import StoreUnavailable

_CLAIM = "claim"


class ImportClaims:
    """Below `folder`, one folder an import, readable to the owner alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, int] = {}
        self._turn = threading.Lock()
        weakref.finalize(self, _close, self._held)

    def take(self, import_id: str) -> bool:
        """Whether the import is now this process's, and was nobody's before. Raises StoreUnavailable."""
        with self._turn:
            if import_id in self._held:
                return False
            place = self._folder / import_id
            try:
                place.mkdir(parents=True, exist_ok=True, mode=0o700)
                held = os.open(place / _CLAIM, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError:
                raise StoreUnavailable("The folder for imports cannot be written to; nothing was begun.") from None
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(held)
                return False
            self._held[import_id] = held
            return True

    def may_go(self, import_id: str, batch: Import | None, *, before: datetime) -> bool:
        """Whether the import can be taken away: it ended before then, or it has no list, nobody has touched its folder
        since, and it is this process's now. What was touched later stays: whoever begins an import makes the folder
        first, and has no lock for a moment. Raises StoreUnavailable."""
        if batch is not None:
            return batch.finished and batch.at < before
        place = self._folder / import_id
        try:
            place.mkdir(parents=True, exist_ok=True, mode=0o700)  # what only an object store knows counts from now on
            touched = datetime.fromtimestamp(place.stat().st_mtime, tz=UTC)
        except FileNotFoundError:
            return False  # another process takes it away now
        except OSError:
            raise StoreUnavailable("The folder for imports cannot be written to; nothing was begun.") from None
        return touched < before and self.take(import_id)

    def let_go(self, import_id: str) -> None:
        with self._turn:
            if (held := self._held.pop(import_id, None)) is not None:
                os.close(held)

    def let_go_of_all(self) -> None:
        for import_id in list(self._held):
            self.let_go(import_id)

    def forget(self, import_id: str) -> None:
        """Takes away what is left of an import that nobody reads any more."""
        shutil.rmtree(self._folder / import_id, ignore_errors=True)
        self.let_go(import_id)


def _close(held: dict[str, int]) -> None:
    for file in held.values():
        os.close(file)
