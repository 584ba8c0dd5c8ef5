"""Durations: "2-3 weeks", "for six months", "three or four week period", "72 hours". Singular and plural are equal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain.reading.facts.found import NUMBER, TO, Found, Page, ranged, to_number

_DURATION = re.compile(
    rf"(?<![\w.#/$-])(?:({NUMBER})\s?(?:\(\d{{1,3}}\)\s?)?(?:{TO}({NUMBER})\s?(?:\(\d{{1,3}}\)\s?)?)?|(an?)\s)[-\s]?(?:full\s|calendar\s|consecutive\s)?"
    r"(minute|min|hour|hr|day|week|wk|month|mo|year|yr)s?\b['’]?(?![-\s]*(?:old\b|of\s+age\b|o\b|/o\b))",
    re.IGNORECASE,
)
_UNITS = {"min": "minute", "hr": "hour", "wk": "week", "mo": "month", "yr": "year"}
# "every 4 weeks", "times a week", "3 per week" tell how often, not how long.
_OFTEN = re.compile(r"(?:every|each|per|/|q|times|time|once|twice|x|visits?|sessions?)\s?$", re.IGNORECASE)


def find(page: Page) -> Iterator[Found]:
    for match in _DURATION.finditer(page.text):
        ahead = page.text[max(0, match.start() - 10) : match.start()]
        if _OFTEN.search(ahead) and (match[3] or ahead.rstrip().lower().endswith(("every", "each", "per", "/", "q"))):
            continue
        if match[3] and match[3].lower() != "a":
            continue
        low = to_number(match[1] or match[3])
        high = to_number(match[2]) if match[2] else None
        unit = _UNITS.get(match[4].lower(), match[4].lower()) + "s"
        yield Found("duration", f"{ranged(low, high)} {unit}", match.start(), match.end(), low, high, unit)
