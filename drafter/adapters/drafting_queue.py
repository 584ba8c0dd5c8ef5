"""Drafting jobs as rows of PostgreSQL, so that any process of the desk starts, watches and stops them, and workers of
their own (`drafter work`) do them. The queue is procrastinate's.

An item has one unended job, which a unique index holds whoever asks. A worker tells that it lives by a heartbeat; the
jobs of one that has not for a while are taken up by another. The work is then done anew from its start, and its draft
is recorded once, under the request id of the job; a job that ended is not begun again (`kill -9` at random moments:
tests/e2e/test_drafting_queue.py). Job and sentences heard so far lie in a schema of their own beside the record
and are no part of it; the sentences go when the job ends, the job a day later. In procrastinate's tables and log lines
stands the job's id and nothing else.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import procrastinate
import psycopg
from procrastinate.exceptions import ConnectorException

from drafter.adapters.drafting_threads import AT_ONCE, FAILED, Work, carried_out, facts_of
from drafter.domain.exchange.heard import HeardStatement
from drafter.domain.review.jobs import DraftingJob, JobStatus, QueueStanding, Waiting
from drafter.domain.watching import UNWATCHED, Facts
from drafter.errors import StoreUnavailable
from drafter.ports import Watch

LOST_AFTER = 30.0  # seconds without a heartbeat after which a worker counts as dead
KEPT_HOURS = 24  # an ended job is kept so long
ELSEWHERE = "ended-elsewhere"  # a job that was done here although another worker had ended it
_CONNECTIONS = 6
_TASK = "draft-item"
_OPTIONS = {"options": "-c search_path=drafting -c TimeZone=UTC", "connect_timeout": 5}
_WHERE_UNREACHABLE = procrastinate.RetryStrategy(max_attempts=5, wait=5, retry_exceptions=[StoreUnavailable])
_LOCK = "SELECT pg_advisory_xact_lock(4610620927930)"
_LOCK_TAKING_UP = "SELECT pg_advisory_lock(4610620927931)"
_UNLOCK_TAKING_UP = "SELECT pg_advisory_unlock(4610620927931)"
_PROGRESS = """
CREATE TABLE progress (
    number bigserial PRIMARY KEY,
    job_id text NOT NULL UNIQUE,
    queued bigint,
    case_id text NOT NULL,
    item integer NOT NULL,
    job text NOT NULL,
    ended boolean NOT NULL DEFAULT false,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX one_job_an_item ON progress (case_id, item) WHERE NOT ended;
CREATE INDEX jobs_of_item ON progress (case_id, item, number);
"""
_BEGIN = """INSERT INTO progress (job_id, case_id, item, job) VALUES (%(job_id)s, %(case_id)s, %(item)s, %(job)s)
    ON CONFLICT (case_id, item) WHERE NOT ended DO NOTHING RETURNING number"""
_QUEUED = "UPDATE progress SET queued = %(queued)s WHERE job_id = %(job_id)s"
_TELL = "UPDATE progress SET job = %(job)s, at = now() WHERE job_id = %(job_id)s AND NOT ended"
_END = "UPDATE progress SET job = %(job)s, ended = true, at = now() WHERE job_id = %(job_id)s AND NOT ended"
_OF_ID = "SELECT job FROM progress WHERE job_id = %(job_id)s"
_OF_ITEM = "SELECT job FROM progress WHERE case_id = %(case_id)s AND item = %(item)s ORDER BY number DESC LIMIT 1"
_UNENDED = "SELECT job, queued FROM progress WHERE case_id = %(case_id)s AND item = %(item)s AND NOT ended"
_GIVEN_UP = """SELECT progress.job, queue.abort_requested OR queue.status IN ('cancelled', 'aborted') FROM progress
    LEFT JOIN procrastinate_jobs queue ON queue.id = progress.queued
    WHERE NOT progress.ended AND coalesce(queue.status::text, 'gone') NOT IN ('todo', 'doing')"""
_STANDING = """SELECT
    count(*) FILTER (WHERE coalesce(queue.status::text, 'todo') = 'todo'),
    count(*) FILTER (WHERE queue.status::text = 'doing'),
    coalesce(extract(epoch FROM now() - min(progress.at)
        FILTER (WHERE coalesce(queue.status::text, 'todo') = 'todo')), 0)::float,
    (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %(lost_after)s))
    FROM progress LEFT JOIN procrastinate_jobs queue ON queue.id = progress.queued WHERE NOT progress.ended"""
_WAITING = """SELECT waits.at,
    (SELECT count(*) FROM progress others LEFT JOIN procrastinate_jobs their ON their.id = others.queued
        WHERE NOT others.ended AND others.number < waits.number AND coalesce(their.status::text, 'todo') = 'todo'),
    (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %(lost_after)s))
    FROM progress waits LEFT JOIN procrastinate_jobs queue ON queue.id = waits.queued
    WHERE waits.case_id = %(case_id)s AND waits.item = %(item)s AND NOT waits.ended
    AND coalesce(queue.status::text, 'todo') = 'todo'"""
_FORGET = "DELETE FROM progress WHERE ended AND at < now() - make_interval(hours => %(hours)s)"


class DraftingQueue:
    """See `drafter.ports.DraftingJobs`. Raises StoreUnavailable where the database cannot be reached."""

    def __init__(self, url: str, *, watch: Watch = UNWATCHED) -> None:
        """`url`: postgresql://USER@HOST/NAME. Makes the queue's tables where there are none."""
        self._watch = watch
        self._address = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._connector = procrastinate.SyncPsycopgConnector(
            conninfo=self._address, kwargs=_OPTIONS, min_size=1, max_size=_CONNECTIONS, timeout=10
        )
        self._app = procrastinate.App(connector=self._connector)
        with _one_sentence():
            self._app.open()
        self._make_tables()
        self._stop_worker: Callable[[], object] = lambda: None
        self._closing = threading.Event()
        self._no_worker = threading.Event()
        self._no_worker.set()

    def start(self, *, case_id: str, item: int, by: str, request_id: str) -> DraftingJob:
        if running := self._running(case_id, item):
            return running
        with self._watch.step("job-asked") as tell:
            job = DraftingJob(
                job_id=uuid4().hex,
                case_id=case_id,
                item=item,
                by=by,
                request_id=request_id,
                trace=self._watch.here(),
            )
            tell(facts_of(job))
            with self._connection() as connection:
                if connection.execute(_BEGIN, _row(job)).fetchone():
                    queue = self._app.configure_task(_TASK, lock=f"{case_id}/{item}", connection=connection)
                    connection.execute(_QUEUED, {"job_id": job.job_id, "queued": queue.defer(job_id=job.job_id)})
                    return job
            tell(Facts(outcome="known"))
        return self.of_item(case_id, item) or self.start(case_id=case_id, item=item, by=by, request_id=request_id)

    def of_item(self, case_id: str, item: int) -> DraftingJob | None:
        return self._job(_OF_ITEM, case_id=case_id, item=item)

    def stop(self, case_id: str, item: int) -> None:
        """A job that nobody has begun ends at once; the one who writes it hears of it."""
        with self._connection() as connection:
            found = connection.execute(_UNENDED, {"case_id": case_id, "item": item}).fetchone()
            if found is not None:
                self._app.job_manager.cancel_job_by_id(found[1], abort=True, connection=connection)
        self.end_given_up()

    def waiting(self, case_id: str, item: int) -> Waiting | None:
        with self._connection() as connection:
            asked = {"case_id": case_id, "item": item, "lost_after": LOST_AFTER}
            found = connection.execute(_WAITING, asked).fetchone()
        return Waiting(since=found[0], before=found[1], workers=found[2]) if found else None

    def standing(self, *, lost_after: float = LOST_AFTER) -> QueueStanding:
        """What waits, and how many workers gave a sign of life within `lost_after` seconds."""
        with self._connection() as connection:
            found = connection.execute(_STANDING, {"lost_after": lost_after}).fetchone()
        waiting, writing, oldest, workers = found or (0, 0, 0.0, 0)
        return QueueStanding(waiting=waiting, writing=writing, oldest_seconds=oldest, workers=workers)

    def close(self) -> None:
        """Jobs go on, for workers do them; one that runs here finishes what it has begun, and is waited for."""
        self._closing.set()  # first: a worker that is only just starting looks at it once it can be stopped
        self._stop_worker()
        self._no_worker.wait()
        self._app.close()

    def run_worker(self, work: Work, *, at_once: int = AT_ONCE, lost_after: float = LOST_AFTER) -> None:
        """Does jobs until the process is told to stop (SIGTERM, SIGINT); those begun by then are finished first."""
        self._no_worker.clear()
        try:
            with _one_sentence():
                asyncio.run(self._work_on(work, at_once=at_once, lost_after=lost_after))
        finally:
            self._stop_worker = lambda: None
            self._no_worker.set()

    def end_given_up(self) -> None:
        """Jobs that the queue will not do any more: stopped before anyone began, or given up with their worker."""
        with self._connection() as connection:
            given_up = connection.execute(_GIVEN_UP).fetchall()
        for text, stopped in given_up:
            job = DraftingJob.model_validate_json(text)
            status: JobStatus = "stopped" if stopped else "failed"
            if self._end(job, status=status, message="" if stopped else FAILED):
                with self._watch.step("job", facts_of(job).with_facts(Facts(outcome=status)), after=job.trace):
                    pass  # nobody carried it out

    async def _work_on(self, work: Work, *, at_once: int, lost_after: float) -> None:
        connector = procrastinate.PsycopgConnector(
            conninfo=self._address, kwargs=_OPTIONS, min_size=1, max_size=_CONNECTIONS, timeout=10
        )
        app = procrastinate.App(connector=connector)

        @app.task(name=_TASK, pass_context=True, retry=_WHERE_UNREACHABLE)
        def draft_item(context: procrastinate.JobContext, job_id: str) -> None:
            self._do(work, job_id, context)

        async with app.open_async():
            doing = asyncio.create_task(
                app.run_worker_async(
                    concurrency=at_once,
                    update_heartbeat_interval=lost_after / 5,
                    stalled_worker_timeout=lost_after,
                    fetch_job_polling_interval=min(5.0, lost_after / 5),
                    abort_job_polling_interval=1.0,
                )
            )
            loop = asyncio.get_running_loop()
            self._stop_worker = lambda: loop.call_soon_threadsafe(doing.cancel)
            if self._closing.is_set():
                doing.cancel()
            taking_up = asyncio.create_task(self._take_up(app, lost_after=lost_after))
            await asyncio.wait((doing, taking_up), return_when=asyncio.FIRST_COMPLETED)
            for task in (taking_up, doing):
                task.cancel()
            for fault in await asyncio.gather(doing, taking_up, return_exceptions=True):
                if isinstance(fault, Exception):
                    raise fault

    async def _take_up(self, app: procrastinate.App, *, lost_after: float) -> None:
        """Puts jobs of dead workers back, one worker at a time, for a job put back twice would be done twice."""
        connector = app.connector
        assert isinstance(connector, procrastinate.PsycopgConnector)
        while True:
            async with connector.pool.connection() as turn:
                await turn.execute(_LOCK_TAKING_UP)
                for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=lost_after):
                    await app.job_manager.retry_job(job)
                await turn.execute(_UNLOCK_TAKING_UP)
            await asyncio.to_thread(self.end_given_up)
            await app.job_manager.delete_old_jobs(
                nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
            )
            await asyncio.to_thread(self._forget)
            if (me := asyncio.current_task()) and me.cancelling():
                return  # Python 3.11 may lose a cancellation that comes as a wait for the database ends
            await asyncio.sleep(lost_after / 3)

    def _do(self, work: Work, job_id: str, context: procrastinate.JobContext) -> None:
        job = self._job(_OF_ID, job_id=job_id)
        if job is None or job.ended:
            return
        with self._watch.step("job", facts_of(job), after=job.trace) as tell:
            status, message = carried_out(work, job, _Listener(self, job, context))
            ended = self._end(job, status=status, message=message)
            tell(Facts(outcome=status if ended else ELSEWHERE))

    def tell(self, job: DraftingJob) -> None:
        with self._connection() as connection:
            connection.execute(_TELL, _row(job))

    def _end(self, job: DraftingJob, *, status: JobStatus, message: str) -> bool:
        """Whether it ended here, and not before somewhere else."""
        with self._connection() as connection:
            ended = job.model_copy(update={"status": status, "message": message, "heard": ()})
            return connection.execute(_END, _row(ended)).rowcount == 1

    def _running(self, case_id: str, item: int) -> DraftingJob | None:
        with self._connection() as connection:
            found = connection.execute(_UNENDED, {"case_id": case_id, "item": item}).fetchone()
        return DraftingJob.model_validate_json(found[0]) if found else None

    def _job(self, query: Any, **which: str | int) -> DraftingJob | None:
        with self._connection() as connection:
            found = connection.execute(query, which).fetchone()
        return DraftingJob.model_validate_json(found[0]) if found else None

    def _forget(self) -> None:
        with self._connection() as connection:
            connection.execute(_FORGET, {"hours": KEPT_HOURS})

    def _make_tables(self) -> None:
        with self._connection() as connection:
            connection.execute(_LOCK)
            if connection.execute("SELECT to_regclass('drafting.progress')").fetchone() == (None,):
                connection.execute("CREATE SCHEMA IF NOT EXISTS drafting")
                connection.execute(self._app.schema_manager.get_schema())
                connection.execute(_PROGRESS)

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Any]]:
        """A transaction, committed at the end."""
        with _one_sentence(), self._connector.pool.connection() as connection:
            yield connection


class _Listener:
    """Tells the sentences of one job to every process. See `drafter.ports.DraftListener`."""

    def __init__(self, queue: DraftingQueue, job: DraftingJob, context: procrastinate.JobContext) -> None:
        self._queue, self._context = queue, context
        self._job = job.model_copy(update={"status": "writing", "heard": ()})
        self._turn = threading.Lock()

    @property
    def cancelled(self) -> bool:
        return self._context.should_abort()

    def heard(self, told: HeardStatement) -> None:
        with self._turn:
            self._job = self._job.with_heard(told)
            self._queue.tell(self._job)


def _row(job: DraftingJob) -> dict[str, str | int]:
    # A process of a release before traces reads a job that has none.
    text = job.model_dump_json(exclude=None if job.trace else {"trace"})
    return {"job_id": job.job_id, "case_id": job.case_id, "item": job.item, "job": text}


@contextmanager
def _one_sentence() -> Iterator[None]:
    """What a database says may quote a row; nothing of it passes."""
    try:
        yield
    except (psycopg.Error, ConnectorException):
        raise StoreUnavailable(
            "The queue of drafts cannot be reached in the database; what was asked for before is kept. Try again."
        ) from None
