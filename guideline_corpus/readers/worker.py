"""The child process that reads one guideline file: `python -m guideline_corpus.readers.worker IN OUT NAME OFFSET`.

A guideline file comes from outside and may be built to harm: to fill the memory, to never end, to crash the parser. The
child limits itself before it looks at the file; `isolated.py` starts it and watches the clock.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from guideline_corpus.errors import SourceUnreadable
from guideline_corpus.readers.reading import read_source

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 28
OUTPUT_BYTES = 100_000_000
OUT_OF_MEMORY = 3


def limit_itself() -> None:
    """Hold this process to its memory, processor time and output; where the system has no such limits, do nothing."""
    try:
        import resource
    except ImportError:
        return
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: OUTPUT_BYTES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in limits.items():
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))


def work(given: Path, result: Path, name: str, page_offset: int | None) -> None:
    """Read the file and write what was read, or the sentence why not, as JSON."""
    try:
        source = read_source(given.read_bytes(), name=name, page_offset=page_offset)
        result.write_text(json.dumps({"source": source.model_dump(mode="json")}), encoding="utf-8")
    except SourceUnreadable as error:
        result.write_text(json.dumps({"error": str(error)}), encoding="utf-8")


def main() -> None:
    """The program of the child."""
    given, result, name, offset = sys.argv[1:5]
    limit_itself()
    try:
        work(Path(given), Path(result), name, int(offset) if offset else None)
    except (MemoryError, RecursionError):
        sys.exit(OUT_OF_MEMORY)


if __name__ == "__main__":
    main()
