"""The clock: the only file of `drafter` that asks what time it is."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, tzinfo


class SystemClock:
    """See `drafter.ports.Clock`. `zone` is where `today` is taken."""

    def __init__(self, zone: tzinfo = UTC) -> None:
        self._zone = zone

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def today(self) -> date:
        return datetime.now(tz=self._zone).date()

    def now(self) -> datetime:
        return datetime.now(tz=UTC)
