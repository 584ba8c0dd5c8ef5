"""PDF to printed lines, through pypdfium2: text, page, weight of type and the gap before each line.

Limits: a file of more than `MAX_PAGES` pages or whose pages hold no text is refused, because nothing could be read from
it honestly; this reads no images. Malformed files end in `InputUnreadable`, never in a vendor's exception; one that
opens only with a password, in `PasswordNeeded`. Text that a reader of the page does not see (white on white, tiny, off
the page, drawn invisibly) is no line but a notice; behind a scanned image, where text recognition lays it, it is both.
"""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Iterator
from statistics import median
from typing import Any, NamedTuple

from drafter.adapters.input_notices import (
    hidden_characters,
    hidden_text,
    no_text,
    recognised_text,
    restricted,
    without_text,
)  # fmt: skip
from drafter.adapters.printed import PrintedLine, clean
from drafter.domain.case import Notice
from drafter.errors import InputUnreadable, PasswordNeeded
from guideline_corpus.readers.pdf_page import INVISIBLE_TEXT, Unseen

MAX_PAGES = 1500
SIGNATURE = b"%PDF-"
_HYPHEN_AT_LINE_END = {"\x02", "\ufffe"}
_WIDE_GAP = 1.5
_BOLD_WEIGHT = 600
_SCANNED = 0.5  # of a page, covered by images


class PrintedPdf(NamedTuple):
    """The lines of each page; a page without text (an image) has none."""

    pages: tuple[tuple[PrintedLine, ...], ...]
    notices: tuple[Notice, ...]

    @property
    def lines(self) -> tuple[PrintedLine, ...]:
        return tuple(line for page in self.pages for line in page)


class _RawLine(NamedTuple):
    text: str
    first: int
    last: int


class _Page(NamedTuple):
    lines: tuple[PrintedLine, ...]
    raw: tuple[str, ...]
    unseen: Unseen


def read_pdf(data: bytes, *, name: str, password: str = "") -> PrintedPdf:
    """A PDF as it is printed. `name` is how messages call the file. At least one page has text."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data, password=password or None) as pdf:
            if len(pdf) > MAX_PAGES:
                raise InputUnreadable(
                    f"{name} has {len(pdf):,} pages: limit {MAX_PAGES:,} pages; split the file and try again"
                )
            pages = tuple(_page(pdf, number) for number in range(len(pdf)))
            protected = _is_protected(pdf)
    except pypdfium2.PdfiumError as error:
        if _asks_for_password(str(error)):
            raise PasswordNeeded(_locked(name, password)) from None
        raise InputUnreadable(_why(data, name)) from error
    blank = [number for number, page in enumerate(pages, start=1) if not page.lines]
    if len(blank) == len(pages):
        raise InputUnreadable(f"{name}: {without_text(blank)}, and there is no other; run OCR over the file first")
    notices = [restricted(password=bool(password))] if protected else []
    notices += [no_text(blank)] if blank else []
    notices += _notices(pages)
    return PrintedPdf(pages=tuple(page.lines for page in pages), notices=tuple(notices))


def _asks_for_password(reason: str) -> bool:
    return "password" in reason.lower()


def _locked(name: str, password: str) -> str:
    if password:
        return f"{name} does not open with this password; try again"
    return f"{name} opens only with a password; give it, or save a copy without one"


def _is_protected(pdf: Any) -> bool:
    from pypdfium2 import raw as pdfium

    return bool(pdfium.FPDF_GetSecurityHandlerRevision(pdf) >= 0)


def _why(data: bytes, name: str) -> str:
    what = "has no end" if b"%%EOF" not in data[-2048:] else "cannot be read as a PDF"
    return f"{name}: damaged after upload or at source ({what}); ask for a new copy"


def _notices(pages: tuple[_Page, ...]) -> Iterator[Notice]:
    """What is not seen on the pages, each stretch with its words, and the characters that are not seen in the rest."""
    recognised = [number for number, page in enumerate(pages, start=1) if _is_recognised(page.unseen)]
    if recognised:
        yield recognised_text(recognised)
    for number, page in enumerate(pages, start=1):
        by_reason: dict[str, list[str]] = defaultdict(list)
        for word in page.unseen.words:
            if not _is_kept(word.reason, page.unseen):
                by_reason[word.reason].append(word.text)
        yield from (hidden_text(number, reason, " ".join(words)) for reason, words in by_reason.items())
    yield from hidden_characters((number, line) for number, page in enumerate(pages, start=1) for line in page.raw)


def _is_recognised(unseen: Unseen) -> bool:
    return any(_is_kept(word.reason, unseen) for word in unseen.words)


def _is_kept(reason: str, unseen: Unseen) -> bool:
    """Whether unseen words stand for what an image shows."""
    return reason == INVISIBLE_TEXT and unseen.image_share >= _SCANNED


def _page(pdf: Any, number: int) -> _Page:
    from guideline_corpus.readers.pdf import unseen_words

    page = pdf[number]
    text_page = page.get_textpage()
    try:
        unseen = unseen_words(page, text_page)
        hidden = frozenset(
            index
            for word in unseen.words
            if not _is_kept(word.reason, unseen)
            for index in range(word.first, word.last + 1)
        )
        raw = list(_raw_lines(text_page, hidden))
        lines = tuple(_page_lines(text_page, raw, number))
        return _Page(lines=lines, raw=tuple(line.text for line in raw), unseen=unseen)
    finally:
        text_page.close()
        page.close()


def _page_lines(text_page: Any, raw: list[_RawLine], number: int) -> Iterator[PrintedLine]:
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


def _raw_lines(text_page: Any, hidden: frozenset[int]) -> Iterator[_RawLine]:
    """The page's lines without its hidden characters. pdfium joins a word broken by a hyphen and marks the place; the
    hyphen is put back."""
    from pypdfium2 import raw as pdfium

    text: list[str] = []
    inked: list[int] = []
    for index in range(text_page.count_chars()):
        mark = chr(pdfium.FPDFText_GetUnicode(text_page, index))
        if index in hidden:
            continue
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
