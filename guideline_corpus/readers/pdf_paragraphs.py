"""Joins the printed lines of a PDF into paragraphs and list items, across columns and pages.

A paragraph ends where the type changes at a gap, where the gap widens, where a bullet begins, and where a line was
broken although the next word would have fitted: nothing but a new paragraph makes a printer do that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from guideline_corpus.readers.headings import is_contents_line
from guideline_corpus.readers.pdf_layout import Item, PrintedLine, TableRow
from guideline_corpus.readers.pdf_page import Look
from guideline_corpus.readers.pdf_unruled import with_rows

BULLET = re.compile(r"^(?:[•▪◦‣·●○■□►➢✓✔\x7f-\x9f\uf000-\uf0ff]|[-–—*o](?=\s))\s*")
NUMBERED = re.compile(r"^(?:\((?:\d{1,2}|[a-z]|[ivx]{1,4})\)|(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+(?=\S)")
CERTAIN = re.compile(r"^[•▪◦‣·●○■□►➢✓✔\x7f-\x9f\uf000-\uf0ff]")
PAGE_APART = re.compile(r"^(?:[A-Z]{1,2}[-.])?[\divxlc]{1,5}$", re.IGNORECASE)
DASHED = re.compile(r"^[-–—]\s+[a-z]")
CLOSES = re.compile(r"^[^()]*\)")
ABBREVIATED = re.compile(r"(?:\b(?:e\.g|i\.e|vs|pp?|no|nos|vol|fig|sec|ch|dr|st|approx|cf)|\b[A-Z])\.$", re.IGNORECASE)
ENDS = (".", "?", "!", ":", ";", "”", '"')
SIZE_STEP = 0.7
WIDER = 1.3


@dataclass
class Paragraph:
    """Lines that belong together. `row`: a table row instead; `marked`: the level of the bookmark that names it."""

    lines: list[PrintedLine] = field(default_factory=list)
    row: TableRow | None = None
    listed: bool = False
    marked: int | None = None

    @property
    def look(self) -> Look:
        """The type of the paragraph: a face only where every line has it."""
        return Look(
            size=round(2 * median(line.look.size for line in self.lines)) / 2,
            bold=all(line.look.bold for line in self.lines),
            italic=all(line.look.italic for line in self.lines),
            underline=all(line.look.underline for line in self.lines),
        )

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def pages(self) -> tuple[int, ...]:
        if self.row is not None:
            return (self.row.file_page,)
        return tuple(dict.fromkeys(line.file_page for line in self.lines))


def paragraphs_of(pages: Sequence[Sequence[Item]]) -> list[Paragraph]:
    """The paragraphs of a file, given each page in reading order."""
    leading = _leading(pages)
    found: list[Paragraph] = []
    for page in pages:
        for item in with_rows(page):
            if isinstance(item, TableRow):
                found.append(Paragraph(row=item))
                continue
            before = found[-1] if found else None
            if before is not None and _belongs(before, item, leading):
                before.lines.append(item)
            else:
                found.append(Paragraph([item], listed=_begins_item(item)))
    return found


def is_contents_entry(line: PrintedLine) -> bool:
    """Whether a line belongs to a table of contents: leaders before a page number, or one set apart at its end."""
    return is_contents_line(line.text) or (len(line.cells) > 1 and PAGE_APART.match(line.cells[-1].text) is not None)


def _belongs(paragraph: Paragraph, line: PrintedLine, leading: dict[float, float]) -> bool:
    if paragraph.row is not None or is_contents_entry(paragraph.lines[-1]):
        return False
    last = paragraph.lines[-1]
    if _begins_item(line) and not _is_mid_sentence(paragraph, line):
        return False
    if last.file_page != line.file_page or last.column != line.column or line.base > last.base:
        return _goes_on_overleaf(paragraph, line)
    usual = leading.get(_size(last), 1.25 * last.look.size)
    gap = last.base - line.base
    if gap > WIDER * usual or abs(last.look.size - line.look.size) > SIZE_STEP:
        return False
    if _face(paragraph.look) != _face(line.look) and (_was_broken(last, line) or gap > 1.12 * usual):
        return False
    if paragraph.listed:
        return line.x0 > paragraph.lines[0].x0 + 3 or not _was_broken(last, line)
    indented = line.x0 - last.x0 > 6 and len(paragraph.lines) > 1
    return not _was_broken(last, line) and not (indented and last.text.endswith(ENDS))


def _is_mid_sentence(paragraph: Paragraph, line: PrintedLine) -> bool:
    """Whether a line that looks like a list item is one in the midst of a sentence that begins with "12." or a dash."""
    last, first = paragraph.lines[-1], paragraph.lines[0]
    if CERTAIN.match(line.text) or last.file_page != line.file_page:
        return False
    if last.text.count("(") > last.text.count(")") and CLOSES.match(line.text):
        return True
    if last.text.endswith(ENDS) and not ABBREVIATED.search(last.text):
        return False
    hangs = paragraph.listed and line.x0 > first.x0 + 3
    runs_on = abs(line.x0 - last.x0) < 3 and (not paragraph.listed or DASHED.match(line.text) is not None)
    return (hangs or runs_on) and last.column == line.column and not _was_broken(last, line)


def _goes_on_overleaf(paragraph: Paragraph, line: PrintedLine) -> bool:
    """Whether a paragraph goes on in the next column or on the next page."""
    last = paragraph.lines[-1]
    if abs(last.look.size - line.look.size) > SIZE_STEP or _face(paragraph.look) != _face(line.look):
        return False
    if _face(line.look) != (False, False, False) and len(paragraph.lines) < 3:
        return False
    return not last.text.endswith(ENDS) and (line.text[:1].islower() or not _ended_short(last))


def _was_broken(last: PrintedLine, line: PrintedLine) -> bool:
    """Whether the first word of `line` would have fitted behind `last`."""
    first = line.cells[0].words[0]
    return last.x1 + 0.3 * last.look.size + (first.x1 - first.x0) < last.right - 0.5


def _ended_short(last: PrintedLine) -> bool:
    return last.x1 < last.right - 0.15 * (last.right - last.left)


def _begins_item(line: PrintedLine) -> bool:
    return BULLET.match(line.text) is not None or NUMBERED.match(line.text) is not None


def _face(look: Look) -> tuple[bool, bool, bool]:
    return (look.bold, look.italic, look.underline)


def _size(line: PrintedLine) -> float:
    return round(line.look.size, 0)


def _leading(pages: Sequence[Sequence[Item]]) -> dict[float, float]:
    """The usual distance between lines of each size of type: the smallest that is common."""
    gaps: dict[float, Counter[float]] = {}
    for page in pages:
        for before, line in pairwise(page):
            if isinstance(before, PrintedLine) and isinstance(line, PrintedLine) and before.column == line.column:
                gap = before.base - line.base
                if 0.8 * line.look.size < gap < 3 * line.look.size:
                    gaps.setdefault(_size(line), Counter())[round(2 * gap) / 2] += 1
    usual = {}
    for size, counted in gaps.items():
        common = max(counted.values())
        usual[size] = min(gap for gap, count in counted.items() if count >= 0.3 * common)
    return usual
