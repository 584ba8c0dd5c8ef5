"""Composition root of what tells how a process is: the parts that are looked at, its log lines, metrics and traces."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from drafter import __version__
from drafter.adapters.clock import SystemClock
from drafter.adapters.health_probes import (
    look_at_checkpoints,
    look_at_chroma,
    look_at_corpus,
    look_at_disk,
    look_at_queue,
)
from drafter.adapters.job_log import JobLog
from drafter.adapters.left_files import OldCalls, OldImports, OldReplies
from drafter.adapters.log_lines import JsonLines
from drafter.adapters.record_store.leftovers import ended_sessions, old_attempts, unsaved_texts
from drafter.adapters.record_store.standing import RecordStanding
from drafter.adapters.unsearchable_items import UnsearchableItems
from drafter.bootstrap import App, open_traces, record_database
from drafter.domain.health import Part
from drafter.domain.review.jobs import QueueStanding
from drafter.domain.watching import UNWATCHED
from drafter.errors import SettingInvalid, StoreUnavailable
from drafter.ports import DecidedSearch, MayRest, NoticedRetriever, Watch
from drafter.services.cleaning import Leftover
from drafter.services.health import SECONDS, Asking, HealthCheck, Probe
from drafter.services.watching import StepListener, Watching
from drafter.settings import Settings

if TYPE_CHECKING:
    from drafter.adapters.drafting_queue import DraftingQueue
    from drafter.adapters.metrics import Metrics
    from drafter.adapters.traces import Traces

QUEUE_PATIENCE = 300.0  # seconds that a draft may wait before somebody should know
LOGGERS = (("drafter.web.access", logging.INFO), ("drafter.work", logging.INFO), ("drafter", logging.WARNING))


def open_health(
    app: App, settings: Settings, *, queue: DraftingQueue | None, decided: DecidedSearch | None = None
) -> HealthCheck:
    """The check of a process of the desk. Its connection to the database is its own: it tells of the server, and is
    not kept waiting by whoever holds the desk's."""
    return HealthCheck(tuple(_probes(app, settings, queue=queue, decided=decided)), clock=SystemClock())


def _probes(
    app: App, settings: Settings, *, queue: DraftingQueue | None, decided: DecidedSearch | None
) -> Iterator[Probe]:
    from drafter.adapters.checkpoints import CheckpointFolder

    clock, database = SystemClock(), record_database(settings)
    record = RecordStanding(database)
    folders = (settings.home, settings.checkpoints_dir)
    kept = CheckpointFolder(settings.checkpoints_dir, record.database_id())
    retriever, model = app.retriever, app.model

    yield Probe(name="record", look=record.look, needed=True)
    yield Probe(name="corpus", look=lambda: look_at_corpus(settings.home), needed=True)
    yield Probe(name="disk", look=lambda: look_at_disk(folders, low_mb=settings.operation.disk_low_mb), needed=True)
    if isinstance(retriever, NoticedRetriever):
        yield Probe(name="search", look=lambda: _part_of_search(retriever.notice))
    if (url := settings.chroma_url) is not None:
        yield Probe(name="chroma", look=lambda: look_at_chroma(url))
    if decided is not None:
        yield Probe(name="decided", look=lambda: _part_of_decided(decided))
    if isinstance(model, MayRest):
        yield Probe(name="model", look=lambda: _part_of_model(resting=model.resting))
    if queue is not None:
        yield Probe(name="drafting", look=lambda: look_at_queue(queue.standing(), patience=QUEUE_PATIENCE))
    yield Probe(name="checkpoints", look=lambda: look_at_checkpoints(kept, record.last_entry(), clock=clock))


def _part_of_search(notice: str | None) -> Part:
    return Part(name="search", state="degraded", told=notice) if notice else Part(name="search")


def _part_of_decided(decided: DecidedSearch) -> Part:
    """Decided items as they were when the process started, which is when they are read."""
    if isinstance(decided, UnsearchableItems):
        return Part(name="decided", state="degraded", told=f"{decided.told} Then start this process again.")
    return Part(name="decided")


def _part_of_model(*, resting: bool) -> Part:
    if resting:
        told = "The model could not be reached several times in a row and is not asked for half a minute."
        return Part(name="model", state="degraded", told=told)
    return Part(name="model")


@runtime_checkable
class QueuedJobs(Protocol):
    """Drafting jobs that wait for workers of their own."""

    def standing(self) -> QueueStanding: ...


@dataclass(frozen=True, kw_only=True)
class Operation:
    """Who watches a process. `metrics` is None where no port was named."""

    settings: Settings
    watch: Watch
    metrics: Metrics | None = None
    traces: Traces | None = None

    def flush(self) -> None:
        """Sends the spans that ended by now."""
        if self.traces is not None:
            self.traces.flush()

    def serve_metrics(self, health: HealthCheck, *, model: object, jobs: object, port: int | None) -> str | None:
        """The address at which metrics are read; None without a port. Raises SettingInvalid for one that is taken."""
        if self.metrics is None or port is None:
            return None
        queue = Asking(jobs.standing) if isinstance(jobs, QueuedJobs) else None
        self.metrics.show(
            health=health.look,
            resting=lambda: model.resting if isinstance(model, MayRest) else None,
            queue=lambda: _standing(queue),
        )
        host = self.settings.operation.metrics_host
        try:
            return self.metrics.serve(host=host, port=port)
        except OSError as error:
            why = (error.strerror or "cannot be used").lower()
            raise SettingInvalid(f"Metrics at {host} port {port}: {why}; name another with --metrics-port.") from None


@contextmanager
def operation(settings: Settings, *, process: str, metrics: bool) -> Iterator[Operation]:
    """Who watches this process, as long as it lasts; at its end the last spans are sent. `process`: `desk`, `worker`.

    Raises SettingInvalid where the extra `scale` is missing.
    """
    counted = _open_metrics(process) if metrics else None
    traced = open_traces(settings.operation.traces, process) if settings.operation.traces else None
    logged = JobLog() if process == "worker" else None
    listeners: list[StepListener] = [one for one in (counted, traced, logged) if one is not None]
    watch = Watching(listeners, monotonic=SystemClock().monotonic) if listeners else UNWATCHED
    try:
        yield Operation(settings=settings, watch=watch, metrics=counted, traces=traced)
    finally:
        if traced is not None:
            traced.close()


def _open_metrics(process: str) -> Metrics:
    try:
        from drafter.adapters.metrics import Metrics
    except ModuleNotFoundError:
        raise SettingInvalid(
            "Metrics need the extra `scale`; install imr-drafter[scale], or leave --metrics-port away."
        ) from None
    return Metrics(process=process, version=__version__)


def _standing(queue: Asking[QueueStanding] | None) -> QueueStanding | None:
    """None where there is no queue, or it does not answer in time."""
    if queue is None:
        return None
    queue.begin()
    found = queue.result(SECONDS)
    return found if isinstance(found, QueueStanding) else None


def open_leftovers(settings: Settings) -> tuple[Leftover, ...]:
    """What is kept beside the record for a while. Where no record was ever opened, none is made.

    Raises StoreUnavailable for a record that cannot be reached or is of other tables.
    """
    clock, keep = SystemClock(), settings.operation
    files = (
        OldImports(settings.imports_dir, clock=clock),
        OldCalls(settings.home / "calls", days=keep.keep_calls_days, clock=clock),
        OldReplies(settings.cache_dir / "replies", days=keep.keep_replies_days, clock=clock),
    )
    if settings.database_url is None and not (settings.home / "desk.sqlite3").exists():
        return files
    database = record_database(settings)
    if (found := RecordStanding(database).look()).state != "ok":
        raise StoreUnavailable(found.told)
    idle, absolute = timedelta(minutes=settings.desk.idle_minutes), timedelta(hours=settings.desk.session_hours)
    return (
        ended_sessions(database, idle=idle, absolute=absolute, clock=clock),
        unsaved_texts(database, days=keep.keep_unsaved_days, clock=clock),
        old_attempts(database, clock=clock),
        *files,
    )


def log_to_standard_error(settings: Settings, *, process: str) -> None:
    """The lines of this process: text, or one object of JSON each; `process` names its kind.

    As JSON the lines of libraries come too, without their words, which may quote what they worked on.
    """
    shown = logging.StreamHandler(sys.stderr)
    if settings.operation.log == "json":
        shown.setFormatter(JsonLines(process=process))
        logging.getLogger().handlers = [shown]
        logging.getLogger().setLevel(logging.WARNING)
    else:
        shown.setFormatter(logging.Formatter("%(asctime)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S%z"))
    for name, level in LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.propagate = False
        logger.handlers = [shown]
