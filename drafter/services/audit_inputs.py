"""What an audit is asked to look at: files, folders, addresses, and lists of them, to single inputs in order.

A bucket is looked into as a folder is: its letters and case files by name, without documents that one of its case files
names as a record.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path

from drafter.adapters.input_bytes import read_bytes, refuse_long_text
from drafter.adapters.plain_text import decode
from drafter.adapters.remote_files import RemoteFile, files_at, is_address, texts_of
from drafter.errors import NothingToRead
from drafter.services.intake import (
    CASE_FILE_SUFFIXES,
    CASE_SUFFIXES,
    HEAD_BYTES,
    begins_like_case,
    find_inputs,
    records_named_in,
)

AuditInput = Path | RemoteFile


def audit_inputs(named: Sequence[str]) -> Iterator[AuditInput]:
    """The inputs that these names mean, in their order. Raises NothingToRead and InputUnreadable."""
    for name in named:
        if is_address(name):
            yield from _elsewhere(name)
        else:
            yield from find_inputs([Path(name)])


def listed_names(source: str) -> list[str]:
    """The names in a text file, one a line; blank lines and those that begin with # are passed over.

    `source` is a path or an address. Raises InputUnreadable, and NothingToRead where it lists nothing.
    """
    content = RemoteFile(source).read_bytes() if is_address(source) else read_bytes(Path(source), name=source)
    refuse_long_text(content, name=source)
    lines = [line.strip() for line in decode(content, name=source).splitlines()]
    names = [line for line in lines if line and not line.startswith("#")]
    if not names:
        raise NothingToRead(f"{source} lists nothing; write a file, a folder or an address on each line")
    return names


def _elsewhere(address: str) -> list[RemoteFile]:
    files = files_at(address, suffixes=CASE_SUFFIXES | {".json"})
    if [file.address for file in files] == [address]:
        return files
    records: set[str] = set()
    no_cases: set[RemoteFile] = set()
    for file, content in texts_of([file for file in files if file.suffix.lower() in CASE_FILE_SUFFIXES]):
        records.update(map(posixpath.normpath, records_named_in(content.decode("utf-8", "replace"))))
        if file.suffix.lower() == ".json" and not begins_like_case(content[:HEAD_BYTES]):
            no_cases.add(file)
    found = [file for file in files if file.name not in records and file not in no_cases]
    if not found:
        raise NothingToRead(
            f"{address} holds no letter or case file (PDF, DOCX, TXT, YAML) directly; name another folder"
        )
    return found
