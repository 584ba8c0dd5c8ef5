"""Finds tables on a PDF page by the lines drawn around their cells, and reads them row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from guideline_corpus.readers.pdf_page import Rule, Word

NEAR = 2.5
SAME_EDGE = 6.0
LEAST_LINES = 3
TALLEST_CELL = 420.0
SAME_BASE = 0.4


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
    """The ruled tables of a page, those with at least two columns and two rows that hold words."""
    across = _merged([rule for rule in rules if rule.horizontal], horizontal=True)
    down = _merged([rule for rule in rules if not rule.horizontal], horizontal=False)
    grids = []
    for box in _boxes(across):
        columns = _columns(box, down)
        if len(columns) < 3:
            continue
        inside = tuple(word for word in words if box.holds(word))
        grid = Grid(box, tuple(_cells(box, columns, across)), inside)
        if sum(1 for _ in grid.rows()) >= 2:
            grids.append(grid)
    return grids


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


def _boxes(across: Sequence[Rule]) -> Iterator[Box]:
    """Where at least three lines of the same ends stand above each other."""
    free = sorted((rule for rule in across if rule.x1 - rule.x0 > 60), key=lambda rule: -rule.y0)
    while free:
        first = free.pop(0)
        group = [first]
        for rule in list(free):
            same = abs(rule.x0 - first.x0) <= SAME_EDGE and abs(rule.x1 - first.x1) <= SAME_EDGE
            if same and group[-1].y0 - rule.y0 <= TALLEST_CELL:
                group.append(rule)
                free.remove(rule)
        if len(group) >= LEAST_LINES:
            yield Box(first.x0, group[-1].y0, first.x1, first.y0)


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
