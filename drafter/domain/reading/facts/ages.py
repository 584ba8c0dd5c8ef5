"""Ages of the worker: "45-year-old", "48 y/o", "aged 60", "60 years of age" are all "45", "48", "60"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain.reading.facts.found import NUMBER, Found, Page, plain, to_number

_OLDEST = 115
_YEAR_OLD = re.compile(
    rf"(?<![\w.#/])({NUMBER})"
    r"(?:\s?-?\s?(?:years?|yrs?|yr\.|y\.?)[-\s]*(?:old\b|of\s+age\b|o\b|/o\b)|\s?y/?o\b|\s?y\.o\.?)"
    r"(?!\s+(?:injury|injuries|fracture|tear|accident|claim|scan|mri|study|x-ray))",
    re.IGNORECASE,
)
_AGED = re.compile(
    r"(?<!over )(?<!under )(?<!than )\b(?:aged?|age is|age was|age:)\s+(?:of\s+)?"
    rf"({NUMBER})(?![\d%/-])\b(?!\s*(?:to|-|weeks?|months?|days?))",
    re.IGNORECASE,
)


def find(page: Page) -> Iterator[Found]:
    aged = _AGED.finditer(page.text) if page.mentions("age") else ()
    for match in (*page.at_numbers(_YEAR_OLD), *aged):
        years = to_number(match[1])
        if 0 < years <= _OLDEST:
            yield Found("age", plain(years), match.start(1), match.end(), number=years, unit="years")
