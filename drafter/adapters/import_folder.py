"""Files on their way into the record: one folder an import, every file under an id of ours, and a list of what became
of each. The list is replaced whole or not at all, so that a desk that was stopped goes on where it stood."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from drafter.domain.review.imports import Import
from drafter.errors import StorageFull, StoreUnavailable

_ID = re.compile(r"[0-9a-f]{32}")
_CLAIM = "claim"
_LIST = "import.json"


class ImportFolder:
    """Below `folder`, which is made when it is first needed; readable to the owner alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._claims: dict[str, BinaryIO] = {}

    def put(self, import_id: str, file_id: str, content: BinaryIO) -> int:
        """Keeps the bytes of a file; gives their number. Raises StorageFull and StoreUnavailable."""
        try:
            place = self._of(import_id)
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            with (place / _checked(file_id)).open("wb") as kept:
                shutil.copyfileobj(content, kept)
                return kept.tell()
        except OSError as error:
            shutil.rmtree(self._of(import_id), ignore_errors=True)
            raise _fault(error) from error

    def claim(self, import_id: str) -> bool:
        """Whether this process is the one that reads the import, until it lets go of it or ends, however it ends."""
        if import_id in self._claims:
            return False
        place = self._of(import_id)
        try:
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            held = (place / _CLAIM).open("ab")
        except OSError as error:
            raise _fault(error) from error
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            held.close()
            return False
        self._claims[import_id] = held
        return True

    def let_go(self, import_id: str) -> None:
        if held := self._claims.pop(import_id, None):
            held.close()

    def let_go_of_all(self) -> None:
        for import_id in list(self._claims):
            self.let_go(import_id)

    def save(self, batch: Import) -> None:
        """Raises StorageFull and StoreUnavailable."""
        place = self._of(batch.import_id)
        try:
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            new = place / f"{_LIST}.new"
            new.write_text(batch.model_dump_json(), encoding="utf-8")
            os.replace(new, place / _LIST)
        except OSError as error:
            raise _fault(error) from error

    def load(self, import_id: str) -> Import | None:
        if not _ID.fullmatch(import_id):
            return None
        try:
            return Import.model_validate_json((self._of(import_id) / _LIST).read_bytes())
        except (OSError, ValidationError):
            return None

    def file(self, import_id: str, file_id: str) -> Path:
        return self._of(import_id) / _checked(file_id)

    def drop(self, import_id: str, file_id: str) -> None:
        """The bytes are in the record, or refused; the list keeps what became of them."""
        self.file(import_id, file_id).unlink(missing_ok=True)

    def all(self) -> Iterator[Import]:
        if self._folder.is_dir():
            yield from (batch for place in sorted(self._folder.iterdir()) if (batch := self.load(place.name)))

    def forget(self, *, before: datetime) -> None:
        """Imports that ended long ago, and what is left of any that never began."""
        if not self._folder.is_dir():
            return
        for place in self._folder.iterdir():
            batch = self.load(place.name)
            if batch is None or (batch.finished and batch.at < before):
                shutil.rmtree(place, ignore_errors=True)

    def _of(self, import_id: str) -> Path:
        return self._folder / _checked(import_id)


def _checked(own_id: str) -> str:
    if not _ID.fullmatch(own_id):
        raise ValueError("an import and its files go by ids of ours")
    return own_id


def _fault(error: OSError) -> StoreUnavailable:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull("Storage is full; nothing of this import was kept.")
    return StoreUnavailable("The folder for imports cannot be written to; nothing of this import was kept.")
