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
from drafter.errors import InputUnreadable
from drafter.services.audit_inputs import AuditInput
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


def content_of(source: AuditInput, *, rests: str) -> str | None:
    """The key of a letter as it is now; `None` where it cannot be read, which is told when it is checked."""
    try:
        return _key_of(hashlib.sha256(source.read_bytes()).hexdigest(), rests=rests)
    except (OSError, InputUnreadable):
        return None


def _key_of(sha256: str, *, rests: str) -> str:
    return hashlib.sha256(f"{rests}{sha256}".encode()).hexdigest()


class AuditLog:
    """Appends to `path`; with `resume` the lines that are whole are kept and can be asked for."""

    def __init__(self, path: Path, *, rests: str, resume: bool) -> None:
        self._path, self._rests = path, rests
        self._offsets: dict[tuple[str, str], int] = dict(_keep_whole(path)) if resume and path.exists() else {}
        if not self._offsets:
            path.write_bytes(b"")

    def place_of(self, source: AuditInput) -> int | None:
        """Where the audit of a letter stands, if there is one and the letter is as it was."""
        content = content_of(source, rests=self._rests)
        return None if content is None else self._offsets.get((str(source), content))

    def read(self, place: int) -> Checked:
        return read_at(self._path, place)

    def add(self, checked: Checked) -> None:
        content = _key_of(checked.sha256, rests=self._rests) if checked.sha256 else ""
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
