"""Where files wait on their way into the record, in the drafter's own words: one contract test over every adapter
(tests/contract/test_uploads.py)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from drafter.domain.review.imports import Import


class Uploads(Protocol):
    """Files on their way into the record, and what became of each. Ids are ours: 32 hexadecimal digits. Whatever cannot
    be reached is a StoreUnavailable, of which StorageFull is one."""

    def put(self, import_id: str, file_id: str, content: BinaryIO) -> int:
        """Keeps the bytes of a file whole and gives their number, or keeps nothing of the import."""
        ...

    def claim(self, import_id: str) -> bool:
        """Whether this process is the one that reads the import, until it lets go of it or ends, however it ends."""
        ...

    def let_go(self, import_id: str) -> None: ...

    def let_go_of_all(self) -> None: ...

    def save(self, batch: Import) -> None:
        """Replaces the list of an import, whole or not at all."""
        ...

    def load(self, import_id: str) -> Import | None: ...

    def brought(self, import_id: str, file_id: str) -> AbstractContextManager[Path]:
        """A kept file as one of this machine, for as long as it is read."""
        ...

    def drop(self, import_id: str, file_id: str) -> None:
        """The bytes are in the record, or refused; the list keeps what became of them."""
        ...

    def all(self) -> Iterator[Import]: ...

    def forget(self, *, before: datetime) -> None:
        """Takes away imports that ended before then, and those without a list that nobody reads and nobody has touched
        since then: whoever begins an import writes its list last."""
        ...
