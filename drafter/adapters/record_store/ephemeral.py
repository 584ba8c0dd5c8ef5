"""Sessions and unsaved text: written like the record, and no part of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update

from drafter.adapters.record_store.commits import SharedCommits
from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.rows import read_session, read_unsaved, session_values, unsaved_values
from drafter.adapters.record_store.tables import SessionRow, UnsavedRow
from drafter.domain.review.audit import time_text
from drafter.domain.review.sessions import Session, Unsaved


class SqlSessions:
    """See `drafter.ports.Sessions`."""

    def __init__(self, database: Database, commits: SharedCommits) -> None:
        self._database = database
        self._commits = commits

    def add(self, session: Session) -> None:
        self._commits.run(lambda connection: connection.execute(insert(SessionRow), [session_values(session)]))

    def find(self, key_sha256: str) -> Session | None:
        with self._database.look() as connection:
            asked = select(SessionRow.__table__).where(SessionRow.key_sha256 == key_sha256)
            row = connection.execute(asked).first()
            return read_session(row) if row else None

    def touch(self, key_sha256: str, *, at: datetime, data: str | None = None) -> None:
        values = {"last_seen": time_text(at)} | ({} if data is None else {"data": data})
        moved = update(SessionRow).where(SessionRow.key_sha256 == key_sha256).values(**values)
        self._commits.run(lambda connection: connection.execute(moved))

    def remove(self, key_sha256: str) -> None:
        self._remove(SessionRow.key_sha256 == key_sha256)

    def remove_of(self, account_id: str) -> int:
        return self._remove(SessionRow.account_id == account_id)

    def expire(self, *, seen_before: datetime, created_before: datetime) -> int:
        return self._remove(
            or_(SessionRow.last_seen < time_text(seen_before), SessionRow.created < time_text(created_before))
        )

    def _remove(self, which: ColumnElement[bool]) -> int:
        return self._commits.run(lambda connection: connection.execute(delete(SessionRow).where(which)).rowcount)


class SqlUnsavedTexts:
    """See `drafter.ports.UnsavedTexts`."""

    def __init__(self, database: Database, commits: SharedCommits) -> None:
        self._database = database
        self._commits = commits

    def keep(self, unsaved: Unsaved) -> None:
        before = _of_person(unsaved.account_id, unsaved.case_id, unsaved.item)

        def write(connection: Connection) -> None:
            connection.execute(delete(UnsavedRow).where(before))
            connection.execute(insert(UnsavedRow), [unsaved_values(unsaved)])

        self._commits.run(write)

    def find(self, account_id: str, case_id: str) -> tuple[Unsaved, ...]:
        asked = select(UnsavedRow.__table__).where(_of_person(account_id, case_id, None)).order_by(UnsavedRow.item)
        with self._database.look() as connection:
            return tuple(map(read_unsaved, connection.execute(asked)))

    def drop(self, account_id: str, case_id: str, item: int | None = None) -> None:
        """Where nothing is kept, nothing waits for the disk."""
        which = _of_person(account_id, case_id, item)
        with self._database.look() as connection:
            if connection.execute(select(UnsavedRow.item).where(which)).first() is None:
                return
        self._commits.run(lambda connection: connection.execute(delete(UnsavedRow).where(which)))


def _of_person(account_id: str, case_id: str, item: int | None) -> ColumnElement[bool]:
    """Of one item, or of every item of the case where none is named."""
    of_case = and_(UnsavedRow.account_id == account_id, UnsavedRow.case_id == case_id)
    return of_case if item is None else and_(of_case, UnsavedRow.item == item)
