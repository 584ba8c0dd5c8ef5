"""Attempts to sign in and used one-time codes in the database, so that several processes of the desk keep one count:
who was refused at one is refused at the other, and a code holds once whichever it was shown to
(tests/integration/test_signing_in_together.py). Kept for a while; no part of the record."""

from __future__ import annotations

from sqlalchemy import delete, func, insert, select, update

from drafter.adapters.attempts import Limit
from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.tables import AttemptRow, UsedCodeRow
from drafter.ports import Clock


class SqlWindows:
    """Moving windows. See `drafter.adapters.attempts.Windows`."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def hit(self, item: Limit, *identifiers: str) -> bool:
        """Writing transactions come one after the other, so that no two count the same place."""
        counted, now = item.key_for(*identifiers), self._clock.now().timestamp()
        over = delete(AttemptRow).where(AttemptRow.counted == counted, AttemptRow.at <= now - item.get_expiry())
        with self._database.write() as connection:
            connection.execute(over)
            held = select(func.count()).select_from(AttemptRow).where(AttemptRow.counted == counted)
            if connection.execute(held).scalar_one() >= item.amount:
                return False
            connection.execute(insert(AttemptRow), [{"counted": counted, "at": now}])
            return True

    def clear(self, item: Limit, *identifiers: str) -> None:
        with self._database.write() as connection:
            connection.execute(delete(AttemptRow).where(AttemptRow.counted == item.key_for(*identifiers)))


class SqlUsedCodes:
    """See `drafter.adapters.second_factor.UsedCodes`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, owner: str, purpose: str, step: int) -> bool:
        mine = (UsedCodeRow.owner == owner, UsedCodeRow.purpose == purpose)
        with self._database.write() as connection:
            last = connection.execute(select(UsedCodeRow.step).where(*mine)).scalar()
            if last is None:
                connection.execute(insert(UsedCodeRow), [{"owner": owner, "purpose": purpose, "step": step}])
            elif step > last:
                connection.execute(update(UsedCodeRow).where(*mine).values(step=step))
            return last is None or step > last
