"""The log of an audit: one JSON line a letter, written as soon as it is checked: a night's work survives a stop.

A line is known by the hash of the letter's bytes and of what it was held against. `--resume` takes a letter from the
log only where both are the same; a half-written last line is dropped (tests/unit/test_audit_log.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from drafter import __version__
from drafter.domain.model import DomainModel
from drafter.services.checking import Checked, Guidelines


class LoggedLetter(DomainModel):
    """One line of the log."""

    content: str
    checked: Checked


def rests_on(guidelines: Guidelines) -> str:
    """A hash of what findings depend on besides the letter: the program's version, editions and passages."""
    digest = hashlib.sha256(__version__.encode())
    for model in (*guidelines.editions, *guidelines.passages):
        digest.update(model.model_dump_json().encode())
    return digest.hexdigest()


def content_of(path: Path, *, rests: str) -> str | None:
    """The key of a letter as it is now; `None` where it cannot be read, which is told when it is checked."""
    try:
        return hashlib.sha256(rests.encode() + path.read_bytes()).hexdigest()
    except OSError:
        return None


class AuditLog:
    """Appends to `path`; with `resume` the lines that are whole are kept and can be asked for."""

    def __init__(self, path: Path, *, rests: str, resume: bool) -> None:
        self._path, self._rests = path, rests
        self._offsets: dict[tuple[str, str], int] = dict(_keep_whole(path)) if resume and path.exists() else {}
        if not self._offsets:
            path.write_bytes(b"")

    def known(self, path: Path) -> bool:
        content = content_of(path, rests=self._rests)
        return content is not None and (str(path), content) in self._offsets

    def read(self, path: Path) -> Checked:
        """The logged audit of a letter that is `known`."""
        content = content_of(path, rests=self._rests) or ""
        return read_at(self._path, self._offsets[str(path), content])

    def add(self, checked: Checked) -> None:
        content = content_of(Path(checked.path), rests=self._rests) or ""
        line = LoggedLetter(content=content, checked=checked).model_dump_json().encode() + b"\n"
        with self._path.open("ab") as file:
            self._offsets[checked.path, content] = file.tell()
            file.write(line)

    def places(self) -> Mapping[str, int]:
        """Where in the file each letter's line begins."""
        return {path: offset for (path, _), offset in self._offsets.items()}


def read_at(log: Path, offset: int) -> Checked:
    """The audit whose line begins at this byte."""
    with log.open("rb") as file:
        file.seek(offset)
        return LoggedLetter.model_validate_json(file.readline()).checked


def _keep_whole(path: Path) -> Iterator[tuple[tuple[str, str], int]]:
    """Every whole line's key and place; what follows the last whole line is cut off."""
    offset = 0
    with path.open("rb+") as file:
        for line in file:
            key = _key(line)
            if key is None:
                break
            yield key, offset
            offset += len(line)
        file.truncate(offset)


def _key(line: bytes) -> tuple[str, str] | None:
    if not line.endswith(b"\n"):
        return None
    try:
        logged = LoggedLetter.model_validate_json(line)
    except (ValidationError, json.JSONDecodeError):
        return None
    return logged.checked.path, logged.content
