"""Puts what is drawn on a PDF page into reading order: tables row by row, columns one by one, lines as printed.

Everything is decided from places, never from words: words that stand close on one base line are a stretch; lines that
frame boxes make a table; a strip down the middle that almost nothing crosses parts two columns, if both sides are set
as running text.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from guideline_corpus.readers.pdf_page import Look, PdfPage, Rule, Word
from guideline_corpus.readers.pdf_tables import Grid, grids_of

WIDE_GAP = 1.6
SAME_LINE = 0.35
EVEN = 1.3
GUTTER = 8.0
LEAST_COLUMN_LINES = 4
LEAST_LINE_WORDS = 3
MOST_CROSSING = 0.1
SAME_END, LEAST_FULL, FULL_SHARE = 2.0, 4, 0.3
MARKER = re.compile(
    r"^(?:[•▪◦‣·●○■□►➢\-–*o\x7f-\x9f\uf000-\uf0ff]|\(\w{1,3}\)|\w{1,3}[.)]|\d+(?:\.\d+)*\.?|[A-Z](?:\.\w{1,3})+\.?)$"
)


class Stretch(NamedTuple):
    """Words that follow each other closely on one base line."""

    words: tuple[Word, ...]
    x0: float
    x1: float
    base: float
    size: float

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


class PrintedLine(NamedTuple):
    """One line of a column. `left` and `right` bound the column; `cells` are more than one where wide gaps part it."""

    text: str
    cells: tuple[Stretch, ...]
    x0: float
    x1: float
    base: float
    look: Look
    left: float
    right: float
    file_page: int
    column: int


class TableRow(NamedTuple):
    """One row of a ruled table: the lines of each filled cell."""

    cells: tuple[tuple[str, ...], ...]
    file_page: int
    first: bool


Item = PrintedLine | TableRow


def reading_order(page: PdfPage, *, dropped: frozenset[int] = frozenset()) -> list[Item]:
    """What stands on the page, in the order in which it is read. `dropped` are the numbers of words to leave out."""
    words = [word for at, word in enumerate(page.words) if at not in dropped]
    level = _with_underlines([word for word in words if not word.turned], page.rules)
    grids = grids_of(page.rules, level)
    free = [word for word in level if not any(grid.box.holds(word) for grid in grids)]
    turned = [word for word in words if word.turned]
    items = list(_flow(stretches(free), grids, page))
    return items + [_line([stretch], page, column=99, left=0, right=page.width) for stretch in stretches(turned)]


class Row(NamedTuple):
    """All words of a page that stand at one height, from left to right: their numbers, and what they say."""

    words: tuple[int, ...]
    text: str
    base: float
    size: float


def rows_of(page: PdfPage) -> list[Row]:
    """The page's lines from top to bottom, columns not parted."""
    by_height = sorted(range(len(page.words)), key=lambda at: -page.words[at].base)
    rows: list[list[int]] = []
    for at in by_height:
        word = page.words[at]
        if rows and abs(page.words[rows[-1][0]].base - word.base) <= SAME_LINE * max(word.look.size, 4):
            rows[-1].append(at)
        else:
            rows.append([at])
    told = []
    for row in rows:
        row.sort(key=lambda at: page.words[at].x0)
        first = page.words[row[0]]
        told.append(Row(tuple(row), " ".join(page.words[at].text for at in row), first.base, first.look.size))
    return told


def stretches(words: Sequence[Word]) -> list[Stretch]:
    """The words as stretches; words that stand on one line are brought into order from left to right."""
    held: list[list[Word]] = []
    for word in words:
        if held and _goes_on(held[-1][-1], word):
            held[-1].append(word)
        else:
            held.append([word])
    return [_stretch(group) for group in _marked(held)]


def _goes_on(before: Word, word: Word) -> bool:
    size = max(before.look.size, word.look.size, 4)
    gap = word.x0 - before.x1
    same_line = abs(before.base - word.base) <= SAME_LINE * size
    return same_line and before.turned == word.turned and -0.5 * size <= gap <= WIDE_GAP * 0.8 * size


def _marked(groups: Sequence[list[Word]]) -> Iterator[list[Word]]:
    """A bullet or a number that stands apart belongs to the words after it on its line."""
    lines: dict[int, list[int]] = {}
    for at, group in enumerate(groups):
        lines.setdefault(round(group[0].base / 4), []).append(at)
    merged: dict[int, list[Word]] = {}
    gone: set[int] = set()
    for at, group in enumerate(groups):
        if len(group) != 1 or not MARKER.match(group[0].text):
            continue
        row = round(group[0].base / 4)
        near = [
            other
            for key in (row - 1, row, row + 1)
            for other in lines.get(key, ())
            if other != at and other not in gone
        ]
        behind = [other for other in near if _stands_behind(group[0], groups[other][0])]
        before = [group[0].x0 - groups[other][-1].x1 for other in near if _stands_behind(groups[other][-1], group[0])]
        if behind:
            follower = min(behind, key=lambda other: groups[other][0].x0)
            if min(before, default=math.inf) < groups[follower][0].x0 - group[0].x1:
                continue  # the end of a line, such as "(a)", with the next column behind it
            merged[follower] = group + merged.get(follower, groups[follower])
            gone.add(at)
    for at, group in enumerate(groups):
        if at not in gone:
            yield merged.get(at, group)


def _stands_behind(marker: Word, word: Word) -> bool:
    size = max(word.look.size, 4)
    return abs(marker.base - word.base) <= SAME_LINE * size and 0 <= word.x0 - marker.x1 <= 4 * size


def _stretch(words: Sequence[Word]) -> Stretch:
    sizes = sorted(word.look.size for word in words)
    return Stretch(
        words=tuple(words),
        x0=min(word.x0 for word in words),
        x1=max(word.x1 for word in words),
        base=words[0].base,
        size=sizes[len(sizes) // 2],
    )


def _flow(texts: Sequence[Stretch], grids: Sequence[Grid], page: PdfPage) -> Iterator[Item]:
    """Stretches between tables, table by table from the top of the page down."""
    rest = list(texts)
    for grid in sorted(grids, key=lambda one: -one.box.y1):
        above = [text for text in rest if text.base > grid.box.y1 - 1]
        yield from _columns(above, page, 0)
        taken = {id(text) for text in above}
        rest = [text for text in rest if id(text) not in taken]
        for number, cells in enumerate(grid.rows()):
            yield TableRow(tuple(cells), page.file_page, number == 0)
    yield from _columns(rest, page, 0)


def _columns(texts: Sequence[Stretch], page: PdfPage, column: int) -> Iterator[Item]:
    """The stretches in reading order: bands that cross the gutter, and between them the columns."""
    gutter = _gutter(texts)
    if gutter is None:
        yield from _lines(texts, page, column)
        return
    band: list[Stretch] = []
    crossing: list[Stretch] = []
    for text in sorted(texts, key=lambda one: -one.base):
        spans = text.x0 < gutter - GUTTER / 2 and text.x1 > gutter + GUTTER / 2
        if spans:
            yield from _sides(band, gutter, page, column)
            band = []
            crossing.append(text)
        else:
            yield from _lines(crossing, page, column)
            crossing = []
            band.append(text)
    yield from _sides(band, gutter, page, column)
    yield from _lines(crossing, page, column)


def _sides(band: Sequence[Stretch], gutter: float, page: PdfPage, column: int) -> Iterator[Item]:
    if not band:
        return
    left = [text for text in band if (text.x0 + text.x1) / 2 < gutter]
    right = [text for text in band if (text.x0 + text.x1) / 2 >= gutter]
    if left and right and not (_is_running(left) or _is_running(right)):
        yield from _lines(band, page, column)
        return
    yield from _columns(left, page, column)
    yield from _columns(right, page, column + 1)


def _gutter(texts: Sequence[Stretch]) -> float | None:
    """The middle of a strip that parts two columns of running text; None where there is none."""
    middle = _strip(texts)
    if middle is None:
        return None
    sides = ([text for text in texts if text.x1 <= middle], [text for text in texts if text.x0 >= middle])
    return middle if all(_is_running(side) for side in sides) else None


def _strip(texts: Sequence[Stretch]) -> float | None:
    """The middle of an upright strip that hardly anything crosses, with enough on both sides of it."""
    if len(texts) < 2 * LEAST_COLUMN_LINES:
        return None
    left, right = min(text.x0 for text in texts), max(text.x1 for text in texts)
    begins, ends = sorted(text.x0 for text in texts), sorted(text.x1 for text in texts)
    best: tuple[int, float] | None = None
    at = left + 0.2 * (right - left)
    while at < left + 0.8 * (right - left):
        over = bisect_left(begins, at + GUTTER / 2) - bisect_right(ends, at - GUTTER / 2)
        if best is None or over < best[0]:
            best = (over, at)
        at += 2
    if best is None or best[0] > 0.3 * len(texts):
        return None
    return _middle(best[1], texts)


def _middle(at: float, texts: Sequence[Stretch]) -> float:
    """The middle of the empty strip around a place inside it."""
    before = max((text.x1 for text in texts if text.x1 <= at), default=at)
    after = min((text.x0 for text in texts if text.x0 >= at), default=at)
    return (before + after) / 2


def _is_running(side: Sequence[Stretch]) -> bool:
    """Whether the stretches of one side are set as running text: most of its lines fill their column.

    A narrow column that is set to full width has gaps within its lines; what stands at one height is one line. A side
    that is parted again is running text where both its parts are.
    """
    if len(side) < LEAST_COLUMN_LINES:
        return False
    inner = _strip(side)
    if inner is not None and sum(text.x0 < inner < text.x1 for text in side) <= MOST_CROSSING * len(side):
        parts = ([text for text in side if text.x1 <= inner], [text for text in side if text.x0 >= inner])
        if all(len(part) >= LEAST_COLUMN_LINES for part in parts):
            return all(_is_running(part) for part in parts)
    lines: dict[int, list[Stretch]] = {}
    for text in side:
        lines.setdefault(round(text.base / 3), []).append(text)
    width = max(text.x1 for text in side) - min(text.x0 for text in side)
    full = sum(
        max(text.x1 for text in line) - min(text.x0 for text in line) >= 0.7 * width
        and sum(len(text.words) for text in line) >= LEAST_LINE_WORDS
        for line in lines.values()
    )
    return len(lines) >= LEAST_COLUMN_LINES and full >= 0.5 * len(lines)


def _lines(texts: Sequence[Stretch], page: PdfPage, column: int) -> Iterator[PrintedLine]:
    if not texts:
        return
    left, right = min(text.x0 for text in texts), _right_edge(texts)
    held: list[Stretch] = []
    for text in sorted(texts, key=lambda one: -one.base):
        if held and abs(held[0].base - text.base) > SAME_LINE * max(held[0].size, text.size, 4):
            yield _line(held, page, column=column, left=left, right=right)
            held = []
        held.append(text)
    yield _line(held, page, column=column, left=left, right=right)


def _right_edge(texts: Sequence[Stretch]) -> float:
    """Where lines end that are set to the full width; a line that juts out beyond most full ones does not count."""
    ends = sorted(text.x1 for text in texts)
    at = max(range(len(ends)), key=lambda at: (bisect_right(ends, ends[at] + SAME_END) - at, ends[at]))
    shared = bisect_right(ends, ends[at] + SAME_END) - at
    return ends[at + shared - 1] if shared >= LEAST_FULL and shared >= FULL_SHARE * len(ends) else ends[-1]


def _line(held: Sequence[Stretch], page: PdfPage, *, column: int, left: float, right: float) -> PrintedLine:
    cells = tuple(sorted(held, key=lambda one: one.x0))
    if len(cells) > 1 and _evenly_spaced(cells):
        cells = (_stretch([word for cell in cells for word in cell.words]),)
    worded = [word for cell in cells for word in cell.words if any(letter.isalnum() for letter in word.text)]
    words = worded or [word for cell in cells for word in cell.words]
    sizes = sorted(word.look.size for word in words)
    return PrintedLine(
        text=" ".join(word.text for cell in cells for word in cell.words),
        cells=cells,
        x0=cells[0].x0,
        x1=max(cell.x1 for cell in cells),
        base=cells[0].base,
        look=Look(
            size=sizes[len(sizes) // 2],
            bold=all(word.look.bold for word in words),
            italic=all(word.look.italic for word in words),
            underline=all(word.look.underline for word in words),
        ),
        left=left,
        right=right,
        file_page=page.file_page,
        column=column,
    )


def _evenly_spaced(cells: Sequence[Stretch]) -> bool:
    """Whether wide gaps are only those of a line set to full width: all its words stand about equally far apart."""
    gaps = [after.x0 - before.x1 for before, after in pairwise([word for cell in cells for word in cell.words])]
    return len(gaps) > 1 and max(gaps) <= EVEN * min(gaps)


def _with_underlines(words: Sequence[Word], rules: Sequence[Rule]) -> list[Word]:
    """The words, those with a line close below them and no longer than their own line marked as underlined."""
    flat = sorted((rule for rule in rules if rule.horizontal), key=lambda rule: rule.y0)
    heights = [rule.y0 for rule in flat]
    marked = []
    for text in stretches(words):
        low = bisect_left(heights, text.base - 0.35 * text.size)
        near = flat[low : bisect_right(heights, text.base + 0.05 * text.size)]
        own = [rule for rule in near if rule.x0 >= text.x0 - 4 and rule.x1 <= text.x1 + 4]
        for word in text.words:
            width = max(word.x1 - word.x0, 0.1)
            under = any(min(rule.x1, word.x1) - max(rule.x0, word.x0) >= 0.8 * width for rule in own)
            marked.append(word._replace(look=word.look._replace(underline=True)) if under else word)
    return marked
