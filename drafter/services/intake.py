"""Inputs to cases: which files are meant, what kind each is, and the case it holds.

The kind is told by the content, not by the name: a PDF saved as .txt is read as a PDF. Every refusal is an
`InputUnreadable`, `CaseInvalid` or `NothingToRead` whose one sentence says what is wrong, where, and what to do; no file
is half read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from drafter.adapters.letters import read_letter
from drafter.adapters.pdf_text import SIGNATURE as PDF_SIGNATURE
from drafter.adapters.pdf_text import read_pdf
from drafter.adapters.plain_text import decode, text_lines
from drafter.adapters.printed import PrintedLine, folded
from drafter.domain.case import Case
from drafter.errors import InputUnreadable, NothingToRead

MAX_FILE_BYTES = 200_000_000
MAX_TEXT_BYTES = 10_000_000
CASE_SUFFIXES = (".pdf", ".docx", ".txt", ".yaml", ".yml")


def read_case(source: Path | bytes, *, name: str | None = None) -> Case:
    """The case that a file or its bytes hold; `name` is what messages call it.

    Raises InputUnreadable where nothing can be read, CaseInvalid where a case file breaks its schema.
    """
    name = name or (str(source) if isinstance(source, Path) else "the input")
    data = _bytes_of(source, name) if isinstance(source, Path) else source
    if not data.strip():
        raise InputUnreadable(f"{name} is empty; give a letter or a case file")
    lines = _printed_lines(data, name)
    return read_letter(lines) or Case(form="text", case_summary=folded(lines) or None)


def find_inputs(paths: Sequence[Path]) -> Iterator[Path]:
    """The files that `paths` mean: files as named, folders by the letters and case files in them, in order of name."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = sorted(file for file in path.iterdir() if file.suffix.lower() in CASE_SUFFIXES and file.is_file())
        if not found:
            raise NothingToRead(
                f"{path} holds no letter or case file (PDF, DOCX, TXT, YAML); name another folder or a file"
            )
        yield from found


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise InputUnreadable(f"{name} is larger than {MAX_FILE_BYTES // 1_000_000} MB; split it and try again")
        return path.read_bytes()
    except OSError as error:
        raise InputUnreadable(f"{name} cannot be opened ({error.strerror}); correct the path") from error


def _printed_lines(data: bytes, name: str) -> tuple[PrintedLine, ...]:
    if PDF_SIGNATURE in data[:1024]:
        return read_pdf(data, name=name)
    if len(data) > MAX_TEXT_BYTES:
        raise InputUnreadable(
            f"{name} is a text of more than {MAX_TEXT_BYTES // 1_000_000} MB; give one letter or case"
        )
    return text_lines(decode(data, name=name))
