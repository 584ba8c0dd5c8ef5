"""How many requests are let in at once, and that everybody who waits gets in."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from drafter.adapters.in_flight import InFlight


class _Counted:
    """Counts who is in, and the most that were."""

    def __init__(self, flight: InFlight) -> None:
        self._flight = flight
        self._lock = threading.Lock()
        self.now = self.most = self.done = 0

    @contextmanager
    def _inside(self) -> Iterator[None]:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        yield
        with self._lock:
            self.now -= 1
            self.done += 1

    def call(self) -> None:
        with self._flight.entered(), self._inside():
            time.sleep(0.001)


def _together(calls: int, counted: _Counted) -> None:
    threads = [threading.Thread(target=counted.call, daemon=True) for _ in range(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)


def test_everybody_who_waits_gets_in_and_never_more_at_once_than_are_let_in() -> None:
    counted = _Counted(InFlight(4))
    _together(200, counted)

    assert (counted.done, counted.most) == (200, 4)


def test_after_a_refusal_fewer_are_let_in_and_still_nobody_waits_for_ever() -> None:
    flight = InFlight(8)
    flight.refused()
    counted = _Counted(flight)
    _together(100, counted)

    assert (counted.done, counted.most) == (100, 4)


def test_a_place_that_is_given_up_goes_to_the_next_who_waits() -> None:
    flight, patient, gone = InFlight(1), threading.Event(), threading.Event()

    def impatient() -> None:
        with flight.entered(given_up=lambda: True) as entered:
            assert not entered
        gone.set()

    def waiting() -> None:
        with flight.entered():
            patient.set()

    with flight.entered():
        threads = [threading.Thread(target=one, daemon=True) for one in (impatient, waiting)]
        for thread in threads:
            thread.start()
        assert gone.wait(5)
        assert not patient.is_set()

    assert patient.wait(5)
