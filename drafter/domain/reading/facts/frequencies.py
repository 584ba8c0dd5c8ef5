"""How often: "twice a day" and "BID" are "2 per day", "every 12 hours" too; "3 times a week" is "3 per week"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain.reading.facts.found import NUMBER, TO, Found, Page, ranged, to_number

_TIMES = re.compile(
    rf"(?<![\w./-])(?:({NUMBER})(?:{TO}({NUMBER}))?\s?(?:x|times?|visits?|sessions?|tablets?|tabs?|capsules?|pills?)"
    r"|(once|twice|thrice))\s?(?:\(\d\)\s?)?"
    r"(?:(?:a|per|each|every|in\s+a|/)\s?(day|week|wk|month|mo|year|yr)\b|(daily|weekly|monthly|nightly)\b)",
    re.IGNORECASE,
)
_EVERY = re.compile(rf"\b(?:every|q\.?)\s?({NUMBER})(?:{TO}({NUMBER}))?\s?(?:hours?|hrs?|h)\b", re.IGNORECASE)
_SPACED = re.compile(rf"\bevery\s({NUMBER})(?:{TO}({NUMBER}))?\s(days?|weeks?|months?)\b", re.IGNORECASE)
_LATIN = re.compile(r"\b(b\.?i\.?d|t\.?i\.?d|q\.?i\.?d|q\.?h\.?s|q\.?d|q\.?day|q\.?hs)\b\.?", re.IGNORECASE)
_PLAIN = re.compile(
    r"(?<!once )(?<!times )(?<!activities of )"
    r"\b(daily|nightly|at bedtime|at night|every night|every day|each day|weekly|once a day)\b"
    r"(?!\s+(?:living|activit\w*|tasks?|routine|life|function\w*|basis|needs|dose|maximum|headache\w*|average))",
    re.IGNORECASE,
)
_PER_DAY = {"bid": 2.0, "tid": 3.0, "qid": 4.0, "qhs": 1.0, "qd": 1.0, "qday": 1.0}
_PERIOD = {
    "wk": "week", "mo": "month", "yr": "year", "daily": "day", "nightly": "day", "weekly": "week", "monthly": "month",
}  # fmt: skip
_HOURS = 24.0
# Only where a drug is taken does "daily" tell a frequency; "daily pain" does not.
_TAKEN = re.compile(
    r"tablet|tab\b|capsule|cap\b|mg|pill|patch|apply|applied|take|takes|taking|by mouth|\bpo\b|p\.o|dose|#\d|prn",
    re.IGNORECASE,
)
_NEAR = 60


def find(page: Page) -> Iterator[Found]:
    taken: set[int] = set()
    for found in (*_times(page), *_every(page), *_latin(page.text), *_plainly(page)):
        if found.start not in taken:
            taken.update(range(found.start, found.end))
            yield found


def _times(page: Page) -> Iterator[Found]:
    for match in page.at_numbers(_TIMES):
        period = (match[4] or match[5]).lower()
        low = to_number(match[1] or match[3])
        yield _often(match, low, to_number(match[2]) if match[2] else None, _PERIOD.get(period, period))


def _every(page: Page) -> Iterator[Found]:
    if not page.mentions("every", "q"):
        return
    for match in _EVERY.finditer(page.text):
        shortest, longest = to_number(match[1]), to_number(match[2] or match[1])
        if shortest and longest:
            yield _often(match, _HOURS / longest, _HOURS / shortest if match[2] else None, "day")
    for match in _SPACED.finditer(page.text):
        low, high = to_number(match[1]), to_number(match[2]) if match[2] else None
        unit = f"{match[3].lower().rstrip('s')}s apart"
        yield Found("frequency", f"{ranged(low, high)} {unit}", match.start(), match.end(), low, high, unit)


def _latin(text: str) -> Iterator[Found]:
    for match in _LATIN.finditer(text):
        yield _often(match, _PER_DAY[match[1].lower().replace(".", "")], None, "day")


def _plainly(page: Page) -> Iterator[Found]:
    if not page.mentions("daily", "night", "day", "weekly", "bedtime"):
        return
    for match in _PLAIN.finditer(page.text):
        if _TAKEN.search(page.text, max(0, match.start() - _NEAR), match.end() + _NEAR):
            yield _often(match, 1.0, None, "week" if match[1].lower() == "weekly" else "day")


def _often(match: re.Match[str], low: float, high: float | None, period: str) -> Found:
    unit = f"per {period}"
    return Found("frequency", f"{ranged(low, high)} {unit}", match.start(), match.end(), low, high, unit)
