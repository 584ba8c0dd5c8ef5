"""DOCX to printed lines, through python-docx: paragraphs and tables in their order, with the weight of their type.

A DOCX has no pages of its own, so every line stands on page 1. A row of a table is one line.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from drafter.adapters.printed import PrintedLine, clean
from drafter.errors import InputUnreadable

SIGNATURE = b"PK\x03\x04"
OLD_WORD_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BODY = "word/document.xml"
MAX_UNPACKED_BYTES = 100_000_000


def read_docx(data: bytes, *, name: str) -> tuple[PrintedLine, ...]:
    """The printed lines of a DOCX. `name` is how messages call the file."""
    _refuse_unless_docx(data, name)
    import docx

    try:
        document = docx.Document(BytesIO(data))
        lines = tuple(_lines(document))
    except Exception as error:  # python-docx lets through whatever its XML and zip readers raise
        raise InputUnreadable(f"{name} is damaged and cannot be read as a DOCX; save it anew") from error
    if not lines:
        raise InputUnreadable(f"{name} holds no text; give a document with the case in words")
    return lines


def _refuse_unless_docx(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputUnreadable(f"{name} is cut off or damaged and cannot be read as a DOCX; fetch it again") from error
    if _BODY not in {entry.filename for entry in entries}:
        raise InputUnreadable(f"{name} is a zip archive but no Word file; give a PDF, DOCX, text, YAML or JSON file")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise InputUnreadable(f"{name} unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB; give the text alone")


def _lines(document: Any) -> Iterator[PrintedLine]:
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                yield from _table_row(row)
        else:
            yield from _paragraph(block)


def _paragraph(block: Any) -> Iterator[PrintedLine]:
    """A paragraph's lines: it opens with the first, and a line break inside it begins another."""
    bold = _is_bold(block)
    for index, text in enumerate(filter(None, map(clean, block.text.split("\n")))):
        yield PrintedLine(text=text, bold=bold, opens=index == 0)


def _table_row(row: Any) -> Iterator[PrintedLine]:
    cells: list[str] = []
    for cell in row.cells:
        text = clean(cell.text)
        if text and (not cells or cells[-1] != text):
            cells.append(text)
    if cells:
        yield PrintedLine(text=" ".join(cells), bold=False, opens=True)


def _is_bold(block: Any) -> bool:
    """Whether the paragraph's first words are bold, by their own setting or their style's."""
    run = next((run for run in block.runs if run.text.strip()), None)
    if run is None:
        return False
    if run.bold is not None:
        return bool(run.bold)
    return any(style is not None and bool(style.font.bold) for style in (run.style, block.style))
