"""Where the sentences of guideline text begin and end. Offsets only; no character is changed or lost."""

from __future__ import annotations

import re

# A full stop after these is part of the word.
_ABBREVIATIONS = frozenset(
    "e.g i.e vs etc dr mr mrs ms st no nos vol p pp fig figs eq cf al approx sec ch art ed eds dept inc ltd corp jr sr "
    "u.s m.d d.o ph.d d.c a.m p.m resp incl excl min max avg est viz ca b.i.d t.i.d q.i.d".split()
)
_END = re.compile(r"[.!?]+[\"”’')\]]*(?=\s|$)|\n{2,}|\n(?=\s*\S)|\t")
_LAST_WORD = re.compile(r"([A-Za-z][A-Za-z.]*)$")
_GOES_ON = re.compile(r"\s*[a-z,;)\]]")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """`(start, end)` of each sentence, without the white space around it. Lines and table cells end a sentence too."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if match[0][0] in ".!?" and not _ends_sentence(text, match):
            continue
        start = _append(spans, text, start, match.end())
    _append(spans, text, start, len(text))
    return spans


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    if match[0][0] != ".":
        return True
    word = _LAST_WORD.search(text, max(0, match.start() - 24), match.start())
    letters = word[1].lower() if word else ""
    if letters in _ABBREVIATIONS or (len(letters) == 1 and letters.isalpha() and letters != "i"):
        return False
    return _GOES_ON.match(text, match.end()) is None


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> int:
    stripped = text[start:end]
    left = len(stripped) - len(stripped.lstrip())
    right = len(stripped.rstrip())
    if right > left:
        spans.append((start + left, start + right))
    return end
