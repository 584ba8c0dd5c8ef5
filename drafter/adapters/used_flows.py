"""Which ways to the identity provider and back were gone already: each holds once.

In memory here, for a desk of one process; several share them in the database (`record_store/signing_in.py`).
"""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Protocol

from drafter.ports import Clock


class UsedFlows(Protocol):
    def take(self, flow: str, *, until: datetime) -> bool:
        """Uses up the way of this name; False where it was used up before. It is known at least until `until`."""
        ...


class UsedFlowsHere:
    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._used: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def take(self, flow: str, *, until: datetime) -> bool:
        with self._lock:
            now = self._clock.now()
            self._used = {name: over for name, over in self._used.items() if over >= now}
            if flow in self._used:
                return False
            self._used[flow] = until
            return True
