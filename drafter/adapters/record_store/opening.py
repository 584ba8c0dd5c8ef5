"""Which database the settings name, brought to this release before it is used."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert, select

from drafter import __version__
from drafter.adapters.checkpoints import CheckpointFolder, SigningKey
from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.postgres import PostgresDatabase
from drafter.adapters.record_store.schema import bring_up_to_date, newest_revision
from drafter.adapters.record_store.sqlite import SqliteDatabase
from drafter.adapters.record_store.store import SqlRecordStore
from drafter.adapters.record_store.tables import StoreRow
from drafter.adapters.record_store.witness import Witness
from drafter.domain.review.audit import new_entry, time_text
from drafter.domain.review.events import StoreOpened
from drafter.domain.review.people import SYSTEM
from drafter.domain.watching import UNWATCHED
from drafter.errors import RecordDamaged
from drafter.ports import Clock, Watch


@dataclass(frozen=True, kw_only=True)
class CheckpointPlaces:
    """Where checkpoints are filed and where the keys are."""

    folder: Path
    keys: Path

    def witness(self, database_id: str) -> Witness:
        return Witness(CheckpointFolder(self.folder, database_id), SigningKey(self.keys), database_id=database_id)


def named_database(*, home: Path, url: str | None) -> Database:
    """The database at this address, else the SQLite file of the home. Opens nothing. Raises SettingInvalid."""
    if url is None:
        return SqliteDatabase(home / "desk.sqlite3")
    file = url.removeprefix("sqlite:///")
    return SqliteDatabase(Path(file).expanduser().absolute()) if file != url else PostgresDatabase(url)


def open_record_store(
    database: Database,
    *,
    clock: Clock,
    checkpoints: CheckpointPlaces | None = None,
    watch: Watch = UNWATCHED,
) -> SqlRecordStore:
    """The store, created where there is none and brought to this release. Raises StoreUnavailable and RecordDamaged.

    What it was opened with is recorded where that is another than last time: database and version, program, tables.
    With `checkpoints` every checkpoint is signed and filed there; a record that is older than they say is not opened.
    """
    database_id = prepare(database, clock=clock)
    witness = checkpoints.witness(database_id) if checkpoints else None
    if witness:
        _refuse_contradicted(database, witness)
    store = SqlRecordStore(database, clock=clock, witness=witness, watch=watch)
    _record_opening(store, database_id)
    return store


def prepare(database: Database, *, clock: Clock) -> str:
    """Create or bring to this release; the database's id."""
    database.create()
    bring_up_to_date(database)
    with database.write() as connection:
        database_id = connection.execute(select(StoreRow.database_id)).scalar()
        if database_id is None:
            database_id = uuid.uuid4().hex
            connection.execute(insert(StoreRow), [{"database_id": database_id, "created": time_text(clock.now())}])
    return database_id


def _refuse_contradicted(database: Database, witness: Witness) -> None:
    with database.read() as connection:
        told = witness.contradictions(connection)
    if told:
        raise RecordDamaged(
            f"{database.where} is not opened: {told[0].message}. Run `drafter audit verify`; where an older state is "
            "wanted, `drafter restore` it with a reason."
        )


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
