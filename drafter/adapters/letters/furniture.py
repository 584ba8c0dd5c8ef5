"""Page furniture of letters: running feet and page numbers, which belong to no field."""

from __future__ import annotations

import re
from collections.abc import Sequence

from drafter.adapters.printed import PrintedLine

_RUNNING_FOOT = re.compile(
    r"(?:Final Determination Letter for IMR Case Number\b.*|Page\s+\d+\s+of\s+\d+)", re.IGNORECASE
)


def without_furniture(lines: Sequence[PrintedLine]) -> tuple[PrintedLine, ...]:
    """`lines` without running feet. A bare number is one only where it is its page's number and stands at an edge."""
    return tuple(line for index, line in enumerate(lines) if not _is_furniture(lines, index))


def _is_furniture(lines: Sequence[PrintedLine], index: int) -> bool:
    line = lines[index]
    if _RUNNING_FOOT.fullmatch(line.text):
        return True
    first = index == 0 or lines[index - 1].page != line.page
    last = index == len(lines) - 1 or lines[index + 1].page != line.page
    return (first or last) and line.page > 1 and line.text == str(line.page)
