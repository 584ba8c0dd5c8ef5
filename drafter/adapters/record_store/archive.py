"""The whole record in one file, the same from SQLite and from PostgreSQL: one JSON object a line.

    {"format": 1, "database_id", "created", "program"}    the first
    {"entry": {...}, "payload": TEXT | null}              each entry in its order; null where it was purged
    {"checkpoint": LINE}                                  each checkpoint's copy
    {"secret": {...}}                                     each secret, so that accounts come back with the record
    {"public_key": TEXT}                                  the keys that checkpoints are signed with
    {"end": {"lines", "sha256"}}                          the last; of every byte before it

An archive is read again and verified before it takes its name, and before anything is restored from it. It holds
clinical text and password hashes: it is readable by its owner alone; keep it encrypted.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, select

from drafter import __version__
from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.reading import streamed
from drafter.adapters.record_store.rows import read_entry
from drafter.adapters.record_store.secrets import secrets_of
from drafter.adapters.record_store.tables import CheckpointRow, EntryRow, PayloadRow, StoreRow
from drafter.domain.review.audit import GENESIS, Entry, canonical, entry_sha256, text_sha256
from drafter.domain.review.checkpoints import read_checkpoint
from drafter.domain.review.secrets import Secret
from drafter.errors import BackupInvalid, StorageFull, StoreUnavailable

_FORMAT = 1


@dataclass(kw_only=True)
class Archive:
    """What an archive holds besides its entries, known once it was read to its end."""

    database_id: str
    created: str
    head: Entry | None = None
    checkpoints: list[str] = field(default_factory=list)
    public_keys: list[str] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list, repr=False)


def write_archive(database: Database, file: Path, *, public_keys: list[str]) -> Archive:
    """The record into a new file, verified. Raises StorageFull, StoreUnavailable, RecordDamaged; then there is none."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with (
            open(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out,
            database.read() as connection,
        ):
            digest, lines = hashlib.sha256(), 0
            for line in _lines(connection, public_keys):
                content = f"{canonical(line)}\n".encode()
                digest.update(content)
                lines += 1
                out.write(content)
            end = {"end": {"lines": lines, "sha256": digest.hexdigest()}}
            out.write(f"{canonical(end)}\n".encode())
            out.flush()
            os.fsync(out.fileno())
        archive = verify_archive(part)
        part.replace(file)
    except OSError as error:
        raise StorageFull(f"{file}: no backup was written ({error.strerror}).") from None
    finally:
        part.unlink(missing_ok=True)
    return archive


def verify_archive(file: Path) -> Archive:
    """Read the archive to its end. Raises BackupInvalid with the line that is wrong, StoreUnavailable for no file."""
    reader = ArchiveReader(file)
    for _ in reader.entries():
        pass
    return reader.archive


class ArchiveReader:
    """Reads an archive once. `archive` is whole after `entries` came to its end."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.archive = Archive(database_id="", created="")

    def entries(self) -> Iterator[tuple[Entry, str | None]]:
        """Each entry with its payload, in order, verified up to it. Raises BackupInvalid, StoreUnavailable."""
        digest, lines, purged, removed = hashlib.sha256(), 0, dict[str | None, int](), list[Entry]()
        previous = GENESIS
        for content, line in self._objects():
            lines += 1
            where = f"{self._file} line {lines}"
            match line:
                case {"end": {"lines": count, "sha256": sha256}}:
                    if count != lines - 1 or sha256 != digest.hexdigest():
                        raise BackupInvalid(f"{where}: the archive is not the one that was written; take another.")
                    self._refuse_lost_payloads(removed, purged)
                    return
                case {"format": 1, "database_id": str(database_id), "created": str(created)} if lines == 1:
                    self.archive.database_id, self.archive.created = database_id, created
                case {"entry": dict(fields), "payload": str() | None as payload} if lines > 1:
                    entry = self._entry(fields, payload, previous=previous, where=where)
                    previous = entry.sha256
                    purged |= {entry.case_id: entry.seq} if entry.action == "purged" else {}
                    removed += [entry] if payload is None else []
                    yield entry, payload
                case {"checkpoint": str(copy)} if read_checkpoint(copy):
                    self.archive.checkpoints.append(copy)
                case {"secret": dict(fields)} if secret := _secret(fields):
                    self.archive.secrets.append(secret)
                case {"public_key": str(key)}:
                    self.archive.public_keys.append(key)
                case _:
                    raise BackupInvalid(f"{where} is no line of a backup of this release; take another file.")
            digest.update(content)
        raise BackupInvalid(f"{self._file} ends after line {lines}: it was cut off; take another.")

    def _entry(self, fields: dict[str, Any], payload: str | None, *, previous: str, where: str) -> Entry:
        try:
            entry = Entry.model_validate_json(canonical(fields))
        except ValidationError:
            raise BackupInvalid(f"{where} holds no entry of a record; take another file.") from None
        before = self.archive.head.seq if self.archive.head else 0
        sealed_here = entry_sha256(entry) == entry.sha256 and entry.previous == previous and entry.seq == before + 1
        if not sealed_here or (payload is not None and text_sha256(payload) != entry.payload_sha256):
            raise BackupInvalid(f"{where}: entry {entry.seq} is not the one that was recorded; take another file.")
        self.archive.head = entry
        return entry

    def _refuse_lost_payloads(self, removed: list[Entry], purged: dict[str | None, int]) -> None:
        for entry in removed:
            if purged.get(entry.case_id, 0) <= entry.seq:
                raise BackupInvalid(f"{self._file} lacks the payload of entry {entry.seq}, whose case was not purged.")

    def _objects(self) -> Iterator[tuple[bytes, object]]:
        try:
            with self._file.open("rb") as file:
                for content in file:
                    yield content, _parsed(content)
        except OSError as error:
            raise StoreUnavailable(f"{self._file} cannot be read ({error.strerror}).") from None


def _secret(fields: dict[str, Any]) -> Secret | None:
    try:
        return Secret.model_validate(fields)
    except ValidationError:
        return None


def _parsed(content: bytes) -> object:
    """None for a line that is no JSON or was cut off."""
    try:
        return json.loads(content) if content.endswith(b"\n") else None
    except ValueError:
        return None


def _lines(connection: Connection, public_keys: list[str]) -> Iterator[dict[str, Any]]:
    store = connection.execute(select(StoreRow.database_id, StoreRow.created)).one()
    program = f"imr-drafter {__version__}"
    yield {"format": _FORMAT, "database_id": store.database_id, "created": store.created, "program": program}
    asked = select(EntryRow.__table__, PayloadRow.body).outerjoin(PayloadRow, PayloadRow.seq == EntryRow.seq)
    for row in streamed(connection, asked.order_by(EntryRow.seq)):
        yield {"entry": read_entry(row).model_dump(mode="json"), "payload": row.body}
    for body in connection.execute(select(CheckpointRow.body).order_by(CheckpointRow.seq)).scalars():
        yield {"checkpoint": body}
    yield from ({"secret": secret.model_dump(mode="json")} for secret in secrets_of(connection))
    yield from ({"public_key": key} for key in public_keys)
