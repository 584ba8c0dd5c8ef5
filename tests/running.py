"""A program of this project in a process of its own, as it is typed."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx


class Running:
    """A program of this project as it is typed; `printed` until it said that it works."""

    def __init__(self, environment: dict[str, str], log: Path, *arguments: str) -> None:
        self.log = log
        command = [sys.executable, "-c", "from drafter.cli.main import main; main()", *arguments]
        with log.open("wb") as kept:
            self._process = subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, stderr=kept, text=True, bufsize=1
            )
        self.printed = ""
        while "Ctrl+C" not in self.printed:
            line = self._process.stdout.readline() if self._process.stdout else ""
            assert line, log.read_text()
            self.printed += line

    def found(self, pattern: str) -> str:
        match = re.search(pattern, self.printed)
        assert match, self.printed
        return match[1]

    def metrics(self) -> str:
        return httpx.get(self.found(r"(http://127\.0\.0\.1:\d+/metrics)"), timeout=20).text

    def kill(self) -> None:
        """Ends it where it stands."""
        self._process.kill()
        self._process.communicate(timeout=60)

    def end(self) -> str:
        """Its log, once it has ended."""
        self._process.send_signal(signal.SIGTERM)
        self._process.communicate(timeout=60)
        return self.log.read_text(encoding="utf-8")
