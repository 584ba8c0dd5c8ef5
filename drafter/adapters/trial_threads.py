"""Trials run behind the page, one at a time: a trial takes minutes, and two at once would only slow each other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from drafter.domain.prompting.trial import TrialResult
from drafter.errors import DrafterError

FAILED = "The trial broke off; run it again."
RUNNING = "running"


class TrialThreads:
    """What is being tried, and how the last trial of each version ended: None, `running`, or a sentence."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="trial")
        self._told: dict[str, str] = {}
        self._lock = threading.Lock()

    def start(self, label: str, work: Callable[[], TrialResult]) -> None:
        with self._lock:
            if self._told.get(label) == RUNNING:
                return
            self._told[label] = RUNNING
        self._threads.submit(self._run, label, work)

    def told(self, label: str) -> str | None:
        with self._lock:
            return self._told.get(label)

    def _run(self, label: str, work: Callable[[], TrialResult]) -> None:
        try:
            told = f"{work().verdict}"
        except DrafterError as error:
            told = str(error)
        except Exception:  # noqa: BLE001 - a thread's fault must reach the page
            told = FAILED
        with self._lock:
            self._told[label] = told
