"""A file is written whole or not at all.

The content goes to a file beside the old one and takes its name in one step (`os.replace`, atomic on POSIX within a
folder), so that no reader and no killed process ever sees half of it. A `lasting` file is on the disk before it takes
the name; what is derived and can be made again need not be (tests/unit/test_whole_file.py).
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: str | bytes, *, lasting: bool = True) -> None:
    """Put `content` (text as UTF-8, line ends as they are) in place of the file, making its folder where it lacks.

    Raises OSError, and leaves the old file and nothing else.
    """
    data = content.encode() if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
