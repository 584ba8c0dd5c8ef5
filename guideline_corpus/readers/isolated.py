"""Reads a guideline file in a child process, so that no file can take the program down with it.

A PDF is read by two children at once that use different libraries; where the second finds more than the first, the file
is doubtful and nothing of it is used (`pdf_witness.disagreement`).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from guideline_corpus.errors import SourceDoubtful, SourceUnreadable
from guideline_corpus.readers.reading import is_pdf
from guideline_corpus.readers.source_text import SourceText
from guideline_corpus.readers.worker import MEMORY_BYTES, OUT_OF_MEMORY, seconds_for


def read_isolated(content: bytes, *, name: str, page_offset: int | None = None) -> SourceText:
    """As `read_source`, within 1 GiB and 30 s (`worker.seconds_for`: up to 90 s for files of several megabytes).

    Raises SourceUnreadable, also where the child broke off, and SourceDoubtful where a second reader finds more.
    """
    with tempfile.TemporaryDirectory(prefix="guideline-") as folder:
        given = Path(folder, "given")
        given.write_bytes(content)
        witness = _Child("witness", given, name=name, page_offset=None) if is_pdf(content) else None
        reader = _Child("read", given, name=name, page_offset=page_offset)
        try:
            source = SourceText.model_validate(reader.answer()["source"])
            return source if witness is None else _agreed(source, witness, name)
        finally:
            for child in (reader, witness):
                if child is not None:
                    child.end()


class _Child:
    """One child at work on a file. `answer` waits for it; `end` stops it if it still runs."""

    def __init__(self, job: str, given: Path, *, name: str, page_offset: int | None) -> None:
        self.name = name
        self.result = given.with_name(f"{job}.json")
        offset = "" if page_offset is None else str(page_offset)
        command = [
            sys.executable,
            "-m",
            "guideline_corpus.readers.worker",
            job,
            str(given),
            str(self.result),
            name,
            offset,
        ]
        self.seconds = seconds_for(given.stat().st_size)
        self.deadline = time.monotonic() + self.seconds
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    def answer(self) -> dict[str, Any]:
        try:
            _, told = self.process.communicate(timeout=max(0.1, self.deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise SourceUnreadable(
                f"{self.name} takes longer than {self.seconds} s to read; split or repair it."
            ) from None
        if self.process.returncode or not self.result.is_file():
            raise SourceUnreadable(_why_ended(self.process.returncode, told, self.name))
        found: dict[str, Any] = json.loads(self.result.read_bytes())
        if "error" in found:
            raise SourceUnreadable(found["error"])
        return found

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.process.stderr is not None:
            self.process.stderr.close()


def _agreed(source: SourceText, witness: _Child, name: str) -> SourceText:
    from guideline_corpus.readers.pdf_witness import disagreement

    try:
        letters = witness.answer()["letters"]
    except SourceUnreadable as error:
        raise SourceDoubtful(f"{name} was read, but not by a second reader ({error}) Ask for a new copy.") from None
    why = disagreement(source.pages, letters)
    if why is not None:
        raise SourceDoubtful(f"{name}: {why}; ask for a new copy, or print it to PDF anew.")
    return source


def _why_ended(code: int, told: bytes, name: str) -> str:
    if code == OUT_OF_MEMORY or b"MemoryError" in told or b"bad_alloc" in told:
        return f"{name} needs more than {MEMORY_BYTES >> 20} MB of memory to read; split it or repair it."
    return f"{name} is damaged so that reading it broke off; ask for a new copy."
