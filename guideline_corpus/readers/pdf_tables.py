"""Finds tables on a PDF page by the lines drawn around their cells, and reads them row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from guideline_corpus.readers.pdf_page import Rule, Word

NEAR = 2.5
SAME_EDGE = 6.0
LEAST_LINES = 3
LEAST_WIDTH, LEAST_STRIP = 60.0, 6.0
TALLEST_CELL = 420.0
SAME_BASE = 0.4


Interval = tuple[float, float]


class Box(NamedTuple):
    x0: float
    y0: float
    x1: float
    y1: float

    def holds(self, word: Word) -> bool:
        middle = (word.x0 + word.x1) / 2
        return self.x0 - 1 <= middle <= self.x1 + 1 and self.y0 - 1 <= word.base + word.look.size / 4 <= self.y1 + 1


class Grid(NamedTuple):
    """A table: its box, its cells with the row each begins in, and the words inside."""

    box: Box
    cells: tuple[tuple[int, Box], ...]
    words: tuple[Word, ...]

    def rows(self) -> Iterator[tuple[tuple[str, ...], ...]]:
        """The filled cells of each row from left to right, each as its lines."""
        filled: dict[int, list[tuple[float, tuple[str, ...]]]] = {}
        taken: set[int] = set()
        for row, cell in self.cells:
            inside = [word for word in self.words if id(word) not in taken and cell.holds(word)]
            taken.update(id(word) for word in inside)
            if inside:
                filled.setdefault(row, []).append((cell.x0, tuple(_lines(inside))))
        for row in sorted(filled):
            yield tuple(lines for _, lines in sorted(filled[row]))
        if left := [word for word in self.words if id(word) not in taken]:
            yield (tuple(_lines(left)),)


def grids_of(rules: Sequence[Rule], words: Sequence[Word]) -> list[Grid]:
    """The ruled tables of a page: framed cells, and rows parted by lines whose words keep to columns."""
    across = _merged([rule for rule in rules if rule.horizontal], horizontal=True)
    down = _merged([rule for rule in rules if not rule.horizontal], horizontal=False)
    grids = []
    for box in _boxes(across, down):
        columns = _columns(box, down)
        if len(columns) < 3:
            continue
        inside = tuple(word for word in words if box.holds(word))
        grid = Grid(box, tuple(_cells(box, columns, across)), inside)
        rows = list(grid.rows())
        if len(rows) >= 2 or any(len(cells) >= 2 for cells in rows):
            grids.append(grid)
    return grids + list(_lined(across, words, [grid.box for grid in grids]))


def _lined(across: Sequence[Rule], words: Sequence[Word], framed: Sequence[Box]) -> Iterator[Grid]:
    """Tables with lines between their rows only; the strips that no word crosses part their columns."""
    for group in _alike(across):
        run: list[Box] = []
        strips: list[Interval] = []
        for upper, lower in pairwise(group):
            box = Box(upper.x0, lower.y0, upper.x1, upper.y0)
            inside = [word for word in words if box.holds(word)]
            free = any(one.y0 < box.y1 and box.y0 < one.y1 for one in framed) or not inside
            left = [] if free else _common(strips, _open_strips(inside)) if run else _open_strips(inside)
            if not left:
                yield from _grid_of(run, strips, words)
                run, strips = [], []
                left = [] if free else _open_strips(inside)
            if left:
                run.append(box)
                strips = left
        yield from _grid_of(run, strips, words)


def _grid_of(run: Sequence[Box], strips: Sequence[Interval], words: Sequence[Word]) -> Iterator[Grid]:
    if len(run) < LEAST_LINES:
        return
    box = Box(run[0].x0, run[-1].y0, run[0].x1, run[0].y1)
    edges = [box.x0, *((low + high) / 2 for low, high in strips), box.x1]
    cells = tuple(
        (row, Box(left, one.y0, right, one.y1)) for row, one in enumerate(run) for left, right in pairwise(edges)
    )
    yield Grid(box, cells, tuple(word for word in words if box.holds(word)))


def _alike(across: Sequence[Rule]) -> Iterator[list[Rule]]:
    """Lines of the same ends, from the top of the page down."""
    free = sorted((rule for rule in across if rule.x1 - rule.x0 > LEAST_WIDTH), key=lambda rule: -rule.y0)
    while free:
        group = [one for one in free if abs(one.x0 - free[0].x0) <= SAME_EDGE and abs(one.x1 - free[0].x1) <= SAME_EDGE]
        free = [one for one in free if one not in group]
        yield group


def _open_strips(words: Sequence[Word]) -> list[Interval]:
    """Where no word stands between two that do, from left to right."""
    strips = []
    reached: float | None = None
    for word in sorted(words, key=lambda word: word.x0):
        if reached is not None and word.x0 - reached >= LEAST_STRIP:
            strips.append((reached, word.x0))
        reached = word.x1 if reached is None else max(reached, word.x1)
    return strips


def _common(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    shared = [(max(a[0], b[0]), min(a[1], b[1])) for a in one for b in other]
    return [(low, high) for low, high in shared if high - low >= LEAST_STRIP]


def _merged(rules: Sequence[Rule], *, horizontal: bool) -> list[Rule]:
    """Lines that continue each other as one."""
    key = (lambda rule: (rule.y0, rule.x0)) if horizontal else (lambda rule: (rule.x0, rule.y0))
    merged: list[Rule] = []
    for rule in sorted(rules, key=key):
        for at in range(len(merged) - 1, max(-1, len(merged) - 40), -1):
            joined = _joined(merged[at], rule, horizontal=horizontal)
            if joined is not None:
                merged[at] = joined
                break
        else:
            merged.append(rule)
    return merged


def _joined(one: Rule, other: Rule, *, horizontal: bool) -> Rule | None:
    if horizontal:
        touching = abs(one.y0 - other.y0) <= NEAR and other.x0 <= one.x1 + NEAR and one.x0 <= other.x1 + NEAR
    else:
        touching = abs(one.x0 - other.x0) <= NEAR and other.y0 <= one.y1 + NEAR and one.y0 <= other.y1 + NEAR
    if not touching:
        return None
    if horizontal:
        return Rule(min(one.x0, other.x0), one.y0, max(one.x1, other.x1), one.y0)
    return Rule(one.x0, min(one.y0, other.y0), one.x0, max(one.y1, other.y1))


def _boxes(across: Sequence[Rule], down: Sequence[Rule]) -> Iterator[Box]:
    """Where lines of the same ends stand above each other, tied by lines that run down between them."""
    free = sorted((rule for rule in across if rule.x1 - rule.x0 > LEAST_WIDTH), key=lambda rule: -rule.y0)
    while free:
        first = free.pop(0)
        group = [first]
        for rule in list(free):
            same = abs(rule.x0 - first.x0) <= SAME_EDGE and abs(rule.x1 - first.x1) <= SAME_EDGE
            if same and group[-1].y0 - rule.y0 <= TALLEST_CELL and _tied(group[-1], rule, down):
                group.append(rule)
                free.remove(rule)
        if len(group) > 1:
            yield Box(first.x0, group[-1].y0, first.x1, first.y0)


def _tied(upper: Rule, lower: Rule, down: Sequence[Rule]) -> bool:
    """Whether two lines belong to one table: text between two tables has no line beside it."""
    middle = (upper.y0 + lower.y0) / 2
    return upper.y0 - lower.y0 <= NEAR or any(
        upper.x0 - SAME_EDGE <= rule.x0 <= upper.x1 + SAME_EDGE and rule.y0 <= middle <= rule.y1 for rule in down
    )


def _columns(box: Box, down: Sequence[Rule]) -> list[float]:
    """The edges of the columns, the outer ones included."""
    edges = [box.x0, box.x1]
    for rule in down:
        inside = box.x0 - NEAR <= rule.x0 <= box.x1 + NEAR
        overlap = min(rule.y1, box.y1) - max(rule.y0, box.y0)
        if inside and overlap > 0.15 * (box.y1 - box.y0) and all(abs(rule.x0 - edge) > SAME_EDGE for edge in edges):
            edges.append(rule.x0)
    return sorted(edges)


def _cells(box: Box, columns: Sequence[float], across: Sequence[Rule]) -> Iterator[tuple[int, Box]]:
    """Every cell with the number of the row it begins in; a cell may reach over several rows."""
    inside = [rule for rule in across if box.y0 - NEAR <= rule.y0 <= box.y1 + NEAR]
    tops = sorted({round(rule.y0, 1) for rule in inside} | {box.y1}, reverse=True)
    for left, right in pairwise(columns):
        middle = (left + right) / 2
        heights = sorted({rule.y0 for rule in inside if rule.x0 <= middle <= rule.x1} | {box.y0, box.y1}, reverse=True)
        for top, bottom in pairwise(heights):
            row = sum(1 for other in tops if other > top + NEAR)
            yield row, Box(left, bottom, right, top)


def _lines(words: Sequence[Word]) -> Iterator[str]:
    ordered = sorted(words, key=lambda word: -word.base)
    held: list[Word] = []
    for word in ordered:
        if held and abs(held[0].base - word.base) > SAME_BASE * max(word.look.size, 4):
            yield _line(held)
            held = []
        held.append(word)
    if held:
        yield _line(held)


def _line(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in sorted(words, key=lambda word: word.x0))
