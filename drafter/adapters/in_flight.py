"""How many requests may be under way: fewer after every "too many requests", slowly more again after each success.

Additive increase, multiplicative decrease, as in TCP congestion control (Chiu and Jain, 1989). And a breaker: after
several requests in a row that reached nobody, nobody is asked for a while.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from drafter.ports import Clock

BREAKS_AFTER = 3
REST_SECONDS = 30.0


class InFlight:
    """Lets at most `most` callers in at once."""

    def __init__(self, most: int) -> None:
        self._most = float(most)
        self._limit = float(most)
        self._now = 0
        self._changed = threading.Condition()

    @property
    def limit(self) -> int:
        return max(1, int(self._limit))

    @contextmanager
    def entered(self) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: self._now < self.limit)
            self._now += 1
        try:
            yield
        finally:
            with self._changed:
                self._now -= 1
                self._changed.notify_all()

    def succeeded(self) -> None:
        with self._changed:
            self._limit = min(self._most, self._limit + 1 / self._limit)

    def refused(self) -> None:
        with self._changed:
            self._limit = max(1.0, self._limit / 2)


class Breaker:
    """Open after `BREAKS_AFTER` failures in a row, for `REST_SECONDS`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures = 0
        self._until = 0.0
        self._lock = threading.Lock()

    @property
    def open(self) -> bool:
        return self._clock.monotonic() < self._until

    def reached(self) -> None:
        with self._lock:
            self._failures = 0

    def missed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= BREAKS_AFTER:
                self._until = self._clock.monotonic() + REST_SECONDS
                self._failures = 0
