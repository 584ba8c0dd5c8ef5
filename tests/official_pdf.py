"""Writes a guideline of some 130 pages that looks official, every word invented, and tells where each sentence stands.

Two levels of headings under chapters, a preface in Roman numbers, running headers, a chapter in two columns, a table, a
scanned page, words broken at line ends, lists that cross pages. `Planted` is the truth that a reader is measured by.
"""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import NamedTuple

from fpdf import FPDF

WORDS = (
    "treatment worker therapy review measure outcome function record visit course exercise program physician plan "
    "duration response request evaluation finding support limit schedule trial progress injury activity benefit"
).split()
TOPICS = ("Lifting Programs", "Splint Use", "Heat Wraps", "Foot Supports", "Night Braces", "Cold Packs", "Work Trials")
FACETS = ("Indications", "Frequency and Duration", "Evidence Base")
MARGIN, GAP = 25.0, 8.0


class Planted(NamedTuple):
    """A sentence, the section it stands in, and the number printed on its page."""

    sentence: str
    section: str
    printed: str


class OfficialPdf(NamedTuple):
    content: bytes
    planted: tuple[Planted, ...]
    headings: tuple[str, ...]
    scanned: int
    pages: int


class _Printer(FPDF):
    """Letter pages with a running header and a number at the foot."""

    def __init__(self) -> None:
        super().__init__(format="letter")
        self.set_margins(MARGIN, 30, MARGIN)
        self.set_auto_page_break(True, margin=28)
        self.chapter = "Preface"
        self.roman = True
        self.preface_pages = 0
        self.bare = False
        self.columns: list[float] = []
        self.column_top = 30.0
        self.at_column = 0

    @property
    def printed(self) -> str:
        return _roman(self.page_no()) if self.roman else str(self.page_no() - self.preface_pages)

    def header(self) -> None:
        if self.bare:
            return
        self.set_font("times", "I", 9)
        self.set_y(15)
        self.cell(0, 6, f"Invented Guideline of the Board    {self.chapter}", align="R" if self.page_no() % 2 else "L")
        self.set_y(30)

    def footer(self) -> None:
        if self.bare:
            return
        self.set_y(-18)
        self.set_font("times", "", 9)
        self.cell(0, 6, f"- {self.printed} -" if self.roman else f"Page {self.printed}", align="C")

    @property
    def accept_page_break(self) -> bool:
        """Asked when a line does not fit; the second column comes before the next page."""
        if self.columns and self.at_column + 1 < len(self.columns):
            self.at_column += 1
            self._begin_column()
            self.set_y(self.column_top)
            self.set_x(self.l_margin)
            return False
        if self.columns:
            self.at_column = 0
            self._begin_column()
            self.column_top = 30.0
        return True

    def begin_columns(self) -> None:
        self.column_top = self.get_y()
        width = (self.w - 2 * MARGIN - GAP) / 2
        self.columns = [MARGIN, MARGIN + width + GAP]
        self.at_column = 0
        self._begin_column()

    def end_columns(self) -> None:
        self.columns = []
        self.set_left_margin(MARGIN)
        self.set_right_margin(MARGIN)

    def _begin_column(self) -> None:
        width = (self.w - 2 * MARGIN - GAP) / 2
        self.set_left_margin(self.columns[self.at_column])
        self.set_right_margin(self.w - self.columns[self.at_column] - width)
        self.set_x(self.l_margin)


class _Author:
    """Writes sentences that occur once, and remembers where each was printed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.pdf = _Printer()
        self.planted: list[Planted] = []
        self.headings: list[str] = []
        self.section = ""
        self.count = 0

    def sentence(self) -> str:
        self.count += 1
        words = self.random.choices(WORDS, k=self.random.randint(8, 18))
        middle = self.random.randrange(2, len(words))
        words.insert(middle, f"item-{self.count:05d}")
        return f"The {' '.join(words)}."

    def heading(self, text: str, size: int, style: str) -> None:
        self.pdf.ln(3)
        if self.pdf.get_y() > self.pdf.h - 60 and not self.pdf.columns:
            self.pdf.add_page()
        self.pdf.set_font("helvetica", style, size)
        self.pdf.multi_cell(0, size / 2, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.headings.append(text)
        self.section = text
        self.pdf.ln(1)

    def paragraph(self, sentences: int, *, bullet: bool = False) -> None:
        """One paragraph; each sentence is remembered with the page on which its first word was printed."""
        told = [self.sentence() for _ in range(sentences)]
        self.pdf.set_font("times", "", 11)
        before = self.pdf.printed
        fits = self.pdf.get_y() + 5 <= self.pdf.page_break_trigger
        self.pdf.multi_cell(
            0,
            5,
            ("\x95  " if bullet else "") + " ".join(told),
            align="L" if bullet else "J",
            new_x="LMARGIN",
            new_y="NEXT",
        )
        self.pdf.ln(2)
        # A sentence in a paragraph that runs over a page belongs to one of the two; only those that are certain count.
        if before == self.pdf.printed:
            self.planted += [Planted(sentence, self.section, before) for sentence in told]
        else:
            self.planted += [Planted(told[0], self.section, before)] if fits and sentences > 3 else []

    def table(self) -> None:
        self.pdf.set_font("times", "", 10)
        rows = [(f"Measure {number}", self.sentence(), self.sentence()) for number in range(1, 6)]
        printed = self.pdf.printed
        with self.pdf.table(col_widths=(20, 40, 40), text_align="LEFT", line_height=5) as table:
            for cells in (("Measure", "Asks for", "Limit"), *rows):
                row = table.row()
                for cell in cells:
                    row.cell(cell)
        if printed == self.pdf.printed:
            self.planted += [Planted(cell, self.section, printed) for _, *cells in rows for cell in cells]


def write_official_pdf(*, chapters: int = 9, seed: int = 7, topics: int = 5, paragraphs: int = 5) -> OfficialPdf:
    """The guideline as PDF, with what is planted in it."""
    author = _Author(seed)
    pdf = author.pdf
    _preface(author)
    pdf.preface_pages = pdf.page_no()
    scanned = 0
    for number in range(1, chapters + 1):
        pdf.roman = pdf.roman and number < 1
        pdf.chapter = f"Chapter {number}"
        pdf.add_page() if number > 1 else _first_chapter_page(pdf)
        author.heading(f"Chapter {number}: Care of Region {number}", 18, "B")
        if number == 3:
            pdf.begin_columns()
        for topic in range(topics):
            author.heading(f"{number}.{topic + 1} {TOPICS[(number + topic) % len(TOPICS)]} in Region {number}", 14, "B")
            for part, facet in enumerate(FACETS, start=1):
                author.heading(f"{number}.{topic + 1}.{part} {facet} of Topic {number}-{topic + 1}", 11, "B")
                _section(author, paragraphs)
        pdf.end_columns()
        if number == 5:
            author.heading("5.9 Limits at a Glance", 14, "B")
            author.table()
        if number == 6:
            scanned = _scanned_page(pdf)
    content = bytes(pdf.output())
    return OfficialPdf(content, tuple(author.planted), tuple(author.headings), scanned, pdf.page_no())


def _preface(author: _Author) -> None:
    author.pdf.bare = True
    author.pdf.add_page()
    author.pdf.set_font("helvetica", "B", 26)
    author.pdf.multi_cell(0, 14, "Invented Guideline for the Care of Working People", new_x="LMARGIN", new_y="NEXT")
    author.pdf.set_font("times", "", 12)
    author.pdf.multi_cell(0, 8, "Published by an invented board, 2031", new_x="LMARGIN", new_y="NEXT")
    author.pdf.bare = False
    author.pdf.add_page()
    author.heading("Preface", 18, "B")
    for _ in range(16):
        author.paragraph(4)


def _first_chapter_page(pdf: _Printer) -> None:
    # The footer of the last preface page is drawn when the next page begins, still in Roman numbers.
    pdf.roman = True
    pdf.add_page()
    pdf.roman = False


def _section(author: _Author, paragraphs: int) -> None:
    for _ in range(paragraphs):
        author.paragraph(author.random.randint(2, 6))
    for _ in range(author.random.randint(2, 5)):
        author.paragraph(1, bullet=True)


def _scanned_page(pdf: _Printer) -> int:
    pdf.bare = True
    pdf.add_page()
    pdf.image(io.BytesIO(_grey_png(200, 260)), 0, 0, pdf.w, pdf.h)
    number = pdf.page_no()
    pdf.bare = False
    return number


def _grey_png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((x * y) % 200 + 40 for x in range(width)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def _roman(number: int) -> str:
    figures = ""
    for letters, worth in (("x", 10), ("ix", 9), ("v", 5), ("iv", 4), ("i", 1)):
        while number >= worth:
            figures, number = figures + letters, number - worth
    return figures
