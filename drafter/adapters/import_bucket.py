"""Files on their way into the record, in an object store by its fsspec address (`s3://bucket/imports`): one prefix an
import, every file under an id of ours, and a list of what became of each.

An object is there whole or not at all, and so is the list. A file is brought to this machine for as long as it is read,
into a folder that is gone afterwards. Which process reads an import is told by a lock in the home, as with a folder.
What goes wrong, whatever the store, is one sentence that quotes nothing of it (tests/contract/test_uploads.py).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import ValidationError

from drafter.adapters.import_claims import ImportClaims
from drafter.adapters.import_folder import LIST, checked, is_id
from drafter.domain.review.imports import Import
from drafter.errors import SettingInvalid, StoreUnavailable


class ImportBucket:
    """See `drafter.upload_ports.Uploads`. `claims` is a folder of the home. Raises SettingInvalid where no store is
    behind the address, or its package is missing."""

    def __init__(self, address: str, *, claims: Path) -> None:
        self._system, self._root = _opened(address)
        self._claims = ImportClaims(claims)

    def put(self, import_id: str, file_id: str, content: BinaryIO) -> int:
        path = self._of(import_id, checked(file_id))
        try:
            with _told(), self._system.open(path, "wb") as kept:
                shutil.copyfileobj(content, kept)
                return int(kept.tell())
        except StoreUnavailable:
            self._remove(import_id)
            raise

    def claim(self, import_id: str) -> bool:
        return self._claims.take(checked(import_id))

    def let_go(self, import_id: str) -> None:
        self._claims.let_go(import_id)

    def let_go_of_all(self) -> None:
        self._claims.let_go_of_all()

    def save(self, batch: Import) -> None:
        with _told():
            self._system.pipe_file(self._of(batch.import_id, LIST), batch.model_dump_json().encode())

    def load(self, import_id: str) -> Import | None:
        if not is_id(import_id):
            return None
        try:
            with _told():
                return Import.model_validate_json(self._system.cat_file(self._of(import_id, LIST)))
        except (FileNotFoundError, ValidationError):
            return None

    @contextmanager
    def brought(self, import_id: str, file_id: str) -> Iterator[Path]:
        path = self._of(import_id, checked(file_id))
        with tempfile.TemporaryDirectory(prefix="upload-") as folder:
            here = Path(folder, file_id)
            with _told():
                self._system.get_file(path, str(here))
            yield here

    def drop(self, import_id: str, file_id: str) -> None:
        path = self._of(import_id, checked(file_id))
        with _told():
            if self._system.exists(path):
                self._system.rm_file(path)

    def all(self) -> Iterator[Import]:
        yield from (batch for import_id in self._kept() if (batch := self.load(import_id)))

    def forget(self, *, before: datetime) -> None:
        for import_id in self._kept():
            if self._claims.may_go(import_id, self.load(import_id), before=before):
                self._remove(import_id)

    def _kept(self) -> list[str]:
        with _told():
            self._system.invalidate_cache()
            try:
                found = self._system.ls(self._root, detail=False)
            except FileNotFoundError:
                return []
        return sorted(name for path in found if is_id(name := str(path).rstrip("/").rpartition("/")[2]))

    def _remove(self, import_id: str) -> None:
        try:
            with _told():
                self._system.invalidate_cache()
                self._system.rm(self._of(import_id), recursive=True)
        except (FileNotFoundError, StoreUnavailable):
            pass  # what is left is looked for again with the next import
        self._claims.forget(import_id)

    def _of(self, import_id: str, name: str = "") -> str:
        return "/".join(filter(None, (self._root, checked(import_id), name)))


def _opened(address: str) -> tuple[Any, str]:
    """The store behind the address, and the path in it."""
    try:
        from fsspec.core import url_to_fs

        system, root = url_to_fs(address)
    except ImportError:
        raise SettingInvalid(
            "DRAFTER_UPLOADS is an address whose package is not installed; run `pip install imr-drafter[scale]`, and "
            "for s3:// `pip install s3fs`, or name a folder."
        ) from None
    except ValueError:
        raise SettingInvalid("DRAFTER_UPLOADS is no address that can be used; write s3://BUCKET/PREFIX.") from None
    return system, str(root).rstrip("/")


@contextmanager
def _told() -> Iterator[None]:
    """Whatever goes wrong elsewhere, in one sentence; what is not there is told apart."""
    try:
        yield
    except FileNotFoundError:
        raise
    except Exception:  # noqa: BLE001 - each store raises errors of its own, which have nothing in common
        raise StoreUnavailable(
            "The place for imports cannot be reached; nothing of this import was kept. Try again, or tell an "
            "administrator."
        ) from None
