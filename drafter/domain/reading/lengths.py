"""Feet as a unit of length: in "fell 8 feet" and "a 12-foot drop" no part of the body is told of.

Nobody has three feet, so a number from three on makes a length of them; one or two do only where the words after them
say so ("2 feet off the ground"), and "foot" only where a thing with a height or length follows it or a hyphen joins it
to its number (proved by tests/unit/test_read.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain.reading.facts.found import NUMBER

_FEET = re.compile(r"\b(?:feet|foot)\b", re.IGNORECASE)
_NUMBER_BEFORE = re.compile(rf"(?<![\w./#-])({NUMBER})(\s?-\s?|\s)$", re.IGNORECASE)
_FEW = frozenset({"1", "2", "one", "two"})
_OF_LENGTH = re.compile(
    r"\s(?:off|from|high|above|below|deep|down|onto|to the|into|tall|long|wide|away|in (?:height|length))\b",
    re.IGNORECASE,
)
_OF_HEIGHT = re.compile(
    r"[\s-](?:fall|drop|ladder|height|high|tall|long|wide|deep|platform|roof|wall|pole|board|scaffold\w*|beam|pipe|tree|"
    r"cliff|ditch|hole|distance)\b",
    re.IGNORECASE,
)
_REACH = 20


def lengths(text: str) -> Iterator[tuple[int, int]]:
    """Where the text tells a length in feet, number included."""
    for unit in _FEET.finditer(text):
        number = _NUMBER_BEFORE.search(text, max(0, unit.start() - _REACH), unit.start())
        if number is None:
            continue
        if unit[0].lower() == "foot":
            told = "-" in number[2] or _OF_HEIGHT.match(text, unit.end())
        else:
            told = number[1].lower() not in _FEW or _OF_LENGTH.match(text, unit.end())
        if told:
            yield number.start(), unit.end()
