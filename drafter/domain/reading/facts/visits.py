"""Numbers of visits or sessions: "four sessions", "12 visits", "2 times a week for 4 weeks" (8), "2x4" (8), "PT x 12".

A bare "2x4" is a number of visits only near a word of treatment; elsewhere it may be a piece of timber.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain.reading.facts.found import NUMBER, TO, Found, Page, ranged, to_number

_KIND_OF = (
    r"(?:additional|more|further|physical|occupational|therapy|therapies|physiotherapy|chiropractic|chiro|"
    r"acupuncture|massage|manipulative|"
    r"manipulation|hand|aquatic|pool|aqua|follow-up|follow|up|office|post-operative|postoperative|post-op|"
    r"post-surgical|postsurgical|prior|previous|"
    r"supervised|completed|authorized|approved|requested|initial|psychotherapy|cognitive|behavioral|behavioural|"
    r"individual|"
    r"group|counseling|PT|OT|outpatient|inpatient|home|health|nursing|wound|care|rehabilitation|rehab|work|"
    r"conditioning|"
    r"hardening|treatment|total|separate|specific|shockwave|biofeedback|TENS|medical|clinic|physician|of|the|"
    r"skilled|formal|"
    r"chiropractic/physiotherapy|electroacupuncture|evaluation|attended|remaining|electrical|stimulation|spinal|"
    r"myofascial|release)"
)
_NOUN = (
    r"(?:visits?|sessions?|treatments?(?!\s+(?:plan|goal|option|modalit|guideline|period|note|program))|"
    r"appointments?)(?:['’]s)?"
)
_COUNTED = re.compile(
    rf"(?:(?<![\w./$-])|"
    rf"(?<=[\s(][xX]))({NUMBER})(?:\s?\(\s?\d{{1,3}}\s?\))?(?:{TO}({NUMBER})(?:\s?\(\s?\d{{1,3}}\s?\))?)?"
    rf"(?:[\s-]+{_KIND_OF}){{0,5}}[\s-]+{_NOUN}\b",
    re.IGNORECASE,
)
_COMPLETED = re.compile(
    rf"(?<![\w./-])({NUMBER})\s?(?:/|of|out of)\s?({NUMBER})(?:[\s-]+{_KIND_OF}){{0,4}}[\s-]+{_NOUN}\b", re.IGNORECASE
)
_TIMES = re.compile(
    rf"(?<![\w./-])(?:({NUMBER}|once|twice)(?:{TO}({NUMBER}))?)\s?(?:\(\d{{1,2}}\)\s?)?(?:x|times?|visits?|"
    rf"sessions?|days?)?\s?(?:a|per|/|each|every)?\s?"
    rf"(?:week(?:ly)?|wk)s?\b,?\s?(?:for|x|×|times|over|by)\s?(?:the\s(?:next|"
    rf"following)\s)?(?:a\s)?({NUMBER})(?:{TO}({NUMBER}))?\s?(?:\(\d{{1,2}}\)\s?)?(?:weeks?|wks?)\b",
    re.IGNORECASE,
)
_CROSS = re.compile(
    r"(?<![\w./-])(\d{1,2})\s?[x×]\s?(\d{1,2})(?![\w./])(?!\s?(?:mm|cm|inch|in\b|mg|feet|foot|ft))", re.IGNORECASE
)
_CROSS_WEEKS = re.compile(
    r"(?<![\w./-])(\d{1,2})\s?[x×]\s?/?\s?(?:a\s|per\s)?(?:week|wk)s?\s?(?:[x×]|for)\s?(\d{1,2})\s?(?:weeks?|wks?)\b",
    re.IGNORECASE,
)
_AFTER_X = re.compile(
    rf"(?<=\s)[x×]\s?(?:at least\s|approximately\s)?({NUMBER})(?![\w./%])(?!\s?(?:weeks?|wks?|months?|days?|mg|"
    rf"tablets?|years?|hours?|mm|cm|[x×]))",
    re.I,
)
_CARE = re.compile(
    r"therap|physio|\bPT\b|\bOT\b|chiro|acupunct|visit|session|massage|manipulat|treatment|rehab|aquatic", re.IGNORECASE
)
_NEAR = 90
_CLOSE = 30


def find(page: Page) -> Iterator[Found]:
    taken: set[int] = set()
    for found in (*_completed(page), *_weekly(page), *_counted(page), *_crossed(page)):
        if found.start not in taken and found.end - 1 not in taken:
            taken.update(range(found.start, found.end))
            yield found


def _completed(page: Page) -> Iterator[Found]:
    for match in page.at_numbers(_COMPLETED):
        done = to_number(match[1])
        if done <= to_number(match[2]):
            yield _visits(match, done, None)


def _weekly(page: Page) -> Iterator[Found]:
    for match in page.at_numbers(_CROSS_WEEKS):
        yield _visits(match, int(match[1]) * int(match[2]), None)
    for match in page.at_numbers(_TIMES):
        low, high = to_number(match[1]) * to_number(match[3]), None
        if match[2] or match[4]:
            high = to_number(match[2] or match[1]) * to_number(match[4] or match[3])
        yield _visits(match, low, high)


def _counted(page: Page) -> Iterator[Found]:
    for match in page.at_numbers(_COUNTED):
        yield _visits(match, to_number(match[1]), to_number(match[2]) if match[2] else None)


def _crossed(page: Page) -> Iterator[Found]:
    for match in page.at_numbers(_CROSS):
        if _CARE.search(page.text, max(0, match.start() - _NEAR), match.end() + _NEAR):
            yield _visits(match, int(match[1]) * int(match[2]), None)
    for match in _AFTER_X.finditer(page.text):
        if _CARE.search(page.text, max(0, match.start() - _CLOSE), match.start()):
            yield _visits(match, to_number(match[1]), None)


def _visits(match: re.Match[str], low: float, high: float | None) -> Found:
    return Found("visits", f"{ranged(low, high)} visits", match.start(), match.end(), low, high, "visits")
