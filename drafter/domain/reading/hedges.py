"""What keeps a number from being exact: "at least 3 sessions", "about 6 weeks", "10 visits or more".

Whoever tells the number without it says more than the record does (proved by tests/unit/checks/test_hedges.py).
"""

from __future__ import annotations

import re

_BEFORE = re.compile(
    r"\b(at least|at most|no (?:more|fewer|less) than|not more than|more than|less than|fewer than|up to|about|around|"
    r"approximately|approx\.?|roughly|nearly|almost|some|over|under|a minimum of|a maximum of|an estimated)\s+$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s*(?:\+|or (?:more|less|fewer|so)\b|plus\b)", re.IGNORECASE)
_REACH = 25


def hedge_before(text: str, at: int) -> str:
    """The words just before the number at `at` that keep it from being exact, in lower case; else nothing."""
    return " ".join(text[hedge_start(text, at) : at].lower().split())


def hedge_start(text: str, at: int) -> int:
    """Where such words begin; `at` itself where there are none."""
    found = _BEFORE.search(text, max(0, at - _REACH), at)
    return found.start() if found else at


def is_hedged(text: str, start: int, end: int) -> bool:
    """Whether words before or after the number at `start:end` keep it from being exact."""
    return hedge_start(text, start) < start or _AFTER.match(text, end) is not None
