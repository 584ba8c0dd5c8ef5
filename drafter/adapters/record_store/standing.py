"""How the record is, asked in one short reading transaction: reachable, at this release's tables, its last entry."""

from __future__ import annotations

from sqlalchemy import select

from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.rows import read_entry
from drafter.adapters.record_store.schema import newest_revision, revision_of
from drafter.adapters.record_store.tables import EntryRow, StoreRow
from drafter.domain.health import Part
from drafter.domain.review.audit import Entry

_LAST = select(EntryRow.__table__).order_by(EntryRow.seq.desc()).limit(1)


class RecordStanding:
    """Of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._newest = newest_revision()

    def look(self) -> Part:
        """Raises StoreUnavailable where it cannot be reached."""
        with self._database.read() as connection:
            revision = revision_of(connection)
        if revision != self._newest:
            told = f"The record is at revision {revision}, this program needs {self._newest}; restart the desk."
            return Part(name="record", state="failed", told=told)
        return Part(name="record")

    def last_entry(self) -> Entry | None:
        with self._database.read() as connection:
            row = connection.execute(_LAST).first()
        return read_entry(row) if row else None

    def database_id(self) -> str:
        with self._database.read() as connection:
            return str(connection.execute(select(StoreRow.database_id)).scalar_one())
