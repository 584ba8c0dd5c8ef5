"""Sides with the body part they belong to, and body parts with their side.

"left knee", "knee on the left", "bilateral shoulders", "left wrist and hand": `about` of a side is the part's id,
`about` of a part its side. A side that no part is near has no `about`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from drafter.domain.reading.facts.found import Found, Page
from guideline_corpus.vocabulary import Vocabulary

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
    r"[^.;,\d]{0,25}?(?:\bon\s(?:the\s)?|\bto\s(?:the\s)?|\bof\s(?:the\s)?|\(|,\s|\s)$", re.IGNORECASE
)
_JOINED = re.compile(r"\s?(?:/|\band\s|-|&|\bor\s)\s?(?:the\s)?$", re.IGNORECASE)
_BOTH_SIDES = re.compile(r"\s?(?:and|or|/|,|)\s?(?:the\s)?", re.IGNORECASE)
_STANDS_ALONE = re.compile(
    r"\s*(?:[.,;:)]|$|(?:and|with|at|in|than|sides?|but|is|was|were|are|where|which|to|as|upon|when|compared|more|"
    r"primarily|greater|only|on|for|by|from|dated|of|revealed|showed|without|due)\b)",
    re.IGNORECASE,
)
_AHEAD, _BACK, _CHAIN, _MOST_SIDES = 40, 45, 6, 3
_NAMES = {"left": "left", "lt": "left", "l": "left", "right": "right", "rt": "right", "r": "right"}


def find(page: Page, vocabulary: Vocabulary) -> Iterator[Found]:
    sides = _sides(page)
    side_of: dict[int, str] = {}
    for position, (value, start, end) in enumerate(sides):
        parts = _parts_of(page, sides, position, vocabulary)
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


def _parts_of(page: Page, sides: list[tuple[str, int, int]], position: int, vocabulary: Vocabulary) -> list[int]:
    """The indexes of the body parts that a side belongs to: the next one with what is joined to it, else the last.

    "Right and left elbow", "both right and left hand": a side that another follows at once shares its parts.
    """
    _, start, end = sides[position]
    for _, _, reached in sides[position : position + _MOST_SIDES]:
        index = bisect_left(page.body_part_starts, reached)
        if index < len(page.body_parts) and _leads_to(page, reached, index):
            return _joined(page, index, vocabulary)
        following = next(
            (side for side in sides[position + 1 : position + 1 + _MOST_SIDES] if side[1] >= reached), None
        )
        if following is None or not _BOTH_SIDES.fullmatch(page.text[reached : min(following[1], reached + _AHEAD)]):
            break
    return _part_before(page, start, end)


def _leads_to(page: Page, end: int, index: int) -> bool:
    start = page.body_part_starts[index]
    if start - end > _AHEAD:
        return False
    gap = page.text[end:start]
    return bool(_TO_PART.match(gap)) and not re.search(r"[.;,:]\s", gap)


def _joined(page: Page, index: int, vocabulary: Vocabulary) -> list[int]:
    """The part with the parts joined to it; a side does not reach on to a part that has no twin."""
    parts = [index]
    while len(parts) < _CHAIN and parts[-1] + 1 < len(page.body_parts):
        last, following = page.body_parts[parts[-1]], page.body_parts[parts[-1] + 1]
        gap = page.text[last.end : min(following.start, last.end + _AHEAD)]
        inside = following.start < last.end
        if vocabulary.body_parts[following.id].axial or not (inside or _JOINED.fullmatch(gap)):
            break
        parts.append(parts[-1] + 1)
    return parts


def _part_before(page: Page, start: int, end: int) -> list[int]:
    """The part that a side follows ("the knee on the left"); only where no other thing follows the side."""
    index = bisect_right(page.body_part_ends, start) - 1
    if index < 0 or start - page.body_part_ends[index] > _BACK or not _STANDS_ALONE.match(page.text, end):
        return []
    return [index] if _FROM_PART.fullmatch(page.text[page.body_part_ends[index] : start]) else []
