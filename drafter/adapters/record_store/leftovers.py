"""Rows beside the record that are past their time: ended sessions, text that nobody saved, attempts to sign in.

None is part of the record; what the record holds cannot be removed here (`guards.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import ColumnElement, Table, delete, func, or_, select

from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.tables import AttemptRow, SessionRow, UnsavedRow
from drafter.domain.leftovers import Amount, LeftoverKind
from drafter.domain.review.audit import time_text
from drafter.ports import Clock


class RowsPastTheirTime:
    """See `drafter.services.cleaning.Leftover`."""

    def __init__(
        self, database: Database, *, kind: LeftoverKind, kept: str, of: Table, which: ColumnElement[bool], text: str
    ) -> None:
        """`text` names the column whose length counts."""
        self.kind, self.kept = kind, kept
        self._database, self._of, self._which, self._text = database, of, which, text

    def past(self) -> Amount:
        with self._database.read() as connection:
            size = func.coalesce(func.sum(func.length(self._of.c[self._text])), 0)
            count, length = connection.execute(select(func.count(), size).where(self._which)).one()
        return Amount(count=count, bytes=length)

    def remove(self) -> Amount:
        amount = self.past()
        if amount.count:
            with self._database.write() as connection:
                connection.execute(delete(self._of).where(self._which))
            self._database.forget_removed()
        return amount


def ended_sessions(database: Database, *, idle: timedelta, absolute: timedelta, clock: Clock) -> RowsPastTheirTime:
    now = clock.now()
    over = or_(
        SessionRow.last_seen < time_text(now - idle),
        SessionRow.created < time_text(now - absolute),
    )
    kept = f"{idle // timedelta(minutes=1)} minutes idle, {absolute // timedelta(hours=1)} hours in all"
    return _rows(database, kind="sessions", kept=kept, of=SessionRow, which=over, text="data")


def unsaved_texts(database: Database, *, days: int, clock: Clock) -> RowsPastTheirTime:
    over = UnsavedRow.at < time_text(clock.now() - timedelta(days=days))
    return _rows(database, kind="unsaved", kept=f"{days} days", of=UnsavedRow, which=over, text="text")


def old_attempts(database: Database, *, clock: Clock) -> RowsPastTheirTime:
    """A day is many windows of a quarter of an hour."""
    over = AttemptRow.at < (clock.now() - timedelta(days=1)).timestamp()
    return _rows(database, kind="attempts", kept="1 day", of=AttemptRow, which=over, text="counted")


def _rows(
    database: Database, *, kind: LeftoverKind, kept: str, of: object, which: ColumnElement[bool], text: str
) -> RowsPastTheirTime:
    table: Mapping[str, object] = vars(of)
    found = table["__table__"]
    assert isinstance(found, Table)
    return RowsPastTheirTime(database, kind=kind, kept=kept, of=found, which=which, text=text)
