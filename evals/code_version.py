"""What the program's own files are, so that nothing derived from them outlives a change of theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

KINDS = frozenset({".py", ".toml", ".md"})


@cache
def files_version(folders: Sequence[Path]) -> str:
    """16 hex digits that differ where a file of these folders was added, taken away, changed or written anew.

    Names, sizes and times are looked at, not contents: it is asked before every run, and a file that was written anew
    costs no more than deriving again.
    """
    told = hashlib.sha256()
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.suffix in KINDS):
            status = path.stat()
            told.update(f"{path.relative_to(folder)}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    return told.hexdigest()[:16]
