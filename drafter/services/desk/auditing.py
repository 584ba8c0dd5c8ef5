"""The record verified while the desk goes on, one run at a time, and what the last run gave.

Every run is whole: chain, payloads, rows and checkpoints from the first entry on. A run that began at the last signed
checkpoint would be quick and would prove less: a payload or a row from before it could have been changed since. The
result is of this process and this start; the shell's `drafter audit verify` asks nobody.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from drafter.domain.review.verification import Verification
from drafter.errors import ApprovalRefused, DrafterError
from drafter.ports import Clock

AuditRun = Callable[[], Verification]
SUSPENDED = (
    "Signing is suspended: the record did not verify. An administrator or QA sees under Audit what was found, and "
    "verifies it again once it is mended."
)


class Auditing:
    """`run` verifies the record, however long it takes."""

    def __init__(self, run: AuditRun, *, clock: Clock) -> None:
        self._run, self._clock = run, clock
        self._lock = threading.Lock()
        self._running: threading.Thread | None = None
        self._last: Verification | None = None

    @property
    def running(self) -> bool:
        return self._running is not None and self._running.is_alive()

    @property
    def last(self) -> Verification | None:
        """What the last run gave, None before the first has ended."""
        return self._last

    def start(self) -> None:
        """Begins a run where none is under way."""
        with self._lock:
            if not self.running:
                self._running = threading.Thread(target=self._verify, name="audit", daemon=True)
                self._running.start()

    def refuse_unless_sound(self) -> None:
        """Raises ApprovalRefused where the last run found faults."""
        if self._last is not None and self._last.faults:
            raise ApprovalRefused(SUSPENDED)

    def _verify(self) -> None:
        try:
            self._last = self._run()
        except DrafterError as error:
            faults = self._last.faults if self._last else ()
            self._last = Verification(at=self._clock.now(), faults=faults, failure=str(error))
