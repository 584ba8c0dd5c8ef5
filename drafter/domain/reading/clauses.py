"""Which words to quote: a readable clause around a mention, always an exact slice of the text.

A whole sentence is quoted where it is short; a long one is cut at semicolons, then at commas, widening from the
mention until the quote would grow past `MOST_WORDS`. A leading "On 11/14/2016," is left off, because the sentence that
quotes it names the date itself.
"""

from __future__ import annotations

import re

from drafter.domain.reading.model import Sentence

MOST_WORDS = 32
_LEADING_DATE = re.compile(
    r"(?:according to (?:[\w'’-]+ ){1,6}?)?"
    r"(?:on|in|as of|of|per|dated)\s+(?:\d{1,2}[/-]\s?\d{1,2}[/-]\s?\d{2,4}|[A-Z][a-z]+ \d{1,2}, \d{4}),?\s+",
    re.IGNORECASE,
)
_TRAILING_DATE = re.compile(
    r",?\s+(?:and )?(?:performed )?(?:on|dated)\s+\d{1,2}[/-]\d{1,2}[/-]\d{2,4}$", re.IGNORECASE
)
_NOT_IN_A_DATE = r"(?!\s\d{4}\b)\s"  # the comma of "November 18, 2016" parts nothing
# Joins the clause to what is not quoted: "and", and the "which revealed" of a study.
_JOINING = re.compile(
    r"(?:and|or)\s+(?!not\b)|(?:that|which)\s+(?:revealed|showed|demonstrated|documented|indicated|noted)\s+(?!no\b)",
    re.IGNORECASE,
)
_BARE = 2  # "full motion with flexion, extension" stops within a list; "full motion with flexion" does not
_EDGES = " \t\r\n,;:.-–—"


def clause_around(
    sentence: Sentence, *, start: int, end: int, most_words: int = MOST_WORDS, in_list: int = 0, after: int = 0
) -> tuple[int, int]:
    """The (start, end) of the clause to quote for the words at `start:end`, in offsets of the text that was read.

    `in_list`: how many words a clause may have before it is cut at commas, at least `most_words`. `after`: how much of
    the sentence's beginning is left out of account.
    """
    opening = sentence.start + after
    low, high, text = start - opening, end - opening, sentence.text[after:]
    left, right = _widen(text, low, high, separator=";", most_words=most_words)
    if _words(text[left:right]) > max(most_words, in_list):
        inner_left, inner_right = _widen(
            text[left:right], low - left, high - left, separator=",", most_words=most_words
        )
        left, right = left + inner_left, left + inner_right
    left, right = _trim(text, left, right, keep=(low, high))
    return opening + left, opening + right


def _widen(text: str, low: int, high: int, *, separator: str, most_words: int) -> tuple[int, int]:
    if _words(text) <= most_words:
        return 0, len(text)
    cuts = [0, *(match.end() for match in re.finditer(re.escape(separator) + _NOT_IN_A_DATE, text)), len(text)]
    first = max((index for index, cut in enumerate(cuts[:-1]) if cut <= low), default=0)
    last = min((index for index, cut in enumerate(cuts) if cut >= high and index > first), default=len(cuts) - 1)
    while True:
        if last < len(cuts) - 1 and _words(text[cuts[first] : cuts[last + 1]]) <= most_words:
            last += 1
        elif first > 0 and _words(text[cuts[first - 1] : cuts[last]]) <= most_words:
            first -= 1
        else:
            while (
                cuts[last] < len(text) and cuts[last - 1] >= high and _words(text[cuts[last - 1] : cuts[last]]) <= _BARE
            ):
                last -= 1
            return cuts[first], cuts[last]


def _trim(text: str, left: int, right: int, *, keep: tuple[int, int]) -> tuple[int, int]:
    leading = _LEADING_DATE.match(text, left)
    if leading and leading.end() <= keep[0]:
        left = leading.end()
    while left < keep[0] and text[left] in _EDGES:
        left += 1
    joined = _JOINING.match(text, left)
    if joined and joined.end() <= keep[0]:
        left = joined.end()
    while right > keep[1] and text[right - 1] in _EDGES:
        right -= 1
    trailing = _TRAILING_DATE.search(text, left, right)
    if trailing and trailing.start() >= keep[1]:
        right = trailing.start()
    return left, right


def _words(text: str) -> int:
    return len(text.split())
