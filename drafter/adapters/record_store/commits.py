"""Writers that come while another is writing share the next commit.

The disk is asked once for all of them, so that a save takes little longer among twenty people than alone
(`python -m evals.benchmarks.record_store --pace 0`). Each writer's work stands in a savepoint of its own: what one is
refused, the others do not feel. Nobody is answered before the commit that holds their work is done.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from drafter.adapters.record_store.database import Database
from drafter.errors import StoreUnavailable

Result = TypeVar("Result")
_AT_ONCE = 32


class SharedCommits:
    """Runs work inside writing transactions of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[_Job[object]] = deque()
        self._changed = threading.Condition()
        self._writing = False

    def run(self, work: Callable[[Connection], Result]) -> Result:
        """What `work` gives, once it is committed. Raises what it raised, or a RecordError; then nothing of it stands.

        `work` may be run a second time, where it shared a transaction that could not be committed.
        """
        job = _Job(work)
        with self._changed:
            self._waiting.append(job)  # type: ignore[arg-type]
            while self._writing and not job.done.is_set():
                self._changed.wait()
            if job.done.is_set():
                return job.result()
            self._writing = True
        try:
            while not job.done.is_set():
                self._write([self._waiting.popleft() for _ in range(min(len(self._waiting), _AT_ONCE))])
        finally:
            with self._changed:
                self._writing = False
                self._changed.notify_all()
        return job.result()

    def _write(self, jobs: list[_Job[object]]) -> None:
        try:
            with self._database.write() as connection:
                for job in jobs:
                    job.attempt(connection, alone=len(jobs) == 1)
        except Exception as error:  # noqa: BLE001  (given to whoever waits for the job)
            if len(jobs) == 1:
                jobs[0].fail(error)
            else:
                for job in jobs:
                    self._write([job])
        except BaseException:
            # Whoever waits must not wait for ever for somebody who was interrupted.
            for job in jobs:
                job.fail(StoreUnavailable("Not saved: the desk was interrupted. Save again."))
            raise
        finally:
            for job in jobs:
                job.done.set()


class _Job(Generic[Result]):
    def __init__(self, work: Callable[[Connection], Result]) -> None:
        self._work = work
        self._result: Result | None = None
        self._error: Exception | None = None
        self.done = threading.Event()

    def attempt(self, connection: Connection, *, alone: bool) -> None:
        """Raises where the transaction itself is at fault, or the job is alone in it."""
        self._error = None
        if alone:
            self._result = self._work(connection)
            return
        try:
            with connection.begin_nested():
                self._result = self._work(connection)
        except SQLAlchemyError:
            raise
        except Exception as error:  # noqa: BLE001  (given to whoever waits for the job)
            self._error = error

    def fail(self, error: Exception) -> None:
        self._error = error

    def result(self) -> Result:
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]
