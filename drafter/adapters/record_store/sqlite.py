"""SQLite: one file, one writing connection at a time, readers apart.

Write-ahead log, synchronous FULL (a commit is on the disk before it is acknowledged), foreign keys, BEGIN IMMEDIATE.
SQLite before 3.51.3 can damage a database when two connections write or checkpoint its log at the same moment (the
WAL-reset bug). Here no two can: within a process all writing, and with it every checkpoint of the log, goes through one
connection and one lock; between processes each writing transaction holds a lock on `<file>.lock`; readers are opened
read-only, which never checkpoints. Proved by tests/integration/test_record_store_crash.py.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from drafter.adapters.record_store.faults import one_sentence
from drafter.errors import StoreUnavailable

PATIENCE_SECONDS = 20.0
_PAUSE_SECONDS = 0.005
_READERS = 8


class SqliteDatabase:
    """See `drafter.adapters.record_store.store.Database`."""

    dialect = "sqlite"

    def __init__(self, path: Path, *, patience: float = PATIENCE_SECONDS) -> None:
        self.path = path
        self.where = f"the record store {path}"
        self._patience = patience
        self._turn = threading.Lock()
        self._lock_file: int | None = None
        self._open_file: int | None = None
        self._writer = _engine(_connecting(path, "rw", patience), begin="BEGIN IMMEDIATE", size=1)
        self._readers = _engine(_connecting(path, "ro", patience), begin="BEGIN", size=_READERS)

    def create(self) -> None:
        """The file, readable by its owner alone, where there is none; in use from now on. Raises StoreUnavailable."""
        with one_sentence(self.where):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            if self._open_file is None:
                self._open_file = self._lock_beside("open", fcntl.LOCK_SH)

    def forget_removed(self) -> None:
        """What was removed is written over in the file (`secure_delete`); here it goes out of the log too."""
        with one_sentence(self.where), self._alone(), closing(self._writer.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def copy_to_rehearse(self) -> Iterator[SqliteDatabase]:
        """A copy beside the file, made by SQLite's own backup while others may read; gone afterwards."""
        copy = SqliteDatabase(self.path.with_name(f"{self.path.name}.rehearsal"))
        copy.remove()
        copy.create()
        try:
            with (
                one_sentence(self.where),
                closing(_connecting(self.path, "ro", self._patience)()) as source,
                closing(_connecting(copy.path, "rw", self._patience)()) as target,
            ):
                source.backup(target)
            yield copy
        finally:
            copy.remove()

    @contextmanager
    def not_in_use(self) -> Iterator[None]:
        """Nobody has the file open, or opens it meanwhile. Raises StoreUnavailable."""
        try:
            with one_sentence(self.where):
                self.path.parent.mkdir(parents=True, exist_ok=True)
                held = self._lock_beside("open", fcntl.LOCK_EX)
        except StoreUnavailable:
            raise StoreUnavailable(f"{self.where} is in use; stop the desk first. Nothing was changed.") from None
        try:
            yield
        finally:
            os.close(held)

    def move_to(self, path: Path) -> None:
        """Give the closed file, with its log, another name."""
        with one_sentence(self.where):
            for ending in ("-wal", "-shm", ""):
                if (file := Path(f"{self.path}{ending}")).exists():
                    file.rename(f"{path}{ending}")

    def remove(self) -> None:
        """Close it and take it away with what lies beside it."""
        self.close()
        for ending in ("", "-wal", "-shm", ".lock", ".open"):
            Path(f"{self.path}{ending}").unlink(missing_ok=True)

    @property
    def version(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that no other writer of this file is beside; committed at the end, or nothing is."""
        with one_sentence(self.where), self._alone(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database and can change nothing."""
        with one_sentence(self.where), self._readers.begin() as connection:
            yield connection

    def look(self) -> AbstractContextManager[Connection]:
        """The same as `read`: the file is asked without a trip anywhere."""
        return self.read()

    def close(self) -> None:
        self._readers.dispose()
        if self._lock_file is not None:
            with self._alone():
                self._writer.dispose()
        for file in (self._lock_file, self._open_file):
            if file is not None:
                os.close(file)
        self._lock_file = self._open_file = None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=self._patience):
            raise self._busy()
        try:
            if self._lock_file is None:
                self._lock_file = self._beside("lock")
            self._wait_for_other_processes(self._lock_file)
            try:
                yield
            finally:
                fcntl.flock(self._lock_file, fcntl.LOCK_UN)
        finally:
            self._turn.release()

    def _lock_beside(self, name: str, kind: int) -> int:
        """An open file beside the database, locked. Raises OSError where another process has it otherwise."""
        file = self._beside(name)
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            raise
        return file

    def _beside(self, name: str) -> int:
        return os.open(f"{self.path}.{name}", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)

    def _wait_for_other_processes(self, file: int) -> None:
        until = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > until:
                    raise self._busy() from None
                time.sleep(_PAUSE_SECONDS)

    def _busy(self) -> StoreUnavailable:
        return StoreUnavailable(
            f"{self.where} is busy: another writer held it for {self._patience:g} s; nothing was saved. Try again."
        )


def _connecting(path: Path, mode: str, patience: float) -> Callable[[], sqlite3.Connection]:
    """How a connection is opened. One of mode `ro` changes nothing, not even the log."""

    def connect() -> sqlite3.Connection:
        address = f"file:{quote(str(path))}?mode={mode}"
        connection = sqlite3.connect(address, uri=True, timeout=patience, isolation_level=None, check_same_thread=False)
        if mode == "rw":
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")  # what a retention rule removes is written over
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        return connection

    return connect


def _engine(connect: Callable[[], sqlite3.Connection], *, begin: str, size: int) -> Engine:
    engine = create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool, pool_size=size, max_overflow=0, hide_parameters=True
    )

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
