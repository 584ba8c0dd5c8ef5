"""A printed list of section headings, split into headings.

"NSAIDs, GI symptoms & cardiovascular risk, Proton Pump Inhibitors (PPIs)" is two headings: names hold commas, so known
headings are matched, the longest first. Numbered sections ("3.3.9 Opioids for Chronic Pain ...: Maintenance ...") end
where the next number begins. What is not known is kept whole up to the next known or numbered heading; a comma inside
brackets, or one before a word in lower case, never separates.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from drafter.adapters.letters.printed_guidelines import printed_guidelines

_NUMBERED = re.compile(r"\d+(?:\.\d+)*\.?\s+[A-Z]")
_COMMA = re.compile(r"[,;]\s+(?:and\s+)?")


def section_names(text: str) -> tuple[str, ...]:
    """The headings of a list as printed, in order."""
    return tuple(_names(text.strip(" ,;.")))


class _Gap(NamedTuple):
    """A comma or semicolon outside brackets: where the name before it ends, where the name after it begins."""

    end: int
    following: int


def _names(text: str) -> Iterator[str]:
    gaps = [*_outer_gaps(text), _Gap(len(text), len(text))]
    start = 0
    while start < len(text):
        end, following = _end_of_name(text, start, gaps)
        name = text[start:end].strip(" ,;")
        if name:
            yield name
        start = following


def _end_of_name(text: str, start: int, gaps: list[_Gap]) -> _Gap:
    """Where the name that begins at `start` ends, and where the next begins."""
    known = None if _NUMBERED.match(text, start) else _known_at(text, start, gaps)
    if known:
        return known
    for index in range(bisect_right(gaps, (start, len(text))), len(gaps)):
        following = gaps[index].following
        if _NUMBERED.match(text, following) or _known_at(text, following, gaps):
            return gaps[index]
    return gaps[-1]


def _known_at(text: str, start: int, gaps: list[_Gap]) -> _Gap | None:
    """The end of the longest known heading that begins at `start`; none where the word after it is in lower case."""
    table = printed_guidelines()
    longest = None
    for index in range(bisect_right(gaps, (start, len(text))), len(gaps)):
        gap = gaps[index]
        if gap.end - start > table.longest_heading:
            break
        if text[start : gap.end].strip().lower() in table.headings:
            longest = gap
    if longest is None or text[longest.following : longest.following + 1].islower():
        return None
    return longest


def _outer_gaps(text: str) -> Iterator[_Gap]:
    depth = 0
    separators = {match.start(): match.end() for match in _COMMA.finditer(text)}
    for index, mark in enumerate(text):
        depth = max(0, depth + (mark in "([") - (mark in ")]"))
        if depth == 0 and index in separators:
            yield _Gap(index, separators[index])
