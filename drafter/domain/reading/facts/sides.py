"""Sides with the body part they belong to, and body parts with their side.

"left knee", "knee on the left", "bilateral shoulders", "left wrist and hand": `about` of a side is the part's id,
`about` of a part its side. A side that no part is near has no `about`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from drafter.domain.reading.facts.found import Found, Page

_SIDE = re.compile(
    r"\b(?:(left|lt|right|rt)\b\.?(?:[-\s]sided\b)?|(bilateral|both|bilaterally)\b)|"
    r"(?<![\w.'’-])\(?([LR])\)?(?=\s[a-z]{3,})",
    re.IGNORECASE,
)
_NO_SIDE = re.compile(
    r"\b(?:right|left)\s(?:away|now|after|before|to\s(?:work|treatment|appeal)|the|hand(?:ed)?[-\s]domin\w*|"
    r"handed)\b",
    re.IGNORECASE,
)
_TO_PART = re.compile(
    r"\W*(?:(?!and\b|or\b|left\b|right\b|bilateral\b|both\b|on\b|in\b|at\b|with\b|was\b|is\b|of\b|"
    r"to\b)[\w'’-]+\W+){0,3}$",
    re.IGNORECASE,
)
_FROM_PART = re.compile(
    r"[^.;,]{0,25}?(?:\bon\s(?:the\s)?|\bto\s(?:the\s)?|\bof\s(?:the\s)?|\(|,\s|\s)$", re.IGNORECASE
)
_JOINED = re.compile(r"\s?(?:/|,?\s?and\s|-|\s?&\s?|,?\s?or\s)\s?(?:the\s)?$", re.IGNORECASE)
_BOTH_SIDES = re.compile(r"\s?(?:and|or|/|,)\s?(?:the\s)?$", re.IGNORECASE)
_AHEAD, _BACK, _CHAIN = 40, 45, 6
_NAMES = {"left": "left", "lt": "left", "l": "left", "right": "right", "rt": "right", "r": "right"}


def find(page: Page) -> Iterator[Found]:
    sides = _sides(page)
    side_of: dict[int, str] = {}
    for position, (value, start, end) in enumerate(sides):
        following = sides[position + 1] if position + 1 < len(sides) else None
        parts = _parts_of(page, value, start, end, following)
        for part in parts:
            side_of[part] = "bilateral" if side_of.get(part, value) != value else value
        yield from _side_facts(page, value, start, end, parts)
    for index, span in enumerate(page.body_parts):
        yield Found("body_part", span.id, span.start, span.end, about=side_of.get(index))


def _side_facts(page: Page, value: str, start: int, end: int, parts: list[int]) -> Iterator[Found]:
    ids = list(dict.fromkeys(page.body_parts[part].id for part in parts))
    for part in (*ids, *([None] if not ids else [])):
        yield Found("side", value, start, end, about=part)


def _sides(page: Page) -> list[tuple[str, int, int]]:
    excluded = {match.start() for match in _NO_SIDE.finditer(page.text)}
    sides = []
    for match in _SIDE.finditer(page.text):
        if match.start() in excluded or (match[3] and not match[3].isupper()):
            continue
        word = (match[1] or match[3] or "").lower()
        sides.append((_NAMES.get(word, "bilateral"), match.start(), match.end()))
    return sides


def _parts_of(page: Page, value: str, start: int, end: int, following: tuple[str, int, int] | None) -> list[int]:
    """The indexes of the body parts that a side belongs to: the next one with what is joined to it, else the last."""
    index = bisect_left(page.body_part_starts, end)
    if index < len(page.body_parts) and _leads_to(page, end, index):
        return _joined(page, index)
    if following and following[1] - end <= len(" and the ") and _BOTH_SIDES.match(page.text[end : following[1]]):
        return _parts_of(page, value, following[1], following[2], None)
    return _part_before(page, start)


def _leads_to(page: Page, end: int, index: int) -> bool:
    gap = page.text[end : page.body_part_starts[index]]
    return len(gap) <= _AHEAD and bool(_TO_PART.match(gap)) and not re.search(r"[.;,:]\s", gap)


def _joined(page: Page, index: int) -> list[int]:
    parts = [index]
    while len(parts) < _CHAIN and parts[-1] + 1 < len(page.body_parts):
        last, following = page.body_parts[parts[-1]], page.body_parts[parts[-1] + 1]
        inside = following.start < last.end
        if not inside and not _JOINED.fullmatch(page.text[last.end : following.start]):
            break
        parts.append(parts[-1] + 1)
    return parts


def _part_before(page: Page, start: int) -> list[int]:
    index = bisect_right(page.body_part_ends, start) - 1
    if index < 0:
        return []
    gap = page.text[page.body_part_ends[index] : start]
    return [index] if len(gap) <= _BACK and _FROM_PART.fullmatch(gap) else []
