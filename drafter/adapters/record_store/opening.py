"""Which database the settings name, brought to this release before it is used."""

from __future__ import annotations

import uuid
from pathlib import Path

from sqlalchemy import insert, select

from drafter import __version__
from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.postgres import PostgresDatabase
from drafter.adapters.record_store.schema import migrate, newest_revision, revision_of
from drafter.adapters.record_store.sqlite import SqliteDatabase
from drafter.adapters.record_store.store import SqlRecordStore
from drafter.adapters.record_store.tables import StoreRow
from drafter.domain.review.audit import new_entry, time_text
from drafter.domain.review.events import StoreOpened
from drafter.domain.review.people import SYSTEM
from drafter.ports import Clock


def named_database(*, home: Path, url: str | None) -> Database:
    """PostgreSQL where an address is given, else the SQLite file of the home. Opens nothing. Raises SettingInvalid."""
    return SqliteDatabase(home / "desk.sqlite3") if url is None else PostgresDatabase(url)


def open_record_store(database: Database, *, clock: Clock) -> SqlRecordStore:
    """The store, created where there is none and brought to this release. Raises StoreUnavailable and RecordDamaged.

    What it was opened with is recorded where that is another than last time: database and version, program, tables.
    """
    database.create()
    with database.write() as connection:
        if revision_of(connection) != newest_revision():
            migrate(connection, where=database.where)
        database_id = connection.execute(select(StoreRow.database_id)).scalar()
        if database_id is None:
            database_id = uuid.uuid4().hex
            connection.execute(insert(StoreRow), [{"database_id": database_id, "created": time_text(clock.now())}])
    store = SqlRecordStore(database, clock=clock)
    _record_opening(store, database_id)
    return store


def _record_opening(store: SqlRecordStore, database_id: str) -> None:
    opened = StoreOpened(
        database_id=database_id,
        database=store.database.version,
        program=f"imr-drafter {__version__}",
        revision=newest_revision(),
    )
    last = None
    for moment in store.history(actions=("store-opened",)):
        last = moment.event
    if last != opened:
        store.append(new_entry(opened, actor=SYSTEM, request_id=f"store-opened-{uuid.uuid4().hex}"))
