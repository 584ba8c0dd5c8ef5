"""The records of a case file: documents with pages, given in place or kept in files beside it.

A page that holds no text (a scanned image) is named as a gap: nothing can be called undocumented on its account.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from drafter.adapters.case_file_schema import PageEntry, RecordEntry
from drafter.adapters.docx_text import SIGNATURE as DOCX_SIGNATURE
from drafter.adapters.docx_text import read_docx
from drafter.adapters.input_bytes import read_bytes, refuse_long_text
from drafter.adapters.input_notices import hidden_characters, no_text, without_text
from drafter.adapters.pdf_text import is_pdf, read_pdf
from drafter.adapters.plain_text import decode, text_lines
from drafter.adapters.printed import PrintedLine, clean, running_text
from drafter.domain.case import Notice, Record, RecordPage
from drafter.errors import CaseInvalid


class ReadRecords(NamedTuple):
    records: tuple[Record, ...]
    gaps: tuple[str, ...]
    notices: tuple[Notice, ...]


class _Read(NamedTuple):
    pages: tuple[RecordPage, ...]
    notices: tuple[Notice, ...] = ()


def case_records(entries: Sequence[RecordEntry], *, name: str, folder: Path | None, password: str = "") -> ReadRecords:
    """The records, with a gap and a notice for each that has pages without text. `name` is the case file's in messages,
    `password` opens the PDF files among them."""
    records: list[Record] = []
    gaps: list[str] = []
    notices: list[Notice] = []
    for place, entry in enumerate(entries, start=1):
        key = f"records[{place}]"
        pages, told = _pages(entry, where=f"{name}: {key}", folder=folder, password=password)
        record = _record(place, entry, pages)
        if any(known.record_id == record.record_id for known in records):
            raise CaseInvalid(f"{name}: {key}.record_id: {record.record_id} is given to two records; name each once")
        records.append(record)
        blank = [page.page for page in pages if not page.text]
        if blank:
            gaps.append(f"{key}: {without_text(blank)}")
            told = (*(notice for notice in told if notice.kind != "no-text"), no_text(blank))
        notices += [notice.model_copy(update={"record_id": record.record_id}) for notice in told]
    return ReadRecords(tuple(records), tuple(gaps), tuple(notices))


def _record(place: int, entry: RecordEntry, pages: tuple[RecordPage, ...]) -> Record:
    title = entry.title or (Path(entry.file).stem if entry.file else f"Record {place}")
    return Record(
        record_id=entry.record_id or f"record-{place}",
        title=title,
        date=entry.date,
        pages=tuple(page for page in pages if page.text),
    )


def _pages(entry: RecordEntry, *, where: str, folder: Path | None, password: str) -> _Read:
    if entry.pages is not None:
        return _Read(_numbered(entry.pages, where))
    if entry.text is not None:
        return _Read(_text_pages(entry.text))
    return _file_pages(entry.file or "", where=where, folder=folder, password=password)


def _numbered(entries: Sequence[PageEntry], where: str) -> tuple[RecordPage, ...]:
    """Pages with their numbers; one without a number follows the one before it."""
    pages: list[RecordPage] = []
    for entry in entries:
        number = entry.page or (pages[-1].page + 1 if pages else 1)
        if pages and number <= pages[-1].page:
            raise CaseInvalid(f"{where}.pages: page {number} follows page {pages[-1].page}; give them in order")
        pages.append(RecordPage(page=number, text=entry.text or ""))
    return tuple(pages)


def _text_pages(text: str) -> tuple[RecordPage, ...]:
    """A text's pages, divided by form feeds."""
    parts = text.split("\f")
    return tuple(
        RecordPage(page=number, text=running_text(text_lines(part))) for number, part in enumerate(parts, start=1)
    )


def _file_pages(file: str, *, where: str, folder: Path | None, password: str) -> _Read:
    path = _beside(file, where=where, folder=folder)
    data = read_bytes(path, name=f"{where}.file {clean(file)}")
    if is_pdf(data):
        printed = read_pdf(data, name=str(path), password=password)
        return _Read(_lined(printed.pages), printed.notices)
    if data.startswith(DOCX_SIGNATURE):
        word = read_docx(data, name=str(path))
        return _Read(_lined([word.lines]), word.notices)
    refuse_long_text(data, name=str(path))
    text = decode(data, name=str(path))
    pages = enumerate(text.split("\f"), start=1)
    marks = hidden_characters((page, line) for page, part in pages for line in part.splitlines())
    return _Read(_text_pages(text), marks)


def _lined(pages: Sequence[Sequence[PrintedLine]]) -> tuple[RecordPage, ...]:
    return tuple(RecordPage(page=number, text=running_text(lines)) for number, lines in enumerate(pages, start=1))


def _beside(file: str, *, where: str, folder: Path | None) -> Path:
    """The path of a record's file, which lies in the case file's folder or below it."""
    if folder is None:
        raise CaseInvalid(f"{where}.file: a case from standard input names no files; give pages or text instead")
    try:
        path = (folder / file).resolve()
    except (OSError, ValueError, RuntimeError):
        raise CaseInvalid(f"{where}.file: no path; correct it") from None
    if not path.is_relative_to(folder.resolve()):
        raise CaseInvalid(f"{where}.file: it lies outside the case file's folder; put it beside the case file")
    return path
