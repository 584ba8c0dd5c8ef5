"""Spinal levels: "L4-5", "L4-L5" and "L4/5" are "L4-L5"; a single level is "C2". Scan weightings (T2) are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain.reading.facts.found import Found, Page

_LEVELS = {"C": 8, "T": 12, "L": 6, "S": 5}
_LEVEL = re.compile(
    r"(?<![\w/.#])([CTLS])-?(\d{1,2})(?:\s?[-–—/]\s?([CTLS])?-?(\d{1,2}))?(?![\w%]|\.\d)(?![-\s](?:weighted|"
    r"weighting|signal|image|hyperintens|mg|fracture care))",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(cervical|thoracic|lumbar|sacral)\s(\d{1,2})\b(?!\s?(?:weeks|visits|sessions|times|x|mg|degrees|/|-|%))",
    re.IGNORECASE,
)


def find(page: Page) -> Iterator[Found]:
    for match in _LEVEL.finditer(page.text):
        value = _value(
            match[1].upper(), int(match[2]), (match[3] or match[1]).upper(), int(match[4]) if match[4] else None
        )
        if value and (match[1].isupper() or match[4]):
            yield Found("spinal_level", value, match.start(), match.end())
    for match in _NAMED.finditer(page.text):
        letter = match[1][0].upper()
        if 0 < int(match[2]) <= _LEVELS[letter]:
            yield Found("spinal_level", f"{letter}{int(match[2])}", match.start(), match.end())


def _value(letter: str, level: int, other: str, second: int | None) -> str | None:
    if not 0 < level <= _LEVELS[letter]:
        return None
    if second is None:
        return f"{letter}{level}"
    return f"{letter}{level}-{other}{second}" if 0 < second <= _LEVELS[other] else None
