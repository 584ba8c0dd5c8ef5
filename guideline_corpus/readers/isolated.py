"""Reads a guideline file in a child process, so that no file can take the program down with it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from guideline_corpus.errors import SourceUnreadable
from guideline_corpus.readers.source_text import SourceText
from guideline_corpus.readers.worker import MEMORY_BYTES, OUT_OF_MEMORY

WALL_SECONDS = 30


def read_isolated(content: bytes, *, name: str, page_offset: int | None = None) -> SourceText:
    """As `read_source`, within 1 GiB and 30 s. Raises SourceUnreadable, also where the child broke off."""
    with tempfile.TemporaryDirectory(prefix="guideline-") as folder:
        given, result = Path(folder, "given"), Path(folder, "result.json")
        given.write_bytes(content)
        offset = "" if page_offset is None else str(page_offset)
        command = [sys.executable, "-m", "guideline_corpus.readers.worker", str(given), str(result), name, offset]
        try:
            ended = subprocess.run(command, capture_output=True, timeout=WALL_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise SourceUnreadable(
                f"{name} takes longer than {WALL_SECONDS} s to read; split it or repair it."
            ) from None
        if ended.returncode:
            raise SourceUnreadable(_why_ended(ended, name))
        answer: dict[str, Any] = json.loads(result.read_bytes())
    if "error" in answer:
        raise SourceUnreadable(answer["error"])
    return SourceText.model_validate(answer["source"])


def _why_ended(ended: subprocess.CompletedProcess[bytes], name: str) -> str:
    if ended.returncode == OUT_OF_MEMORY or b"MemoryError" in ended.stderr or b"bad_alloc" in ended.stderr:
        return f"{name} needs more than {MEMORY_BYTES >> 20} MB of memory to read; split it or repair it."
    return f"{name} is damaged so that reading it broke off; ask for a new copy."
