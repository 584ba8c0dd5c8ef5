"""A record is verified from the database alone and the checkpoints outside it; no server, no desk.

Everything is computed anew and compared: the chain, every payload with its entry, the rows of cases and accounts with
what the entries add up to, the checkpoints with file, copies and entries, the guards of the database. The database is
read in one transaction and not written to, so that a desk may go on working beside it.
Proved by tests/integration/test_record_tampering.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, inspect, select, text

from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.guards import missing_guards
from drafter.adapters.record_store.projections import projection_faults
from drafter.adapters.record_store.reading import streamed
from drafter.adapters.record_store.rows import read_entry
from drafter.adapters.record_store.tables import CheckpointRow, EntryRow, PayloadRow, StoreRow
from drafter.domain.model import DomainModel
from drafter.domain.review.audit import GENESIS, Entry, text_sha256, verify_chain
from drafter.domain.review.checkpoints import (
    Checkpoint,
    Signed,
    compare_copies,
    compare_record,
    living,
    read_checkpoint,
    verify_lines,
)
from drafter.domain.review.faults import RecordFault
from drafter.errors import RecordDamaged, RecordError, StoreUnavailable


@dataclass(frozen=True, kw_only=True)
class FiledCheckpoints:
    """What stands outside the database: the lines of the file (None: no file; a None among them: a line that is no
    checkpoint), the signed head, and whose signatures count."""

    lines: tuple[Checkpoint | None, ...] | None
    head: Checkpoint | None
    head_expected: bool
    is_signed: Signed


class Verified(DomainModel):
    """What was verified and what is wrong. `sha256` is that of the last entry, 64 zeros where there is none."""

    database_id: str
    entries: int
    sha256: str
    checkpoints: int
    faults: tuple[RecordFault, ...]


def database_id_of(database: Database) -> str:
    """Empty for a record that lost its name. Raises StoreUnavailable where there is no record, RecordDamaged."""
    with database.read() as connection:
        tables = inspect(connection)
        if not tables.has_table("entries"):
            raise StoreUnavailable(f"{database.where} holds no record; name another with --database.")
        found = connection.execute(select(StoreRow.database_id)).scalar() if tables.has_table("store") else None
        return str(found or "")


def unreadable(database: Database, error: RecordDamaged) -> Verified:
    """What is to be said of a database that cannot even be opened."""
    database.close()
    fault = RecordFault(fault="database-damaged", message=str(error))
    return Verified(database_id="", entries=0, sha256=GENESIS, checkpoints=0, faults=(fault,))


def verify_record(
    database: Database, *, database_id: str, filed: FiledCheckpoints, exported: str | None = None
) -> Verified:
    """Every fault of the record. `exported` is the SHA-256 of a file that left the desk, to be looked for."""
    reading = _Reading()
    faults: list[RecordFault] = []
    try:
        with database.read() as connection:
            for found in _faults(connection, reading, filed, database_id=database_id, exported=exported):
                faults.append(found)
    except RecordError as error:
        faults.append(RecordFault(fault="database-damaged", message=str(error)))
    lines = living([line for line in filed.lines or () if line])
    return Verified(
        database_id=database_id,
        entries=reading.count,
        sha256=reading.last.sha256 if reading.last else GENESIS,
        checkpoints=len(lines),
        faults=tuple(faults),
    )


def _faults(
    connection: Connection, reading: _Reading, filed: FiledCheckpoints, *, database_id: str, exported: str | None
) -> Iterator[RecordFault]:
    yield from _damage(connection)
    for guard in missing_guards(connection):
        message = f"the database's guard {guard} was taken away, switched off or rewritten"
        yield RecordFault(fault="guard-missing", message=message)
    whole = list(verify_chain(reading.entries(connection)))
    yield from whole
    yield from reading.faults
    yield from _checkpoint_faults(connection, reading, filed, database_id=database_id)
    if exported is not None and exported not in reading.exports:
        message = "no entry has this file's SHA-256: it did not leave this desk, or was changed since"
        yield RecordFault(fault="export-unknown", message=message)
    if not whole and not reading.faults:
        yield from _projection_faults(connection)


def _damage(connection: Connection) -> Iterator[RecordFault]:
    """What SQLite finds in its own file; a PostgreSQL server watches over its own."""
    if connection.dialect.name != "sqlite":
        return
    for said in connection.execute(text("PRAGMA integrity_check(5)")).scalars():
        if said != "ok":
            yield RecordFault(fault="database-damaged", message=f"SQLite finds its file damaged: {said}")


def _checkpoint_faults(
    connection: Connection, reading: _Reading, filed: FiledCheckpoints, *, database_id: str
) -> Iterator[RecordFault]:
    bodies = connection.execute(select(CheckpointRow.body).order_by(CheckpointRow.seq)).scalars()
    copies = [read_checkpoint(body) for body in bodies]
    yield from verify_lines(copies, is_signed=filed.is_signed, what="copy {} in the database")
    if filed.lines is None:
        message = "there is no checkpoint file; put it back, or name a copy of it with --checkpoints"
        yield RecordFault(fault="checkpoint-file-missing", message=message)
    lines = filed.lines or ()
    yield from verify_lines(lines, is_signed=filed.is_signed, what="line {} of the checkpoint file")
    current = living([line for line in lines if line])
    if filed.lines is not None:
        signed_head = filed.head if filed.head and filed.is_signed(filed.head) else None
        filed_to = signed_head.seq if signed_head else None
        yield from compare_copies(current, [copy for copy in copies if copy], filed_to=filed_to)
    if filed.head is None and filed.head_expected:
        yield RecordFault(fault="head-missing", message="the signed head beside the checkpoint file is missing")
    if filed.head and not filed.is_signed(filed.head):
        message = "the signed head is not signed by a known key"
        yield RecordFault(fault="checkpoint-forged", seq=filed.head.seq, message=message)
    told = [*current, *([filed.head] if filed.head else [])] or [copy for copy in copies if copy]
    head = reading.last.seq if reading.last else 0
    yield from compare_record(told, database_id=database_id, head=head, sealed_at=reading.sealed_at)


def _projection_faults(connection: Connection) -> Iterator[RecordFault]:
    try:
        yield from projection_faults(connection)
    except (ValueError, KeyError):
        message = "the entries of a case do not add up: one of them is of an event that could not happen there"
        yield RecordFault(fault="case-row-altered", message=message)


class _Reading:
    """One pass over entries and payloads; what it saw that others ask for."""

    def __init__(self) -> None:
        self.faults: list[RecordFault] = []
        self.sealed_at: dict[int, str] = {}
        self.exports: set[str] = set()
        self.count = 0
        self.last: Entry | None = None

    def entries(self, connection: Connection) -> Iterator[Entry]:
        """Every entry that can be read, in order, its payload looked at by the way."""
        purges = select(EntryRow.case_id, func.max(EntryRow.seq).label("seq")).where(EntryRow.action == "purged")
        purged_at = {row.case_id: row.seq for row in connection.execute(purges.group_by(EntryRow.case_id))}
        asked = select(EntryRow.__table__, PayloadRow.body).outerjoin(PayloadRow, PayloadRow.seq == EntryRow.seq)
        for row in streamed(connection, asked.order_by(EntryRow.seq)):
            self.count += 1
            try:
                entry = read_entry(row)
            except RecordDamaged:
                message = f"entry {row.seq} is not one that the desk could have written"
                self.faults.append(RecordFault(fault="entry-altered", seq=row.seq, message=message))
                continue
            self.sealed_at[entry.seq] = entry.sha256
            self.last = entry
            self._look_at_payload(entry, row, purged=purged_at.get(entry.case_id, 0) > entry.seq)
            yield entry
        foreign = select(PayloadRow.seq).where(PayloadRow.seq.not_in(select(EntryRow.seq)))
        for seq in connection.execute(foreign).scalars():
            message = f"there is a payload {seq} without an entry"
            self.faults.append(RecordFault(fault="payload-foreign", seq=seq, message=message))

    def _look_at_payload(self, entry: Entry, row: Row[Any], *, purged: bool) -> None:
        if row.body is None:
            if not purged:
                message = f"the payload of entry {entry.seq} is missing, and its case was not purged"
                self.faults.append(RecordFault(fault="payload-missing", seq=entry.seq, message=message))
        elif purged:
            message = f"the payload of entry {entry.seq} was to be removed when its case was purged, and is there"
            self.faults.append(RecordFault(fault="payload-left", seq=entry.seq, message=message))
        elif not isinstance(row.body, str) or text_sha256(row.body) != entry.payload_sha256:
            message = f"the payload of entry {entry.seq} is not the one that was recorded"
            self.faults.append(RecordFault(fault="payload-altered", seq=entry.seq, message=message))
        elif entry.action == "exported":
            self.exports.add(json.loads(row.body).get("sha256"))
