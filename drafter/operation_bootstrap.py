"""Composition root of what tells how a process is: the parts that are looked at, the form of its log lines."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from drafter.adapters.clock import SystemClock
from drafter.adapters.health_probes import (
    look_at_checkpoints,
    look_at_chroma,
    look_at_corpus,
    look_at_disk,
    look_at_queue,
)
from drafter.adapters.log_lines import JsonLines
from drafter.adapters.record_store.standing import RecordStanding
from drafter.bootstrap import App, record_database
from drafter.domain.health import Part
from drafter.ports import MayRest, NoticedRetriever
from drafter.services.health import HealthCheck, Probe
from drafter.settings import Settings

if TYPE_CHECKING:
    from drafter.adapters.drafting_queue import DraftingQueue

QUEUE_PATIENCE = 300.0  # seconds that a draft may wait before somebody should know
LOGGERS = (("drafter.web.access", logging.INFO), ("drafter.work", logging.INFO), ("drafter", logging.WARNING))


def open_health(app: App, settings: Settings, *, queue: DraftingQueue | None) -> HealthCheck:
    """The check of a process of the desk. Its connection to the database is its own: it tells of the server, and is
    not kept waiting by whoever holds the desk's."""
    return HealthCheck(tuple(_probes(app, settings, queue=queue)), clock=SystemClock())


def _probes(app: App, settings: Settings, *, queue: DraftingQueue | None) -> Iterator[Probe]:
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
    if isinstance(model, MayRest):
        yield Probe(name="model", look=lambda: _part_of_model(resting=model.resting))
    if queue is not None:
        yield Probe(name="drafting", look=lambda: look_at_queue(queue.standing(), patience=QUEUE_PATIENCE))
    yield Probe(name="checkpoints", look=lambda: look_at_checkpoints(kept, record.last_entry(), clock=clock))


def _part_of_search(notice: str | None) -> Part:
    return Part(name="search", state="degraded", told=notice) if notice else Part(name="search")


def _part_of_model(*, resting: bool) -> Part:
    if resting:
        told = "The model could not be reached several times in a row and is not asked for half a minute."
        return Part(name="model", state="degraded", told=told)
    return Part(name="model")


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
