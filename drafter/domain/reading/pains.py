"""Pain of several parts named at once: "neck, mid back and low back pain", "pain in the neck, low back and right knee".

The vocabulary's terms find the part that stands beside the word "pain"; the other parts of the list are found here, by
place alone: parts joined by commas, "and" or a slash, with nothing but sides and articles between them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from guideline_corpus.vocabulary import TermSpan, Vocabulary

_PAIN = re.compile(r"\b(?:pain|pains|ache|aches|discomfort|soreness)\b", re.IGNORECASE)
_SIDES = (
    r"(?:(?:the|his|her|unspecified|both|left|right|bilateral|bilaterally|upper|lower|mid|also|entire|region|area|spine|"
    r"joint)\s+)*"
)
_LIST = re.compile(
    r"(?:\s+(?:region|area|spine|joint|muscles?))?\s*(?:,|/|-|&|\band\b|\bor\b|\bas well as\b|,\s*and\b|,\s*or\b)"
    rf"\s*{_SIDES}",
    re.IGNORECASE,
)
_INTO = re.compile(rf"\s+(?:\w+\s+){{0,2}}?(?:in|to|of|at|over|about|along|across|affecting)\s+{_SIDES}", re.IGNORECASE)
_BESIDE = re.compile(r"\s*(?:region\s+|area\s+|spine\s+|joint\s+)?", re.IGNORECASE)
_LONGEST = 14


def pains(text: str, spans: Sequence[TermSpan], vocabulary: Vocabulary) -> Iterator[TermSpan]:
    """The symptom of every part in a list that shares one word of pain; each spans the part's own words."""
    parts = [span for span in spans if span.family == "body_part"]
    of_part = vocabulary.pain_concepts
    starts, ends = [part.start for part in parts], [part.end for part in parts]
    for match in _PAIN.finditer(text):
        for part in (*_before(text, parts, ends, match), *_after(text, parts, starts, match)):
            concept = of_part.get(part.id)
            if concept is not None:
                yield TermSpan("evidence", concept, "term", part.start, part.end)


def _before(text: str, parts: Sequence[TermSpan], ends: Sequence[int], match: re.Match[str]) -> Iterator[TermSpan]:
    at = bisect_right(ends, match.start()) - 1
    if at < 0 or not _BESIDE.fullmatch(text, parts[at].end, match.start()):
        return
    for _ in range(_LONGEST):
        yield parts[at]
        at -= 1
        if at < 0 or not _LIST.fullmatch(text, parts[at].end, parts[at + 1].start):
            return


def _after(text: str, parts: Sequence[TermSpan], starts: Sequence[int], match: re.Match[str]) -> Iterator[TermSpan]:
    at = bisect_left(starts, match.end())
    if at >= len(parts) or not _INTO.fullmatch(text, match.end(), parts[at].start):
        return
    for _ in range(_LONGEST):
        yield parts[at]
        at += 1
        if at >= len(parts) or not _LIST.fullmatch(text, parts[at - 1].end, parts[at].start):
            return
