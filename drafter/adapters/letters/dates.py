"""Dates as letters write them: 11/18/2016, 10-13-16, 10-30- 2016 (split at a line end), October 28, 2016."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH_NUMBER = {name: number for number, name in enumerate(_MONTHS, start=1)}
_MONTH_NUMBER |= {name[:3]: number for name, number in list(_MONTH_NUMBER.items())} | {"sept": 9}
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTH_NUMBER, key=len, reverse=True)) + r")\b\.?"
_DATE = re.compile(
    rf"""\b(?:
      (?P<iso>(?P<iy>\d{{4}})-(?P<im>\d{{1,2}})-(?P<id>\d{{1,2}}))
    | (?P<m>\d{{1,2}})\s?(?P<sep>[/\-.])\s?(?P<d>\d{{1,2}})\s?(?P=sep)\s?(?P<y>\d{{4}}|\d{{2}})
    | {_MONTH}\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>\d{{4}})
    )(?!\d)""",
    re.IGNORECASE | re.VERBOSE,
)
# The same without groups and spelt in one line, to stand inside other patterns.
ANY_DATE = re.sub(r"\s", "", re.sub(r"\?P<\w+>", "?:", _DATE.pattern).replace("(?P=sep)", r"[/\-.]"))
_CENTURY_TURN = 69


class PrintedDate(NamedTuple):
    """A date's words in a text. `value` is `None` where they name no day of the calendar (13/45/2016)."""

    printed: str
    start: int
    end: int
    value: date | None


def dates_in(text: str) -> Iterator[PrintedDate]:
    for match in _DATE.finditer(text):
        yield PrintedDate(match.group(), match.start(), match.end(), _value(match))


def first_date(text: str) -> PrintedDate | None:
    return next(dates_in(text), None)


def _value(match: re.Match[str]) -> date | None:
    if match["iso"]:
        year, month, day = match["iy"], int(match["im"]), match["id"]
    elif match["month"]:
        year, month, day = match["y2"], _MONTH_NUMBER[match["month"].lower()], match["d2"]
    else:
        year, month, day = match["y"], int(match["m"]), match["d"]
    try:
        return date(_full_year(year), month, int(day))
    except ValueError:
        return None


def _full_year(year: str) -> int:
    if len(year) == 4:
        return int(year)
    return int(year) + (2000 if int(year) < _CENTURY_TURN else 1900)
