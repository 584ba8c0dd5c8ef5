"""Writes guidelines that look official, every word invented, and tells where each sentence stands.

The first style is the one that boards publish: two levels of headings under chapters, a preface in Roman numbers,
running headers, a chapter in two columns, a table, a scanned page, words broken at line ends, lists that cross pages.
The other styles differ in what real files differ in: what sets headings apart, where and how pages are numbered, which
type they use, whether bookmarks and page labels are there. `Planted` is the truth that a reader is measured by; it is
taken down line by line while the file is written.
"""

from __future__ import annotations

import io
import random
import re
import struct
import zlib
from pathlib import Path
from typing import Any, Literal, NamedTuple

import matplotlib
import pypdf
from fpdf import FPDF
from pypdf.constants import PageLabelStyle

WORDS = (
    "treatment worker therapy review measure outcome function record visit course exercise program physician plan "
    "duration response request evaluation finding support limit schedule trial progress injury activity benefit "
    "recommendation rehabilitation documentation"
).split()
ASIDES = ("(p. 23)", "12", "3.5 mg", "e.g.,", "50%", "2 to 3 weeks", "- as noted -", "low-back", "C5-C6")
TOPICS = ("Lifting Programs", "Splint Use", "Heat Wraps", "Foot Supports", "Night Braces", "Cold Packs", "Work Trials")
FACETS = ("Indications", "Frequency and Duration", "Evidence Base")
KEY = re.compile(r"item\d{5}")
MARGIN, GAP = 25.0, 8.0
DEJAVU = Path(matplotlib.get_data_path()) / "fonts" / "ttf"

Headings = Literal["large", "bold", "underlined", "numbered", "bookmarked"]
Numbers = Literal["page-foot", "outside-head", "of-all", "chapter", "left-foot", "labels"]


class Style(NamedTuple):
    """What a file looks like. `labels`: it carries page labels; `running`: its header names the section."""

    headings: Headings = "large"
    numbers: Numbers = "page-foot"
    labels: bool = False
    running: Literal["chapter", "section", "none"] = "chapter"
    type: Literal["times", "helvetica", "courier", "dejavu"] = "times"
    columns: bool = True
    leading: float = 5.0
    contents: bool = False


PUBLISHED = Style()


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
    """Letter pages that are numbered as the style says; every line is taken down with its page."""

    def __init__(self, style: Style) -> None:
        super().__init__(format="letter")
        self.style = style
        self.set_margins(MARGIN, 30, MARGIN)
        self.set_auto_page_break(True, margin=28)
        self.chapter, self.section = "Preface", "Preface"
        self.numbering: tuple[str, int] = ("roman", 0)
        self.pending: str | None = None
        self.printed_on: dict[int, str] = {}
        self.lines: list[tuple[int, str]] = []
        self.bare = False
        self.columns: list[float] = []
        self.column_top = 30.0
        self.at_column = 0
        if style.type == "dejavu":
            for face, file in (("", "DejaVuSans"), ("B", "DejaVuSans-Bold"), ("I", "DejaVuSans-Oblique")):
                self.add_font("dejavu", face, str(DEJAVU / f"{file}.ttf"))

    def number_anew(self, kind: str) -> None:
        """The next page is the first of a new numbering: "" for figures, or a prefix such as "3-"."""
        self.pending = kind

    def _number(self) -> str:
        kind, before = self.numbering
        count = self.page_no() - before
        return _roman(count) if kind == "roman" else f"{kind}{count}"

    def header(self) -> None:
        # The footer of the page before was drawn by now, in the old numbering.
        if self.pending is not None:
            self.numbering, self.pending = (self.pending, self.page_no() - 1), None
        self.printed_on[self.page_no()] = self._number()
        if self.bare:
            return
        self.set_font(self.style.type, "I", 9)
        self.set_y(15)
        right = self.page_no() % 2 == 1
        number = self._number()
        running = {"chapter": f"Invented Guideline of the Board    {self.chapter}", "section": self.section, "none": ""}
        text = running[self.style.running]
        if self.style.numbers == "outside-head":
            text = f"{text}    {number}" if right else f"{number}    {text}"
        self.cell(0, 6, text, align="R" if right else "L")
        self.set_y(30)

    def footer(self) -> None:
        if self.bare or self.style.numbers in ("outside-head", "labels"):
            return
        number = self.printed_on[self.page_no()]
        self.set_y(-18)
        self.set_font(self.style.type, "", 9)
        shown = {
            "page-foot": f"- {number} -" if self.numbering[0] == "roman" else f"Page {number}",
            "of-all": f"Page {number} of 130",
        }
        left = self.style.numbers == "left-foot" and self.page_no() % 2 == 0
        self.cell(0, 6, shown.get(self.style.numbers, number), align="L" if left else "C")

    def _render_styled_text_line(self, text_line: Any, *args: Any, **kwargs: Any) -> Any:
        done = super()._render_styled_text_line(text_line, *args, **kwargs)
        self.lines.append((self.page_no(), "".join(fragment.string for fragment in text_line.fragments)))
        return done

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

    def __init__(self, style: Style, seed: int) -> None:
        self.random = random.Random(seed)
        self.style = style
        self.pdf = _Printer(style)
        self.planted: list[Planted] = []
        self.headings: list[str] = []
        self.section = ""
        self.count = 0

    def sentence(self) -> str:
        self.count += 1
        words = self.random.choices(WORDS, k=self.random.randint(8, 18))
        if self.random.random() < 0.3:
            words.insert(4, self.random.choice(ASIDES))
        words.insert(self.random.randrange(2, len(words)), f"item{self.count:05d}")
        return f"The {' '.join(words)}."

    def heading(self, text: str, level: int) -> None:
        size, face = {
            "large": ((18, "B"), (14, "B"), (11, "B")),
            "bold": ((11, "B"), (11, "BI"), (11, "I")),
            "underlined": ((11, "BU"), (11, "B"), (11, "U")),
            "numbered": ((11, ""),) * 3,
            "bookmarked": ((11, ""),) * 3,
        }[self.style.headings][level - 1]
        if self.style.headings == "underlined" and level == 1:
            text = text.upper()
        if self.style.type == "dejavu":
            face = face.replace("BI", "B")
        self.pdf.ln(3)
        if self.pdf.get_y() > self.pdf.h - 60 and not self.pdf.columns:
            self.pdf.add_page()
        if self.style.headings == "bookmarked":
            self.pdf.start_section(text, level=level - 1)
        self.pdf.set_font(self.style.type if self.style.headings == "numbered" else "helvetica", face, size)
        self.pdf.multi_cell(0, max(size / 2, 5), text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.headings.append(text)
        self.section = text
        self.pdf.section = text
        self.pdf.ln(1)

    def paragraph(self, sentences: int, *, bullet: bool = False) -> None:
        told = [self.sentence() for _ in range(sentences)]
        self.pdf.set_font(self.style.type, "", 11 if self.style.type == "times" else 10)
        mark = ("- " if self.style.type == "dejavu" else "\x95  ") if bullet else ""
        self.plant(told, lambda: self._print(mark + _broken(" ".join(told)), "L" if bullet else "J"))
        self.pdf.ln(2)

    def _print(self, text: str, align: str) -> None:
        self.pdf.multi_cell(0, self.style.leading, text, align=align, new_x="LMARGIN", new_y="NEXT")

    def plant(self, told: list[str], write: Any) -> None:
        """Write the sentences, and remember each with the page on which its key was printed."""
        begun = len(self.pdf.lines)
        write()
        pages = {key: page for page, line in self.pdf.lines[begun:] for key in KEY.findall(line)}
        self.planted += [
            Planted(sentence, self.section, self.pdf.printed_on[pages[KEY.findall(sentence)[0]]]) for sentence in told
        ]

    def table(self) -> None:
        rows = [(f"Measure {number}", self.sentence(), self.sentence()) for number in range(1, 6)]
        self.plant([cell for _, *cells in rows for cell in cells], lambda: self._table(rows))

    def _table(self, rows: list[tuple[str, str, str]]) -> None:
        self.pdf.set_font(self.style.type, "", 10)
        with self.pdf.table(col_widths=(20, 40, 40), text_align="LEFT", line_height=5) as table:
            for cells in (("Measure", "Asks for", "Limit"), *rows):
                row = table.row()
                for cell in cells:
                    row.cell(cell)


def write_official_pdf(
    *,
    style: Style = PUBLISHED,
    chapters: int = 9,
    seed: int = 7,
    topics: int = 5,
    paragraphs: int = 5,
) -> OfficialPdf:
    """The guideline as PDF, with what is planted in it."""
    author = _Author(style, seed)
    pdf = author.pdf
    _preface(author)
    scanned = 0
    for number in range(1, chapters + 1):
        if number == 1 or style.numbers == "chapter":
            pdf.number_anew(f"{number}-" if style.numbers == "chapter" else "")
        pdf.add_page()
        pdf.chapter = f"Chapter {number}"
        author.heading(f"Chapter {number}: Care of Region {number}", 1)
        if number == 3 and style.columns:
            pdf.begin_columns()
        for topic in range(topics):
            author.heading(f"{number}.{topic + 1} {TOPICS[(number + topic) % len(TOPICS)]} in Region {number}", 2)
            for part, facet in enumerate(FACETS, start=1):
                author.heading(f"{number}.{topic + 1}.{part} {facet} of Topic {number}-{topic + 1}", 3)
                _section(author, paragraphs)
        pdf.end_columns()
        if number == 5:
            author.heading("5.9 Limits at a Glance", 2)
            author.table()
        if number == 6:
            scanned = _scanned_page(pdf)
    content = _labelled(bytes(pdf.output()), pdf.printed_on) if style.labels else bytes(pdf.output())
    return OfficialPdf(content, tuple(author.planted), tuple(author.headings), scanned, pdf.page_no())


def _preface(author: _Author) -> None:
    pdf = author.pdf
    pdf.bare = True
    pdf.add_page()
    pdf.set_font("helvetica", "B", 26)
    pdf.multi_cell(0, 14, "Invented Guideline for the Care of Working People", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("times", "", 12)
    pdf.multi_cell(0, 8, "Published by an invented board, 2031", new_x="LMARGIN", new_y="NEXT")
    if author.style.contents:
        pdf.add_page()
        for number in range(1, 40):
            pdf.cell(0, 5, f"{number // 9}.{number % 9} Care of Kind {number} {'.' * 60} {number + 2}")
            pdf.ln(5)
    pdf.bare = False
    pdf.add_page()
    author.heading("Preface" if author.style.headings != "numbered" else "Section A. Preface", 1)
    for _ in range(16):
        author.paragraph(4)


def _section(author: _Author, paragraphs: int) -> None:
    for _ in range(paragraphs):
        author.paragraph(author.random.randint(2, 6))
    for _ in range(author.random.randint(2, 5)):
        author.paragraph(author.random.randint(1, 2), bullet=True)


def _broken(text: str) -> str:
    """The text with places where the printer may break its long words."""
    return re.sub(r"\b([a-z]{4})([a-z]{3})([a-z]{3,})\b", "\\1\xad\\2\xad\\3", text)


def _labelled(content: bytes, printed: dict[int, str]) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    roman = [page for page, number in printed.items() if not number[-1].isdigit()]
    writer.set_page_label(0, max(roman) - 1, style=PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(max(roman), len(writer.pages) - 1, style=PageLabelStyle.DECIMAL)
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


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
