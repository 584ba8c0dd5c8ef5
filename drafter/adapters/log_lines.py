"""Log lines as JSON: one object a line, for whoever collects them.

    {"at":"2026-11-26T10:00:00.123+00:00","level":"INFO","logger":"drafter.web.access","pid":71,"process":"desk",
     "route":"queue.show","template":"/cases","status":200,"ms":12,"request":"9c1f...","account":"5be0..."}

Lines of this program carry their values or their message. Of a library's line only its place is told: what a library
says may quote what it worked on, and clinical text stays out of logs (tests/unit/test_log_lines.py).
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

OURS = ("drafter", "guideline_corpus")


class JsonLines(logging.Formatter):
    """`process` names the kind of process: `desk`, `worker`."""

    def __init__(self, *, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": self._process,
            "pid": record.process,
        }
        if record.name.split(".")[0] not in OURS:
            line["place"] = f"{record.module}:{record.lineno}"
        elif isinstance(told := getattr(record, "told", None), dict):
            line |= told
        else:
            line["message"] = record.getMessage()
        if record.exc_info and record.exc_info[0]:
            line["fault"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False)
