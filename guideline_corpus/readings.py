"""What was read of the added files, kept beside them so that a build does not read every file again.

A reading is kept under the hash of the file, of the reader's version and of what the user said about pages, and carries
its own hash: one that was changed or belongs to another reader is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from guideline_corpus.errors import SourceUnreadable
from guideline_corpus.identity import canonical_json, sha256_of
from guideline_corpus.readers.isolated import read_isolated
from guideline_corpus.readers.reading import READER_VERSION
from guideline_corpus.readers.source_text import SourceText
from guideline_corpus.shared_work import in_turn
from guideline_corpus.whole_file import write_whole

Reader = Callable[..., SourceText]


def reading_of(
    content: bytes, *, name: str, page_offset: int | None, kept_in: Path, reader: Reader = read_isolated
) -> SourceText:
    """The text of a file, from `kept_in` where it was read before. Raises SourceUnreadable."""
    path = _place(content, page_offset, kept_in)
    kept = _kept(path)
    if kept is None:
        kept = reader(content, name=name, page_offset=page_offset)
        _keep(path, kept)
    return kept


class Unread(NamedTuple):
    """A file that is to be read."""

    content: bytes
    name: str
    page_offset: int | None


def read_ahead(files: Sequence[Unread], *, kept_in: Path, scheduler: str) -> None:
    """Have those files read by the workers of a Dask scheduler that were not read before, and keep what they read.

    One that cannot be read is left to `reading_of`, which says why. Raises SchedulerUnavailable and SchedulerLost.
    """
    missing = [file for file in files if _kept(_place(file.content, file.page_offset, kept_in)) is None]
    if not missing:
        return
    for file, source in zip(missing, in_turn(open_reader, missing, scheduler=scheduler), strict=True):
        if source is not None:
            _keep(_place(file.content, file.page_offset, kept_in), source)


def open_reader() -> Callable[[Unread], SourceText | None]:
    """What a worker does with a file: reads it in a child process with limits, as it is read here."""
    return _read_or_not


def _read_or_not(file: Unread) -> SourceText | None:
    try:
        return read_isolated(file.content, name=file.name, page_offset=file.page_offset)
    except SourceUnreadable:
        return None


def _place(content: bytes, page_offset: int | None, kept_in: Path) -> Path:
    key = sha256_of(canonical_json([READER_VERSION, page_offset, sha256_of(content)]))
    return kept_in / f"{key[:32]}.json"


def _kept(path: Path) -> SourceText | None:
    try:
        digest, _, body = path.read_text(encoding="utf-8").partition("\n")
        return SourceText.model_validate_json(body) if digest == sha256_of(body) else None
    except (OSError, ValueError, ValidationError):
        return None


def _keep(path: Path, source: SourceText) -> None:
    body = canonical_json(source)
    write_whole(path, f"{sha256_of(body)}\n{body}", lasting=False)
