"""How many requests may be under way: fewer after every "too many requests", slowly more again after each success.

Additive increase, multiplicative decrease, as in TCP congestion control (Chiu and Jain, 1989). And a breaker: after
several requests in a row that reached nobody, nobody is asked for a while.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from drafter.ports import Clock

BREAKS_AFTER = 3
REST_SECONDS = 30.0
LOOK_SECONDS = 0.05  # how often somebody who waits looks whether he still wants to


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
    def entered(self, *, given_up: Callable[[], bool] | None = None) -> Iterator[bool]:
        """Waits for a place; gives False, without one, where the caller has given up meanwhile."""
        with self._changed:
            while self._now >= self.limit and not (given_up and given_up()):
                self._changed.wait(LOOK_SECONDS if given_up else None)
            entered = not (given_up and given_up())
            self._now += entered
        try:
            yield entered
        finally:
            with self._changed:
                self._now -= entered
                self._changed.notify(self.limit - self._now)

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
