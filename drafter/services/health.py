"""Looks at every part of a process at once, and never for longer than it was told.

Whoever asks whether the desk is up must not wait for what keeps it from being up: each part is looked at in a thread of
its own, which is left behind when the time is over; one that is still looking is not asked a second time. What was
found holds for a moment, so that many who ask cost as much as one (tests/unit/test_health.py).
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from drafter.domain.health import Health, Part, PartName, PartState
from drafter.errors import DrafterError
from drafter.ports import Clock
from guideline_corpus.errors import CorpusError

SECONDS = 2.0
HOLDS_SECONDS = 1.0
Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class Probe:
    """How a part is looked at. Where that fails or takes too long, the process is not ready if the part is `needed`."""

    name: PartName
    look: Callable[[], Part]
    needed: bool = False

    def failing(self, told: str) -> Part:
        state: PartState = "failed" if self.needed else "degraded"
        return Part(name=self.name, state=state, told=told)


class HealthCheck:
    """Safe to be asked from many threads."""

    def __init__(self, probes: Sequence[Probe], *, clock: Clock, seconds: float = SECONDS) -> None:
        self._looks = tuple((probe, Asking(probe.look)) for probe in probes)
        self._clock = clock
        self._seconds = seconds
        self._turn = threading.Lock()
        self._found: Health | None = None
        self._until = 0.0

    def look(self) -> Health:
        """How the parts are now, or were a moment ago; after `seconds` at the latest."""
        with self._turn:
            if self._found is None or self._clock.monotonic() >= self._until:
                for _, look in self._looks:
                    look.begin()
                end = time.monotonic() + self._seconds
                self._found = Health(
                    parts=tuple(_part(probe, look.result(end - time.monotonic())) for probe, look in self._looks)
                )
                self._until = self._clock.monotonic() + HOLDS_SECONDS
            return self._found


class Asking(Generic[Found]):
    """One question in a thread of its own; whoever waits for the answer need not wait for ever."""

    def __init__(self, ask: Callable[[], Found]) -> None:
        self._ask = ask
        self._answers: queue.SimpleQueue[Found | Exception] = queue.SimpleQueue()
        self._under_way = False

    def begin(self) -> None:
        """Asks, unless the last answer is still to come."""
        if not self._under_way:
            self._under_way = True
            threading.Thread(target=self._put, daemon=True).start()

    def result(self, seconds: float) -> Found | Exception | None:
        """The answer or what was raised; None where it takes longer."""
        try:
            found = self._answers.get(timeout=seconds) if seconds > 0 else self._answers.get_nowait()
        except queue.Empty:
            return None
        self._under_way = False
        return found

    def _put(self) -> None:
        try:
            self._answers.put(self._ask())
        except Exception as error:  # noqa: BLE001 - whoever waits is told
            self._answers.put(error)


def _part(probe: Probe, found: Part | Exception | None) -> Part:
    match found:
        case Part():
            return found
        case None:
            return probe.failing("It does not answer in time.")
        case DrafterError() | CorpusError():
            return probe.failing(str(found))
        case _:
            return probe.failing(f"An unforeseen fault ({type(found).__name__}).")  # its message may quote a row
