"""Finds tables that are set without lines: at least three lines parted at the same place, one below the other.

A justified line with one wide gap is no table, so the gaps have to fall on one strip. Lines that stand wholly on one
side of the strip belong to a cell of the row above; the next row begins where the first column has words again and, if
rows stand apart, where the distance widens.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from guideline_corpus.readers.pdf_layout import Item, PrintedLine, Stretch, TableRow

LEAST_PARTED = 3
NARROW = 3.0
APART = 1.25
FARTHEST = 3.5


class _Strip(NamedTuple):
    left: float
    right: float


def with_rows(page: Sequence[Item]) -> list[Item]:
    """The page with lines that form such tables replaced by their rows."""
    found: list[Item] = []
    at = 0
    while at < len(page):
        run, strips = _run(page[at:])
        if len(run) >= LEAST_PARTED:
            found += _rows(run, strips)
            at += len(run)
        else:
            found.append(page[at])
            at += 1
    return found


def _run(items: Sequence[Item]) -> tuple[list[PrintedLine], list[_Strip]]:
    """The longest table that begins with the first item: its lines and the strips between its columns."""
    first = items[0]
    if not isinstance(first, PrintedLine) or len(first.cells) < 2:
        return [], []
    strips = _gaps(first)
    run = [first]
    parted = [0]
    for item in items[1:]:
        if not isinstance(item, PrintedLine) or item.column != first.column or item.base > run[-1].base:
            break
        if run[-1].base - item.base > FARTHEST * max(item.look.size, 4):
            break
        left = _narrowed(strips, item)
        if not left:
            break
        strips = left
        run.append(item)
        if len(item.cells) > 1:
            parted.append(len(run) - 1)
    if len(parted) < LEAST_PARTED:
        return [], []
    # What follows the last parted line may be running text that happens to be short.
    end = parted[-1] + 1
    while end < len(run) and run[end].x0 > strips[0].left:
        end += 1
    return run[:end], strips


def _gaps(line: PrintedLine) -> list[_Strip]:
    return [_Strip(one.x1, other.x0) for one, other in pairwise(line.cells)]


def _narrowed(strips: Sequence[_Strip], line: PrintedLine) -> list[_Strip]:
    """What is left of the strips when nothing of `line` may stand in them."""
    left = []
    for strip in strips:
        low, high = strip
        for cell in line.cells:
            if cell.x0 <= low and cell.x1 >= high:
                low = high
            elif cell.x0 <= low < cell.x1:
                low = cell.x1
            elif cell.x0 < high <= cell.x1:
                high = cell.x0
        if high - low >= NARROW:
            left.append(_Strip(low, high))
    return left


def _rows(run: Sequence[PrintedLine], strips: Sequence[_Strip]) -> list[TableRow]:
    edges = [(strip.left + strip.right) / 2 for strip in strips]
    gaps = [one.base - other.base for one, other in pairwise(run)]
    tight = min(gaps, default=0.0)
    loose = any(gap > APART * tight for gap in gaps)
    rows: list[list[list[str]]] = []
    for number, line in enumerate(run):
        cells = _by_column(line.cells, edges)
        begins = bool(cells[0]) and (not loose or number == 0 or gaps[number - 1] > APART * tight)
        if not rows or begins:
            rows.append([[] for _ in range(len(edges) + 1)])
        for column, texts in enumerate(cells):
            rows[-1][column] += texts
    return [
        TableRow(tuple(tuple(cell) for cell in row if cell), run[0].file_page, number == 0)
        for number, row in enumerate(rows)
    ]


def _by_column(cells: Sequence[Stretch], edges: Sequence[float]) -> list[list[str]]:
    columns: list[list[str]] = [[] for _ in range(len(edges) + 1)]
    for cell in cells:
        middle = (cell.x0 + cell.x1) / 2
        columns[sum(1 for edge in edges if edge < middle)].append(cell.text)
    return columns
