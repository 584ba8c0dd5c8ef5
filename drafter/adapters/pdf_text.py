"""PDF to printed lines, through pypdfium2: text, page, weight of type and the gap before each line.

Limits: a file of more than `MAX_PAGES` pages or whose pages hold no text is refused, because nothing could be read from
it honestly; this reads no images. Malformed files end in `InputUnreadable`, never in a vendor's exception.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from statistics import median
from typing import Any, NamedTuple

from drafter.adapters.printed import PrintedLine, clean
from drafter.errors import InputUnreadable

MAX_PAGES = 5000
SIGNATURE = b"%PDF-"
_HYPHEN_AT_LINE_END = {"\x02", "\ufffe"}
_WIDE_GAP = 1.5
_BOLD_WEIGHT = 600


class _RawLine(NamedTuple):
    text: str
    first: int
    last: int


def read_pdf(data: bytes, *, name: str) -> tuple[PrintedLine, ...]:
    """The printed lines of a PDF. `name` is how messages call the file."""
    return tuple(line for page in read_pdf_pages(data, name=name) for line in page)


def read_pdf_pages(data: bytes, *, name: str) -> tuple[tuple[PrintedLine, ...], ...]:
    """The lines of each page; a page without text (an image) has none. At least one page has text."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as pdf:
            if len(pdf) > MAX_PAGES:
                raise InputUnreadable(f"{name} has {len(pdf)} pages, more than {MAX_PAGES}; split it and try again")
            pages = tuple(tuple(_page_lines(pdf, number)) for number in range(len(pdf)))
    except pypdfium2.PdfiumError as error:
        raise InputUnreadable(_why(str(error), data, name)) from error
    if not any(pages):
        raise InputUnreadable(
            f"{name} holds no text, only images or empty pages; run text recognition (OCR) over it first"
        )
    return pages


def _why(reason: str, data: bytes, name: str) -> str:
    if "password" in reason.lower() or "security" in reason.lower():
        return f"{name} is encrypted; save a copy without a password and give that"
    if b"%%EOF" not in data[-2048:]:
        return f"{name} is cut off or damaged: a PDF that has no end; fetch it again"
    return f"{name} is damaged and cannot be read as a PDF; fetch it again or print it anew"


def _page_lines(pdf: Any, number: int) -> Iterator[PrintedLine]:
    page = pdf[number]
    text_page = page.get_textpage()
    try:
        raw = list(_raw_lines(text_page))
        tops = [_baseline(text_page, line.first) for line in raw]
        bottoms = [_baseline(text_page, line.last) for line in raw]
        pitch = _pitch(tops, bottoms)
        for index, line in enumerate(raw):
            gap = bottoms[index - 1] - tops[index] if index else 0.0
            yield PrintedLine(
                text=clean(line.text),
                page=number + 1,
                bold=_is_bold(text_page, line.first),
                opens=gap > pitch * _WIDE_GAP,
            )
    finally:
        text_page.close()
        page.close()


def _raw_lines(text_page: Any) -> Iterator[_RawLine]:
    """The page's lines. pdfium joins a word broken by a hyphen and marks the place; the hyphen is put back."""
    from pypdfium2 import raw as pdfium

    text: list[str] = []
    inked: list[int] = []
    for index in range(text_page.count_chars()):
        mark = chr(pdfium.FPDFText_GetUnicode(text_page, index))
        if mark in "\r\n":
            if inked:
                yield _RawLine("".join(text), inked[0], inked[-1])
            text, inked = [], []
            continue
        text.append("-" if mark in _HYPHEN_AT_LINE_END else mark)
        if not mark.isspace():
            inked.append(index)
    if inked:
        yield _RawLine("".join(text), inked[0], inked[-1])


def _baseline(text_page: Any, index: int) -> float:
    from pypdfium2 import raw as pdfium

    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text_page, index, ctypes.byref(x), ctypes.byref(y))
    return y.value


def _pitch(tops: list[float], bottoms: list[float]) -> float:
    """The usual distance between lines of this page, in points."""
    gaps = [above - below for above, below in zip(bottoms, tops[1:], strict=False) if above > below]
    return median(gaps) if gaps else 0.0


def _is_bold(text_page: Any, index: int) -> bool:
    from pypdfium2 import raw as pdfium

    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(text_page, index, name, len(name), None)
    return b"bold" in name.value.lower() or pdfium.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT


def is_pdf(data: bytes) -> bool:
    """Whether the bytes begin as a PDF does, told by content and not by name."""
    return SIGNATURE in data[:1024]
