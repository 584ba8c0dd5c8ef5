"""The label history as a file: one JSON line an act, each with the hash of the line before it.

For people who work from the shell; a record store keeps the same acts in its audit chain. A line is written with one
`write` to a file opened for appending and synced before the act counts; nothing is ever rewritten. A line that was
changed, taken out or put in breaks the chain at the next one, and `read` names it
(proved by tests/contract/test_label_history.py).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from drafter.domain.prompting.release import LabelEvent
from drafter.errors import HistoryBroken

FIRST = "0" * 64


class LabelHistoryFile:
    """A `LabelHistory` in one file, made with its folder when the first act is kept."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, event: LabelEvent) -> None:
        """See `LabelHistory.append`. Raises HistoryBroken where the chain does not hold or nothing can be written."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab+") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX)  # two people at once: the second waits and follows the first
                stream.seek(0)
                lines = stream.read().decode("utf-8").splitlines()
                _, last = self._chained(lines)
                told = {"event": event.model_dump(mode="json"), "previous": last}
                stream.write((json.dumps(told, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8"))
                stream.flush()
                os.fsync(stream.fileno())
        except (OSError, UnicodeDecodeError) as error:
            raise HistoryBroken(f"{self._path} cannot be written ({error}); the act was not done.") from None

    def read(self) -> Sequence[LabelEvent]:
        """See `LabelHistory.read`."""
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError):
            raise HistoryBroken(f"{self._path} cannot be read as UTF-8; restore it from the backup.") from None
        return self._chained(lines)[0]

    def _chained(self, lines: Sequence[str]) -> tuple[tuple[LabelEvent, ...], str]:
        """The events and the hash that the next line has to carry."""
        events, last = [], FIRST
        for number, line in enumerate(lines, start=1):
            try:
                held = json.loads(line)
                if held["previous"] != last:
                    raise ValueError
                events.append(LabelEvent.model_validate(held["event"]))
            except (ValueError, KeyError, TypeError, ValidationError):
                raise HistoryBroken(
                    f"{self._path}, line {number} does not follow from the lines before it; "
                    "restore the file from the backup."
                ) from None
            last = hashlib.sha256(line.encode("utf-8")).hexdigest()
        return tuple(events), last
