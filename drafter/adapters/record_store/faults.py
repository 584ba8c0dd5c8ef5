"""What a database says, as one sentence for the user.

Nothing of a statement or its parameters passes through here: they may hold clinical text. What cannot be told apart is
"cannot be reached" with the database's code.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from drafter.errors import RecordDamaged, RecordError, StorageFull, StoreUnavailable

_SQLITE_FULL = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_IOERR_SHMSIZE,
}
_SQLITE_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_SYSTEM_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_POSTGRES_FULL = {"53100", "58030"}
_POSTGRES_DAMAGED = {"XX001", "XX002"}
_REFUSED = "the record store refuses to change what was recorded"


@contextmanager
def one_sentence(where: str) -> Iterator[None]:
    """Raises what a database raised inside as a RecordError that names `where`."""
    try:
        yield
    except RecordError:
        raise
    except SQLAlchemyError as error:
        raise _told(error, where) from None
    except sqlite3.Error as error:
        raise _of_sqlite(error, where) from None
    except OSError as error:
        if error.errno in _SYSTEM_FULL:
            raise _full(where) from None
        raise StoreUnavailable(f"{where} cannot be opened or written to ({error.strerror}).") from None


def _told(error: SQLAlchemyError, where: str) -> RecordError:
    said = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(said, sqlite3.Error):
        return _of_sqlite(said, where)
    state = getattr(said, "sqlstate", None)
    if state in _POSTGRES_FULL:
        return _full(where)
    if state in _POSTGRES_DAMAGED:
        return _damaged(where)
    if state in ("P0001", "23514", "42501"):
        return RecordDamaged(f"{where}: {_REFUSED}; nothing was saved.")
    if state is None or state[:2] in ("08", "57"):
        return StoreUnavailable(
            f"{where} cannot be reached, or the connection was lost. Try again: nothing is recorded twice."
        )
    code = f"code {state}"
    return StoreUnavailable(f"{where} cannot be reached or written to ({code}); nothing was saved. Try again shortly.")


def _of_sqlite(said: sqlite3.Error, where: str) -> RecordError:
    code = getattr(said, "sqlite_errorcode", None)
    name = getattr(said, "sqlite_errorname", type(said).__name__)
    if code in _SQLITE_FULL:
        return _full(where)
    if code is not None and code & 0xFF in _SQLITE_DAMAGED:
        return _damaged(where)
    if code is not None and code & 0xFF == sqlite3.SQLITE_CANTOPEN:
        return StoreUnavailable(f"{where} is not there or cannot be opened; name another, or correct its folder.")
    if code == sqlite3.SQLITE_CONSTRAINT_TRIGGER:
        return RecordDamaged(f"{where}: {_REFUSED}; nothing was saved.")
    return StoreUnavailable(f"{where} cannot be read or written to ({name}); nothing was saved. Try again shortly.")


def _full(where: str) -> StorageFull:
    return StorageFull(f"Not saved: the storage of {where} is full. Make room and save again; nothing was lost.")


def _damaged(where: str) -> RecordDamaged:
    return RecordDamaged(f"{where} is damaged; stop the desk and run `drafter audit verify`, then `drafter restore`.")
