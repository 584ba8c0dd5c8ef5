"""What somebody does is counted against what her role may within a day, before it is done: a refusal loses nothing.

A day is the last 24 hours, so that nobody waits for midnight. Processes of a desk on PostgreSQL keep one count
(tests/integration/test_quotas.py); on SQLite it lies in memory and begins anew after a restart.
"""

from __future__ import annotations

from drafter.adapters.attempts import Windows, in_a_day, windows_here
from drafter.domain.review.people import Account
from drafter.domain.review.quotas import Counted, QuotaTable, quota_of
from drafter.errors import QuotaReached


class Quotas:
    def __init__(self, table: QuotaTable, *, windows: Windows | None = None) -> None:
        self._table = table
        self._windows = windows or windows_here()

    def count(self, account: Account, what: Counted, *, cost: int = 1) -> None:
        """Counts `cost` of these; raises QuotaReached, and counts nothing, where that is more than she may."""
        most = quota_of(account, what, self._table)
        if most is None or cost < 1 or self._windows.hit(in_a_day(most), what, account.account_id, cost=cost):
            return
        asked = f" This would be {cost} at once." if cost > 1 else ""
        raise QuotaReached(f"Your role may have {most} {what} within 24 hours, and that is reached.{asked}")
