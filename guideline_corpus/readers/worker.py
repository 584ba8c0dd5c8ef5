"""The child process that reads one guideline file: `python -m guideline_corpus.readers.worker JOB IN OUT NAME OFFSET`.

A guideline file comes from outside and may be built to harm: to fill the memory, to never end, to crash the parser. The
child limits itself before it looks at the file; `isolated.py` starts it and watches the clock. JOB is `read`, or
`witness` for the second opinion on a PDF.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from guideline_corpus.errors import SourceUnreadable

MEMORY_BYTES = 1 << 30
SECONDS = 30
SECONDS_FOR_SIZE = 60
BYTES_A_SECOND = 50_000
LARGE = 1_000_000
OUTPUT_BYTES = 100_000_000
OUT_OF_MEMORY = 3


def seconds_for(size: int) -> int:
    """How long reading a file of `size` bytes may take: 30 s, and more only for what is large."""
    return SECONDS + min(SECONDS_FOR_SIZE, max(0, size - LARGE) // BYTES_A_SECOND)


def limit_itself(seconds: int) -> None:
    """Hold this process to its memory, processor time and output; where the system has no such limits, do nothing."""
    try:
        import resource
    except ImportError:
        return
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: OUTPUT_BYTES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in limits.items():
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))


def answer(job: str, content: bytes, *, name: str, page_offset: int | None) -> dict[str, Any]:
    """What the job found, or the sentence why it found nothing."""
    try:
        if job == "witness":
            from guideline_corpus.readers.pdf_witness import witness_pdf

            return {"letters": witness_pdf(content, name=name)}
        from guideline_corpus.readers.reading import read_source

        return {"source": read_source(content, name=name, page_offset=page_offset).model_dump(mode="json")}
    except SourceUnreadable as error:
        return {"error": str(error)}


def main() -> None:
    """The program of the child."""
    job, given, result, name, offset = sys.argv[1:6]
    limit_itself(seconds_for(Path(given).stat().st_size))
    try:
        found = answer(job, Path(given).read_bytes(), name=name, page_offset=int(offset) if offset else None)
        Path(result).write_text(json.dumps(found), encoding="utf-8")
    except (MemoryError, RecursionError):
        sys.exit(OUT_OF_MEMORY)


if __name__ == "__main__":
    main()
