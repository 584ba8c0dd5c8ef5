"""A record is put back from an archive, into an empty place and told in the record itself.

Nothing is overwritten: an SQLite file that stands there is kept under another name, a PostgreSQL database has to be
empty. The archive is verified before anything is touched. Where the signed checkpoints know of more than the archive
holds, it is refused unless a reason is given; the reason is the first thing that the restored record says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from sqlalchemy import Connection, insert, inspect

from drafter.adapters.checkpoints import keep_public_key
from drafter.adapters.record_store.archive import ArchiveReader, verify_archive
from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.opening import CheckpointPlaces
from drafter.adapters.record_store.projections import write_projections
from drafter.adapters.record_store.rows import entry_values
from drafter.adapters.record_store.schema import migrate
from drafter.adapters.record_store.secrets import secrets_in_entries, write_secrets
from drafter.adapters.record_store.sqlite import SqliteDatabase
from drafter.adapters.record_store.store import SqlRecordStore
from drafter.adapters.record_store.tables import CheckpointRow, EntryRow, PayloadRow, StoreRow
from drafter.adapters.record_store.witness import Witness
from drafter.domain.review.audit import Entry, new_entry
from drafter.domain.review.checkpoints import read_checkpoint
from drafter.domain.review.events import Restored
from drafter.domain.review.people import SYSTEM
from drafter.errors import RecordDamaged, StoreUnavailable
from drafter.ports import Clock

_AT_ONCE = 500
AS_IT_WAS = "restored as it was"


@dataclass(frozen=True, kw_only=True)
class Restoration:
    """`entry` is the one that tells of the restore, `kept_as` the file that stood there before."""

    entries: int
    entry: Entry
    kept_as: Path | None


def restore_archive(
    database: Database, file: Path, *, places: CheckpointPlaces, clock: Clock, reason: str | None
) -> Restoration:
    """Put the record of `file` where `database` is. `reason`: why an older state than the checkpoints' is wanted.

    Raises BackupInvalid for a file that is no whole backup, RecordDamaged where the checkpoints know of more and no
    reason is given, StoreUnavailable where the desk is running or the database is not empty. Then nothing was changed.
    """
    archive = verify_archive(file)
    if archive.head is None:
        raise StoreUnavailable(f"{file} holds a record without an entry; there is nothing to restore.")
    for key in archive.public_keys:
        keep_public_key(places.keys, key)
    witness = places.witness(archive.database_id)
    with _emptied(database) as (empty, put_in_place):
        with empty.write() as connection:
            if inspect(connection).has_table("entries"):
                raise StoreUnavailable(f"{empty.where} is not empty; make an empty database and name it.")
            _load(connection, file, where=empty.where)
            _refuse_contradicted(connection, witness, file, reason=reason)
        kept_as = put_in_place()
    store = SqlRecordStore(database, clock=clock, witness=witness)
    told = Restored(seq=archive.head.seq, reason=reason or AS_IT_WAS)
    entry = store.append(new_entry(told, actor=SYSTEM, request_id=f"restored-{archive.head.sha256}-{clock.now():%s%f}"))
    store.close()
    return Restoration(entries=archive.head.seq, entry=entry, kept_as=kept_as)


def _load(connection: Connection, file: Path, *, where: str) -> None:
    """Everything of the archive into an empty database, inside its transaction."""
    migrate(connection, where=where)
    reader = ArchiveReader(file)
    named = False
    for chunk in _chunks(reader):
        if not named:
            store = {"database_id": reader.archive.database_id, "created": reader.archive.created}
            connection.execute(insert(StoreRow), [store])
            named = True
        connection.execute(insert(EntryRow), [entry_values(entry) for entry, _ in chunk])
        payloads = [{"seq": entry.seq, "body": body} for entry, body in chunk if body is not None]
        if payloads:
            connection.execute(insert(PayloadRow), payloads)
    copies = [(read, line) for line in reader.archive.checkpoints if (read := read_checkpoint(line))]
    if copies:
        connection.execute(insert(CheckpointRow), [{"seq": copy.seq, "body": line} for copy, line in copies])
    write_projections(connection)
    write_secrets(connection, secrets_in_entries(connection))
    write_secrets(connection, reader.archive.secrets)


def _chunks(reader: ArchiveReader) -> Iterator[list[tuple[Entry, str | None]]]:
    chunk: list[tuple[Entry, str | None]] = []
    for recorded in reader.entries():
        chunk.append(recorded)
        if len(chunk) == _AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _refuse_contradicted(connection: Connection, witness: Witness, file: Path, *, reason: str | None) -> None:
    told = witness.contradictions(connection)
    if told and reason is None:
        raise RecordDamaged(
            f"{file} was not restored: {told[0].message}. Give a reason with --older-because to go back to it all the "
            "same; the record will tell."
        )


@contextmanager
def _emptied(database: Database) -> Iterator[tuple[Database, Callable[[], Path | None]]]:
    """An empty database to fill, and how it then takes the place of the one that is meant."""
    if not isinstance(database, SqliteDatabase):
        yield database, lambda: None
        return
    with database.not_in_use():
        fresh = SqliteDatabase(database.path.with_name(f"{database.path.name}.restoring"))
        fresh.remove()
        fresh.create()
        try:
            yield fresh, lambda: _take_place(fresh, database)
        finally:
            fresh.remove()


def _take_place(fresh: SqliteDatabase, database: SqliteDatabase) -> Path | None:
    """The filled file gets the name; what stood there is kept beside it under the next free name."""
    fresh.close()
    if not database.path.exists():
        fresh.move_to(database.path)
        return None
    names = (database.path.with_name(f"{database.path.name}.before-restore-{number}") for number in count(1))
    kept = next(name for name in names if not name.exists())
    database.move_to(kept)
    fresh.move_to(database.path)
    return kept
