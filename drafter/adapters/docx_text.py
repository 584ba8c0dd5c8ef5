"""DOCX to printed lines, through python-docx: paragraphs and tables in their order, with the weight of their type.

A DOCX has no pages of its own, so every line stands on page 1. A row of a table is one line. Macros, entities and what
unpacks beyond all measure are refused with their name; text that nobody sees is no line but a notice.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

from drafter.adapters.input_notices import hidden_characters, hidden_text
from drafter.adapters.printed import PrintedLine, clean
from drafter.domain.case import Notice
from drafter.errors import InputUnreadable

SIGNATURE = b"PK\x03\x04"
OLD_WORD_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BODY = "word/document.xml"
MAX_UNPACKED_BYTES = 100_000_000
_MACRO = "vbaproject.bin"
_PROLOGUE = 100_000  # bytes of a part in which a document type would stand
_TINY = 3.0  # points


class PrintedDocx(NamedTuple):
    lines: tuple[PrintedLine, ...]
    notices: tuple[Notice, ...]


def read_docx(data: bytes, *, name: str) -> PrintedDocx:
    """A DOCX as it is printed. `name` is how messages call the file."""
    _refuse_unless_docx(data, name)
    import docx

    unseen: list[str] = []
    try:
        document = docx.Document(BytesIO(data))
        raw = tuple(_lines(document, unseen))
    except Exception as error:  # python-docx lets through whatever its XML and zip readers raise
        raise InputUnreadable(f"{name} is damaged and cannot be read as a DOCX; save it anew") from error
    lines = tuple(line.model_copy(update={"text": clean(line.text)}) for line in raw if clean(line.text))
    if not lines:
        raise InputUnreadable(f"{name} holds no text; give a document with the case in words")
    notices = (hidden_text(1, "hidden, white or tiny", " ".join(unseen)),) if unseen else ()
    return PrintedDocx(lines, (*notices, *hidden_characters((None, line.text) for line in raw)))


def _refuse_unless_docx(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            entries = package.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            declaring = unpacked <= MAX_UNPACKED_BYTES and any(_declares(package, entry) for entry in entries)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise InputUnreadable(f"{name} is cut off or damaged and cannot be read as a DOCX; fetch it again") from error
    names = {entry.filename for entry in entries}
    if _BODY not in names:
        raise InputUnreadable(f"{name} is a zip archive but no Word file; give a PDF, DOCX, text, YAML or JSON file")
    if unpacked > MAX_UNPACKED_BYTES:
        raise InputUnreadable(f"{name} unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB; give the text alone")
    if any(part.rpartition("/")[2].lower() == _MACRO for part in names):
        raise InputUnreadable(f"{name} holds a macro; save it as DOCX without macros, or as PDF")
    if declaring:
        raise InputUnreadable(f"{name} declares entities, as no word processor does; save it anew, or as PDF")


def _declares(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether a part of the package begins with a document type, by which alone XML can name entities."""
    if not entry.filename.lower().endswith((".xml", ".rels")):
        return False
    with package.open(entry) as part:
        head = part.read(_PROLOGUE)
    return b"<!DOCTYPE" in head.replace(b"\0", b"")


def _lines(document: Any, unseen: list[str]) -> Iterator[PrintedLine]:
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                yield from _table_row(row, unseen)
        else:
            yield from _paragraph(block, unseen)


def _paragraph(block: Any, unseen: list[str]) -> Iterator[PrintedLine]:
    """A paragraph's lines: it opens with the first, and a line break inside it begins another."""
    bold = _is_bold(block)
    for index, text in enumerate(filter(None, map(str.strip, _seen(block, unseen).split("\n")))):
        yield PrintedLine(text=text, bold=bold, opens=index == 0)


def _table_row(row: Any, unseen: list[str]) -> Iterator[PrintedLine]:
    cells: list[str] = []
    for cell in row.cells:
        text = " ".join(_seen(paragraph, unseen) for paragraph in cell.paragraphs).strip()
        if text and (not cells or cells[-1] != text):
            cells.append(text)
    if cells:
        yield PrintedLine(text=" ".join(cells), bold=False, opens=True)


def _seen(paragraph: Any, unseen: list[str]) -> str:
    """The text of a paragraph without what a reader of it does not see, which goes to `unseen`."""
    hidden = [run for run in paragraph.runs if run.text.strip() and _is_hidden(run)]
    if not hidden:
        return str(paragraph.text)
    unseen += [run.text.strip() for run in hidden]
    return "".join(part.text for part in paragraph.iter_inner_content() if not _is_hidden(part))


def _is_hidden(part: Any) -> bool:
    """Whether a run is set to be hidden, in white on no ground of its own, or too small to be read."""
    font = getattr(part, "font", None)
    if font is None:
        return False
    white = font.color is not None and font.color.rgb is not None and str(font.color.rgb) == "FFFFFF"
    shaded = font.highlight_color is not None or bool(part._r.xpath("./w:rPr/w:shd"))
    return bool(font.hidden) or (white and not shaded) or (font.size is not None and font.size.pt < _TINY)


def _is_bold(block: Any) -> bool:
    """Whether the paragraph's first words are bold, by their own setting or their style's."""
    run = next((run for run in block.runs if run.text.strip()), None)
    if run is None:
        return False
    if run.bold is not None:
        return bool(run.bold)
    return any(style is not None and bool(style.font.bold) for style in (run.style, block.style))
