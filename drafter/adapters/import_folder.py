"""Files on their way into the record: one folder an import, every file under an id of ours, and a list of what became
of each. The list is replaced whole or not at all, so that a desk that was stopped goes on where it stood
(tests/contract/test_uploads.py)."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from drafter.adapters.import_claims import ImportClaims
from drafter.domain.review.imports import Import
from drafter.errors import StorageFull, StoreUnavailable

_ID = re.compile(r"[0-9a-f]{32}")
LIST = "import.json"


class ImportFolder:
    """See `drafter.upload_ports.Uploads`. Below `folder`, which is made when it is first needed; readable to the owner
    alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._claims = ImportClaims(folder)

    def put(self, import_id: str, file_id: str, content: BinaryIO) -> int:
        try:
            place = self._of(import_id)
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            with (place / checked(file_id)).open("wb") as kept:
                shutil.copyfileobj(content, kept)
                return kept.tell()
        except OSError as error:
            self._claims.forget(import_id)
            raise _fault(error) from error

    def claim(self, import_id: str) -> bool:
        return self._claims.take(checked(import_id))

    def let_go(self, import_id: str) -> None:
        self._claims.let_go(import_id)

    def let_go_of_all(self) -> None:
        self._claims.let_go_of_all()

    def save(self, batch: Import) -> None:
        place = self._of(batch.import_id)
        try:
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            new = place / f"{LIST}.new"
            new.write_text(batch.model_dump_json(), encoding="utf-8")
            os.replace(new, place / LIST)
        except OSError as error:
            raise _fault(error) from error

    def load(self, import_id: str) -> Import | None:
        if not is_id(import_id):
            return None
        try:
            return Import.model_validate_json((self._of(import_id) / LIST).read_bytes())
        except (OSError, ValidationError):
            return None

    @contextmanager
    def brought(self, import_id: str, file_id: str) -> Iterator[Path]:
        yield self.file(import_id, file_id)

    def file(self, import_id: str, file_id: str) -> Path:
        return self._of(import_id) / checked(file_id)

    def drop(self, import_id: str, file_id: str) -> None:
        self.file(import_id, file_id).unlink(missing_ok=True)

    def all(self) -> Iterator[Import]:
        if self._folder.is_dir():
            yield from (batch for place in sorted(self._folder.iterdir()) if (batch := self.load(place.name)))

    def forget(self, *, before: datetime) -> None:
        for place in list(self._folder.iterdir()) if self._folder.is_dir() else ():
            if is_id(place.name) and self._claims.may_go(place.name, self.load(place.name), before=before):
                self._claims.forget(place.name)

    def _of(self, import_id: str) -> Path:
        return self._folder / checked(import_id)


def is_id(name: str) -> bool:
    return _ID.fullmatch(name) is not None


def checked(own_id: str) -> str:
    """Raises ValueError for what is no id of ours."""
    if not is_id(own_id):
        raise ValueError("an import and its files go by ids of ours")
    return own_id


def _fault(error: OSError) -> StoreUnavailable:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull("Storage is full; nothing of this import was kept.")
    return StoreUnavailable("The folder for imports cannot be written to; nothing of this import was kept.")
