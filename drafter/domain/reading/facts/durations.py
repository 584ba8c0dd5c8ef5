"""Durations: "2-3 weeks", "for six months", "three or four week period", "72 hours". Singular and plural are equal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain.reading.facts.found import NUMBER, TO, Found, Page, ranged, to_number

_BRACKETED = r"(?:\(\s?\d{1,3}\s?\)\s?)?"
_UNIT = r"(minute|min|hour|hr|day|week|wk|month|mo|year|yr)s?\b['’]?(?![-\s]*(?:old\b|of\s+age\b|o\b|/o\b))"
_DURATION = re.compile(
    rf"(?<![\w.#/$-])({NUMBER})\s?{_BRACKETED}(?:{TO}({NUMBER})\s?{_BRACKETED})?[-\s]?(?:full\s|calendar\s|"
    rf"consecutive\s)?{_UNIT}",
    re.IGNORECASE,
)
_ONE = re.compile(
    rf"\b(?:for|over|in|within|after|about|of|lasting|past|last|than)\s(?:almost\s)?(a)\s(?:full\s)?{_UNIT}",
    re.IGNORECASE,
)
_UNITS = {"min": "minute", "hr": "hour", "wk": "week", "mo": "month", "yr": "year"}
# "every 4 weeks" tells how often, not how long.
_OFTEN = re.compile(r"(?:every|each|per|/|\bq)\s?$", re.IGNORECASE)


def find(page: Page) -> Iterator[Found]:
    for match in page.at_numbers(_DURATION):
        if not _OFTEN.search(page.text, max(0, match.start() - 7), match.start()):
            low, high = to_number(match[1]), to_number(match[2]) if match[2] else None
            yield _duration(match.start(), match.end(), low, high, match[3])
    for match in _ONE.finditer(page.text):
        yield _duration(match.start(1), match.end(), 1.0, None, match[2])


def _duration(start: int, end: int, low: float, high: float | None, unit: str) -> Found:
    unit = _UNITS.get(unit.lower(), unit.lower()) + "s"
    return Found("duration", f"{ranged(low, high)} {unit}", start, end, low, high, unit)
