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

from drafter.domain.health import Health, Part, PartName, PartState
from drafter.errors import DrafterError
from drafter.ports import Clock
from guideline_corpus.errors import CorpusError

SECONDS = 2.0
HOLDS_SECONDS = 1.0


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
        self._looks = tuple(_Look(probe) for probe in probes)
        self._clock = clock
        self._seconds = seconds
        self._turn = threading.Lock()
        self._found: Health | None = None
        self._until = 0.0

    def look(self) -> Health:
        """How the parts are now, or were a moment ago; after `seconds` at the latest."""
        with self._turn:
            if self._found is None or self._clock.monotonic() >= self._until:
                for look in self._looks:
                    look.begin()
                end = time.monotonic() + self._seconds
                self._found = Health(parts=tuple(look.result(end - time.monotonic()) for look in self._looks))
                self._until = self._clock.monotonic() + HOLDS_SECONDS
            return self._found


class _Look:
    """One probe, and the thread that is looking, if one is."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self._results: queue.SimpleQueue[Part] = queue.SimpleQueue()
        self._looking = False

    def begin(self) -> None:
        if self._looking:
            return
        self._looking = True
        threading.Thread(target=lambda: self._results.put(self._found()), daemon=True).start()

    def result(self, seconds: float) -> Part:
        try:
            found = self._results.get(timeout=seconds) if seconds > 0 else self._results.get_nowait()
        except queue.Empty:
            return self._probe.failing("It does not answer in time.")
        self._looking = False
        return found

    def _found(self) -> Part:
        try:
            return self._probe.look()
        except (DrafterError, CorpusError) as error:
            return self._probe.failing(str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, its message may quote a row
            return self._probe.failing(f"An unforeseen fault ({type(error).__name__}).")
