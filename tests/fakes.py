"""Stand-ins for the outside world, each keeping the contract of what it stands for. They raise when asked for more."""

from __future__ import annotations

from datetime import UTC, datetime


class FixedClock:
    """A clock that stands still."""

    def __init__(self, at: datetime = datetime(2016, 12, 6, 9, 30, tzinfo=UTC)) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at
