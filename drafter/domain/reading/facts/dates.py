"""Dates in every form that letters print, as ISO days: "10/30/2016", "10-30- 2016", "11-4-16", "October 28, 2016".

A month without a day ("12/2016", "June 2014") has the value "2016-12" and no `on`. A date that no calendar has is no
fact. Two-digit years up to 79 are of this century.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from drafter.domain.reading.facts.found import Found, Page

_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
_FIGURES = re.compile(
    r"(?<![\w.,/#-])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s{0,2}(\d{4}|\d{2})(?![\d/%]|-\d|\.\d|\s?(?:mg|mcg|ml)\b)"
)
_ISO = re.compile(r"(?<![\w/.-])(\d{4})-(\d{2})-(\d{2})(?![\w-])")
_NAMED = re.compile(rf"\b{_MONTH}\s{{1,2}}(\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,2}}(\d{{4}})(?!\d)", re.IGNORECASE)
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH},?\s(\d{{4}})(?!\d)", re.IGNORECASE)
_MONTH_NAMED = re.compile(rf"\b{_MONTH}(?:\s+of)?,?\s(\d{{4}})(?!\d)", re.IGNORECASE)
_MONTH_FIGURES = re.compile(r"(?<![\w./-])(\d{1,2})[/-](\d{4})(?![\w/%-])")
_TURN = 80


def find(page: Page) -> Iterator[Found]:
    taken: set[int] = set()
    for start, end, year, month, day in _days(page):
        on = _calendar(year, month, day)
        if on and start not in taken:
            taken.update(range(start, end))
            yield Found("date", on.isoformat(), start, end, on=on)
    yield from _months(page, taken)


def _days(page: Page) -> Iterator[tuple[int, int, int, int, int]]:
    for match in page.at_numbers(_ISO):
        yield match.start(), match.end(), int(match[1]), int(match[2]), int(match[3])
    for match in page.at_numbers(_FIGURES):
        yield match.start(), match.end(), _year(match[4]), int(match[1]), int(match[3])
    for match in _NAMED.finditer(page.text):
        yield match.start(), match.end(), int(match[3]), _month(match[1]), int(match[2])
    for match in page.at_numbers(_DAY_FIRST):
        yield match.start(), match.end(), int(match[3]), _month(match[2]), int(match[1])


def _months(page: Page, taken: set[int]) -> Iterator[Found]:
    for match in _MONTH_NAMED.finditer(page.text):
        if match.start() not in taken:
            yield _month_fact(match, int(match[2]), _month(match[1]))
    for match in page.at_numbers(_MONTH_FIGURES):
        if match.start() not in taken and 1 <= int(match[1]) <= 12 and 1900 <= int(match[2]) < 2100:
            yield _month_fact(match, int(match[2]), int(match[1]))


def _month_fact(match: re.Match[str], year: int, month: int) -> Found:
    return Found("date", f"{year:04d}-{month:02d}", match.start(), match.end(), unit="month")


def _calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1900 <= year < 2100 else None
    except ValueError:
        return None


def _year(figures: str) -> int:
    year = int(figures)
    if len(figures) == 4:
        return year
    return 2000 + year if year < _TURN else 1900 + year


def _month(name: str) -> int:
    return _NAMES.index(name[:3].lower()) + 1
