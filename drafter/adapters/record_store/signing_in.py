"""What processes of the desk count together in the database: attempts to sign in, what somebody did today, used
one-time codes, and ways to the identity provider that were gone. Who was refused at one process is refused at the
other, and a code or an answer of the provider holds once whichever it was shown to
(tests/integration/test_signing_in_together.py). Kept for a while; no part of the record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from drafter.adapters.attempts import Limit
from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.tables import AttemptRow, UsedCodeRow
from drafter.ports import Clock

_SIGN_ON = "sign-on"


class SqlWindows:
    """Moving windows. See `drafter.adapters.attempts.Windows`."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def hit(self, item: Limit, *identifiers: str, cost: int = 1) -> bool:
        """Writing transactions come one after the other, so that no two count the same place."""
        counted, now = item.key_for(*identifiers), self._clock.now().timestamp()
        over = delete(AttemptRow).where(AttemptRow.counted == counted, AttemptRow.at <= now - item.get_expiry())
        with self._database.write() as connection:
            connection.execute(over)
            held = select(func.count()).select_from(AttemptRow).where(AttemptRow.counted == counted)
            if connection.execute(held).scalar_one() + cost > item.amount:
                return False
            connection.execute(insert(AttemptRow), [{"counted": counted, "at": now}] * cost)
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


class SqlUsedFlows:
    """See `drafter.adapters.used_flows.UsedFlows`. A way that was gone stands among the used codes until it would have
    been too late for it anyway."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def take(self, flow: str, *, until: datetime) -> bool:
        over = delete(UsedCodeRow).where(
            UsedCodeRow.purpose == _SIGN_ON, UsedCodeRow.step < int(self._clock.now().timestamp())
        )
        mine = (UsedCodeRow.owner == flow, UsedCodeRow.purpose == _SIGN_ON)
        with self._database.write() as connection:
            connection.execute(over)
            if connection.execute(select(UsedCodeRow.step).where(*mine)).scalar() is not None:
                return False
            row = {"owner": flow, "purpose": _SIGN_ON, "step": int(until.timestamp()) + 1}
            connection.execute(insert(UsedCodeRow), [row])
            return True
