"""Reads the day a guideline was issued from the line that says so ("1995 Nov (revised 2014 Jan)")."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

MONTHS = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
YEAR = r"(?P<year>(?:19|20)\d{2})"
FORMS = (
    re.compile(rf"\b{YEAR}-(?P<number>\d{{2}})-(?P<day>\d{{2}})\b", re.IGNORECASE),
    re.compile(rf"\b{YEAR}(?:\s+{MONTH}(?:\s+(?P<day>\d{{1,2}})(?!\d))?)?", re.IGNORECASE),
    re.compile(rf"\b{MONTH}\s+(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?{YEAR}", re.IGNORECASE),
    re.compile(rf"\b(?P<number>\d{{1,2}})/(?P<day>\d{{1,2}})/{YEAR}", re.IGNORECASE),
)
# Read again, but not written again: the text is still that of the date before.
UNCHANGED = re.compile(r"[(;,]?\s*(?:reaffirmed|reviewed|accessed)[^;,)]*", re.IGNORECASE)


class Released(NamedTuple):
    """The day a text was issued; where the line gives a month or a year only, the first day of it."""

    day: date
    year: str


def released(line: str) -> Released | None:
    """The latest date on which the line says the text was issued or revised; None where it gives none."""
    dated = UNCHANGED.sub("", line)
    days = [day for form in FORMS for match in form.finditer(dated) if (day := _day(match)) is not None]
    return Released(max(days), str(max(days).year)) if days else None


def _day(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    month = MONTHS[parts["month"].lower()] if parts.get("month") else int(parts.get("number") or 1)
    try:
        return date(int(parts["year"]), month, int(parts.get("day") or 1))
    except ValueError:
        return None
