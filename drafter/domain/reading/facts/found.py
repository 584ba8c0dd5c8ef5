"""What the fact readers share: a found fact before its polarity is known, the page they read, and numbers in words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from drafter.domain.reading.model import FactKind
from guideline_corpus.vocabulary import TermSpan

_UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: value for value, word in enumerate(_UNITS, start=1)}
_WORDS |= {word: value * 10 for value, word in enumerate(_TENS, start=2)}
_WORDS |= {"a": 1, "an": 1, "single": 1, "once": 1, "twice": 2, "thrice": 3, "couple": 2}

# A number in figures or words, for use inside a longer pattern: bounded, so that no text makes it slow.
NUMBER = (
    r"(?:\d{1,4}(?:\.\d{1,3})?|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[-\s](?:one|two|three|"
    r"four|five|six|"
    r"seven|eight|nine)|" + "|".join(sorted((*_UNITS, *_TENS), key=len, reverse=True)) + ")"
)
TO = r"\s?(?:-|–|—|to|or|through)\s?"
# Where a number may begin: figures, or a number word; patterns that begin with a number are tried only there.
_NUMBER_BEGINS = re.compile(
    r"(?<!\d)(?<!\d\.)\d|\b(?:"
    + "|".join(sorted((*_UNITS, *_TENS, "once", "twice", "thrice"), key=len, reverse=True))
    + r")\b",
    re.IGNORECASE,
)


class Found(NamedTuple):
    """A fact with its place; `value` is normalised (see `drafter.domain.reading.model.Fact`)."""

    kind: FactKind
    value: str
    start: int
    end: int
    number: float | None = None
    upper: float | None = None
    unit: str | None = None
    on: date | None = None
    about: str | None = None


class Page:
    """One text with the vocabulary's terms in it, by family and start."""

    def __init__(self, text: str, terms: Sequence[TermSpan]) -> None:
        self.text = text
        self.body_parts = [span for span in terms if span.family == "body_part"]
        self.treatments = [span for span in terms if span.family == "treatment"]
        self.diagnoses = [span for span in terms if span.family == "diagnosis"]
        self.numbers = [match.start() for match in _NUMBER_BEGINS.finditer(text)]
        self.lower = text.lower()

    def at_numbers(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """The matches of a pattern that begins with a number, without overlap, as `finditer` would find them."""
        end = -1
        for start in self.numbers:
            if start >= end and (match := pattern.match(self.text, start)):
                end = match.end()
                yield match

    def mentions(self, *words: str) -> bool:
        """True where one of the words (lower case) stands anywhere in the text."""
        return any(word in self.lower for word in words)

    @cached_property
    def body_part_ends(self) -> list[int]:
        return [span.end for span in self.body_parts]

    @cached_property
    def body_part_starts(self) -> list[int]:
        return [span.start for span in self.body_parts]


def before(spans: Sequence[TermSpan], ends: Sequence[int], at: int, *, reach: int) -> TermSpan | None:
    """The last span that ends at most `reach` characters before `at`; `ends` are the spans' ends, in order."""
    index = bisect_right(ends, at) - 1
    return spans[index] if index >= 0 and at - ends[index] <= reach else None


def after(spans: Sequence[TermSpan], starts: Sequence[int], at: int, *, reach: int) -> TermSpan | None:
    """The first span that starts at most `reach` characters after `at`."""
    index = bisect_left(starts, at)
    return spans[index] if index < len(starts) and starts[index] - at <= reach else None


def to_number(words: str) -> float:
    """The number that figures or words stand for ("7.5", "twenty-four", "twice").

    Raises ValueError for anything else.
    """
    text = re.sub(r"\s+", " ", words.strip().lower())
    if text[:1].isdigit():
        return float(text)
    parts = re.split(r"[-\s]", text)
    if not all(part in _WORDS for part in parts):
        raise ValueError("not a number")
    return float(sum(_WORDS[part] for part in parts))


def plain(number: float) -> str:
    """A number as it is compared: "8", "7.5"."""
    return f"{number:g}"


def ranged(low: float, high: float | None) -> str:
    return plain(low) if high is None or high == low else f"{plain(low)}-{plain(high)}"
