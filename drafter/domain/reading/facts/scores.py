"""Pain scores: "8/10", "9 out of 10", "6-8/10", "rated at a 7", "7/10 to 8/10".

`about` is the body part that stands before the score, else "pain".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain.reading.facts.found import Found, Page, before, ranged

_N = r"(?:10|\d)(?:\.\d)?"
_TEN = r"(?:\s?/\s?|\s(?:out\s)?of\s(?:a\s(?:possible|maximum)\s)?|\sintensity\sout\sof\s)10"
_OUT_OF = re.compile(
    rf"(?<![\w./#+-])({_N})(?:{_TEN})?\+?(?:\s?(?:-|–|to)\s?(?:the\s)?({_N}))?{_TEN}"
    r"(?![\d/.]\d|\s?[-/]\s?\d|\s?(?:mg|degrees|visits|sessions))\b"
)
_ON_SCALE = re.compile(
    rf"(?<![\w./-])({_N})(?:\s?(?:-|to)\s?({_N}))?\son\s(?:a|the)\s(?:pain\s|visual\sanalog(?:ue)?\s)?(?:scale|VAS)",
    re.IGNORECASE,
)
_RATING = (
    r"\b(?:pain|rat(?:ed|es|ing)|VAS|NRS|severity|intensity|pain (?:level|score|scale))\b"
    r"(?:\s(?:his|her|the|their)\s\w+(?:\s\w+)?)?(?:\sscore|\slevel|\sscale)?s?\s?"
    r"(?:is|was|of|at|as|a|an|:|=|to be|that (?:he|she) rates)?(?:\sa[nt]?)?\s(?:level\s|score of\s)?"
)
_NO_SCORE = (
    r"(?![\d%/°]|\.\d|\s?(?:/|of|out of|degrees?|mg|weeks?|days?|months?|years?|percent|visits|sessions|times|"
    r"th|st|nd|rd|x|out)\b"
    r"|[-/]\d)"
)
_RATED = re.compile(rf"{_RATING}({_N})(?:\s?(?:-|–|to)\s?({_N}))?{_NO_SCORE}", re.IGNORECASE)
_LEVEL = re.compile(rf"\blevel\s({_N})()\s(?=[\w\s]{{0,30}}(?:tenderness|pain))", re.IGNORECASE)
_REACH = 60
_FROM = 8


def find(page: Page) -> Iterator[Found]:
    matches = [*page.at_numbers(_OUT_OF), *page.at_numbers(_ON_SCALE)]
    if page.mentions("pain", "rat", "vas", "nrs", "severity", "intensity"):
        matches += [*_RATED.finditer(page.text), *_LEVEL.finditer(page.text)]
    taken: set[int] = set()
    for match in matches:
        if match.start(1) not in taken:
            taken.update(range(match.start(1), match.end()))
            yield from _scores(page, match)


def _scores(page: Page, match: re.Match[str]) -> Iterator[Found]:
    """One score or range; "from 8 out of 10 to 5 out of 10" is a change and so two scores."""
    low, high = float(match[1]), float(match[2]) if match[2] else None
    before_it = page.text[max(0, match.start() - _FROM) : match.start()].lower().rstrip()
    if high is not None and (low > high or before_it.endswith("from")):
        yield _score(page, match.start(1), match.end(1), low, None)
        yield _score(page, match.start(2), match.end(), high, None)
    else:
        yield _score(page, match.start(1), match.end(), low, high)


def _score(page: Page, start: int, end: int, low: float, high: float | None) -> Found:
    part = before(page.body_parts, page.body_part_ends, start, reach=_REACH)
    close = part is not None and not re.search(r"[.;]\s", page.text[part.end : start])
    about = part.id if part is not None and close else "pain"
    return Found("score", f"{ranged(low, high)}/10", start, end, low, high, "/10", about=about)
