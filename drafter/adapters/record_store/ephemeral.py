"""Sessions and unsaved text: written like the record, and no part of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update

from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.rows import read_session, read_unsaved, session_values, unsaved_values
from drafter.adapters.record_store.tables import SessionRow, UnsavedRow
from drafter.domain.review.audit import time_text
from drafter.domain.review.sessions import Session, Unsaved


class SqlSessions:
    """See `drafter.ports.Sessions`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, session: Session) -> None:
        with self._database.write() as connection:
            connection.execute(insert(SessionRow), [session_values(session)])

    def find(self, key_sha256: str) -> Session | None:
        with self._database.read() as connection:
            asked = select(SessionRow.__table__).where(SessionRow.key_sha256 == key_sha256)
            row = connection.execute(asked).first()
            return read_session(row) if row else None

    def touch(self, key_sha256: str, *, at: datetime, data: str | None = None) -> None:
        values = {"last_seen": time_text(at)} | ({} if data is None else {"data": data})
        with self._database.write() as connection:
            connection.execute(update(SessionRow).where(SessionRow.key_sha256 == key_sha256).values(**values))

    def remove(self, key_sha256: str) -> None:
        with self._database.write() as connection:
            connection.execute(delete(SessionRow).where(SessionRow.key_sha256 == key_sha256))

    def remove_of(self, account_id: str) -> int:
        with self._database.write() as connection:
            return connection.execute(delete(SessionRow).where(SessionRow.account_id == account_id)).rowcount

    def expire(self, *, seen_before: datetime, created_before: datetime) -> int:
        over = or_(
            SessionRow.last_seen < time_text(seen_before),
            SessionRow.created < time_text(created_before),
        )
        with self._database.write() as connection:
            return connection.execute(delete(SessionRow).where(over)).rowcount


class SqlUnsavedTexts:
    """See `drafter.ports.UnsavedTexts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, unsaved: Unsaved) -> None:
        with self._database.write() as connection:
            connection.execute(
                delete(UnsavedRow).where(
                    UnsavedRow.account_id == unsaved.account_id,
                    UnsavedRow.case_id == unsaved.case_id,
                    UnsavedRow.item == unsaved.item,
                )
            )
            connection.execute(insert(UnsavedRow), [unsaved_values(unsaved)])

    def find(self, account_id: str, case_id: str) -> tuple[Unsaved, ...]:
        asked = select(UnsavedRow.__table__).where(UnsavedRow.account_id == account_id, UnsavedRow.case_id == case_id)
        with self._database.read() as connection:
            return tuple(map(read_unsaved, connection.execute(asked.order_by(UnsavedRow.item))))

    def drop(self, account_id: str, case_id: str, item: int | None = None) -> None:
        dropped = delete(UnsavedRow).where(UnsavedRow.account_id == account_id, UnsavedRow.case_id == case_id)
        with self._database.write() as connection:
            connection.execute(dropped if item is None else dropped.where(UnsavedRow.item == item))
