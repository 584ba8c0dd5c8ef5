"""Files to bytes, within limits: what is too large to be a case is refused before it is read."""

from __future__ import annotations

import stat
from pathlib import Path

from drafter.errors import InputUnreadable

MAX_FILE_BYTES = 200_000_000
MAX_TEXT_BYTES = 10_000_000
_MEGABYTE = 1_000_000


def read_bytes(path: Path, *, name: str) -> bytes:
    """The bytes of a file that is there, is a file and holds something. `name` is how messages call it."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputUnreadable(f"{name} is a folder; give a file in it")
        if status.st_size > MAX_FILE_BYTES:
            raise InputUnreadable(f"{name} is larger than {MAX_FILE_BYTES // _MEGABYTE} MB; split it and try again")
        data = path.read_bytes()
    except OSError as error:
        raise InputUnreadable(f"{name} cannot be opened ({_reason(error)}); correct the path") from error
    except ValueError as error:
        raise InputUnreadable(f"{name} is no path; correct it") from error
    return refuse_empty(data, name=name)


def refuse_empty(data: bytes, *, name: str) -> bytes:
    if not data.strip():
        raise InputUnreadable(f"{name}: file has no content ({len(data)} bytes); give a letter or a case file")
    return data


def refuse_long_text(data: bytes, *, name: str) -> None:
    if len(data) > MAX_TEXT_BYTES:
        raise InputUnreadable(
            f"{name} is a text of more than {MAX_TEXT_BYTES // _MEGABYTE} MB; give one letter or case"
        )


def _reason(error: OSError) -> str:
    return (error.strerror or "unreadable").lower()
