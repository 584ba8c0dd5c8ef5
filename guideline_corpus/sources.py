"""The guideline files that were added to a home: each a copy of the file with what is known about it.

    <home>/sources/<id>/<file name>      the file, byte for byte
    <home>/sources/<id>/source.json      its hash, its edition, its licence

The id is the beginning of the file's SHA-256, so the same file is one source however often it is added.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from guideline_corpus.errors import CorpusDamaged
from guideline_corpus.identity import canonical_json, sha256_of
from guideline_corpus.model import CorpusModel, Edition

RECORD = "source.json"
ADDING = ".adding-"
ID_LENGTH = 16
UNSAFE = re.compile(r"[^\w.() -]|^\.+")
LONGEST_NAME = 120


class SourceRecord(CorpusModel):
    """What is known about an added file. `page_offset` is what the user said; `replaces_gists` leaves our gists out."""

    source_id: str
    file_name: str
    sha256: str
    edition: Edition
    licence: str = ""
    page_offset: int | None = None
    replaces_gists: bool = False


def source_id_of(content: bytes) -> str:
    return sha256_of(content)[:ID_LENGTH]


def safe_name(name: str) -> str:
    """`name` as a file name that cannot leave its folder."""
    stem, dot, suffix = name.rpartition(".")
    kept = UNSAFE.sub("_", stem if dot else name).strip() or "file"
    return kept[:LONGEST_NAME] + (f".{UNSAFE.sub('_', suffix)[:10]}" if dot else "")


def sources_folder(home: Path) -> Path:
    return home / "sources"


def list_sources(home: Path) -> tuple[SourceRecord, ...]:
    """Every added file, ordered by id. Raises CorpusDamaged where a record cannot be read."""
    folder = sources_folder(home)
    if not folder.is_dir():
        return ()
    return tuple(_record(entry) for entry in sorted(folder.iterdir()) if not entry.name.startswith("."))


def source_content(home: Path, record: SourceRecord) -> bytes:
    """The added file. Raises CorpusDamaged where it is not the one that was added."""
    path = sources_folder(home) / record.source_id / record.file_name
    try:
        content = path.read_bytes()
    except OSError:
        raise CorpusDamaged(f"The added file {path} is missing; add {record.file_name} again.") from None
    if sha256_of(content) != record.sha256:
        raise CorpusDamaged(f"The added file {path} was changed since it was added; add {record.file_name} again.")
    return content


def source_problems(home: Path) -> tuple[str, ...]:
    """A sentence for each added file that is missing or changed."""
    problems = []
    for entry in sorted(sources_folder(home).iterdir()) if sources_folder(home).is_dir() else ():
        if entry.name.startswith("."):
            continue
        try:
            source_content(home, _record(entry))
        except CorpusDamaged as error:
            problems.append(str(error))
    return tuple(problems)


@contextmanager
def storing(home: Path, record: SourceRecord, content: bytes) -> Iterator[None]:
    """Keep the file while the block runs; where the block fails, everything is as it was before."""
    folder = sources_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    _clear_unfinished(folder)
    unfinished, place = folder / f"{ADDING}{os.getpid()}", folder / record.source_id
    before = folder / f"{ADDING}{os.getpid()}.before"
    unfinished.mkdir()
    (unfinished / record.file_name).write_bytes(content)
    (unfinished / RECORD).write_text(canonical_json(record) + "\n", encoding="utf-8")
    if place.exists():
        os.replace(place, before)
    os.replace(unfinished, place)
    try:
        yield
    except BaseException:
        shutil.rmtree(place)
        if before.exists():
            os.replace(before, place)
        raise
    shutil.rmtree(before, ignore_errors=True)


def quarantine(home: Path, name: str, content: bytes, *, reason: str) -> Path:
    """Keep a file that is not to be used, with the reason; returns its folder."""
    folder = home / "quarantine" / source_id_of(content)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / safe_name(name)).write_bytes(content)
    (folder / "reason.txt").write_text(reason + "\n", encoding="utf-8")
    return folder


def _record(entry: Path) -> SourceRecord:
    try:
        return SourceRecord.model_validate(json.loads((entry / RECORD).read_bytes()))
    except (OSError, ValueError, ValidationError):
        raise CorpusDamaged(f"{entry / RECORD} cannot be read; remove {entry} and add its file again.") from None


def _clear_unfinished(folder: Path) -> None:
    for left in folder.glob(f"{ADDING}*"):
        # A run that died after moving the old copy away: put it back, unless the new one is there.
        if left.name.endswith(".before") and (left / RECORD).is_file():
            home_of_it = folder / _record(left).source_id
            if not home_of_it.exists():
                os.replace(left, home_of_it)
                continue
        shutil.rmtree(left, ignore_errors=True)
