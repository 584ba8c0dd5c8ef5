"""Looks at what lies outside the process: disk, corpus, Chroma server, record, checkpoints, queue.

Each gives a `Part`, or raises what its library of ours raises; how long one may take is `services.health`'s affair.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import httpx

from drafter.adapters.checkpoints import CheckpointFolder
from drafter.domain.health import Part
from drafter.domain.review.audit import Entry
from drafter.domain.review.jobs import QueueStanding
from drafter.ports import Clock
from guideline_corpus.versions import MANIFEST, active_version, corpus_folder

CHROMA_SECONDS = 1.5
STALE_AFTER = timedelta(seconds=60)
FULL_SHARE = 10  # of the room that counts as low, a tenth counts as none


def look_at_disk(folders: Sequence[Path], *, low_mb: int) -> Part:
    """Room for the record, the home and the checkpoints; the fullest counts."""
    free = min(shutil.disk_usage(_existing(folder)).free // 1_000_000 for folder in folders)
    if free < low_mb // FULL_SHARE:
        return Part(name="disk", state="failed", told=f"{free} MB are free: nothing more can be saved for sure.")
    if free < low_mb:
        return Part(name="disk", state="degraded", told=f"{free} MB are free, fewer than {low_mb}.")
    return Part(name="disk")


def look_at_corpus(home: Path) -> Part:
    """Whether the active version can still be read. Raises CorpusNotBuilt."""
    version = active_version(home)
    try:
        with (corpus_folder(home) / version / MANIFEST).open("rb") as manifest:
            manifest.read(1)
    except OSError as error:
        told = f"Corpus {version} cannot be read ({error.strerror}); the next start would fail."
        return Part(name="corpus", state="failed", told=told)
    return Part(name="corpus")


def look_at_chroma(url: str) -> Part:
    """Whether the Chroma server answers; without it searches, and drafts that need one, fail."""
    try:
        answer = httpx.get(f"{url.rstrip('/')}/api/v2/heartbeat", timeout=CHROMA_SECONDS, follow_redirects=False)
    except httpx.HTTPError as error:
        return Part(name="chroma", state="degraded", told=f"The server does not answer ({type(error).__name__}).")
    if answer.status_code != httpx.codes.OK:
        return Part(name="chroma", state="degraded", told=f"The server answers with status {answer.status_code}.")
    return Part(name="chroma")


def look_at_checkpoints(folder: CheckpointFolder, last: Entry | None, *, clock: Clock) -> Part:
    """Whether the signed head keeps up with the record, whose last entry is `last`."""
    place = folder.file.parent
    if not os.access(place, os.W_OK) or not place.is_dir():
        return Part(name="checkpoints", state="degraded", told="The folder of the checkpoints cannot be written to.")
    if last is None or clock.now() - last.at < STALE_AFTER:
        return Part(name="checkpoints")
    head = folder.head()
    if head is None or head.seq < last.seq:
        known = head.seq if head else 0
        told = f"The checkpoints know of entry {known}, the record has {last.seq}; the next save tries again."
        return Part(name="checkpoints", state="degraded", told=told)
    return Part(name="checkpoints")


def look_at_queue(standing: QueueStanding, *, patience: float) -> Part:
    """Drafts that wait although nobody is there to write them, or for longer than `patience` seconds."""
    if standing.waiting and not standing.workers:
        told = f"{standing.waiting} drafts wait and no worker is alive; start `drafter work`."
        return Part(name="drafting", state="degraded", told=told)
    if not standing.workers:
        return Part(name="drafting", state="degraded", told="No worker is alive; start `drafter work`.")
    if standing.oldest_seconds > patience:
        told = f"The oldest of {standing.waiting} waiting drafts has waited for {standing.oldest_seconds:.0f} s."
        return Part(name="drafting", state="degraded", told=told)
    return Part(name="drafting")


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(place for place in (folder, *folder.parents) if place.exists())
