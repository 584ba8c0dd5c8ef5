"""What the record store asks of a database: a writing transaction that is alone, and a reading one that
changes nothing."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection


class Database(Protocol):
    """Both transactions raise what goes wrong as a RecordError of one sentence."""

    @property
    def where(self) -> str:
        """How messages name it; never with a password."""
        ...

    @property
    def version(self) -> str: ...

    def create(self) -> None: ...

    def write(self) -> AbstractContextManager[Connection]: ...

    def read(self) -> AbstractContextManager[Connection]: ...

    def look(self) -> AbstractContextManager[Connection]:
        """For one SELECT, which sees one state by itself: a trip to the database where `read` takes three."""
        ...

    def forget_removed(self) -> None:
        """Leave as little as can be of what was removed."""
        ...

    def copy_to_rehearse(self) -> AbstractContextManager[Database | None]:
        """A copy that is gone afterwards; None where a failed transaction leaves nothing behind anyway."""
        ...

    def close(self) -> None: ...
