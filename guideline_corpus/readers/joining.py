"""Joins the printed lines of a paragraph into running text.

A line that ends in a hyphen hides whether the hyphen belongs to the word. It is dropped only where the file writes the
word elsewhere without it, and kept where it writes it with it, or where nothing is known: a wrong hyphen can be seen,
a word that was never written cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from guideline_corpus.readers.source_text import PageStart

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
LINE_END = re.compile(r"[ \-‐‑]+$", re.MULTILINE)
BROKEN = re.compile(r"([^\W\d_]+(?:[-‐‑][^\W\d_]+)*)[-‐‑]$")
LONGEST_WORD = 60
TIED = ("-", "‐", "‑", "–", "—", "/")
NEXT_PART = re.compile(r"[^\W\d_]+")
SOFT_HYPHENS = ("\u00ad", "\u0002", "\ufffe")


class WordsSeen:
    """The words that a file writes within its lines, in lower case."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)

    @classmethod
    def of(cls, text: str) -> WordsSeen:
        return cls(WORD.findall(LINE_END.sub("", text.lower())))

    def __contains__(self, word: str) -> bool:
        return word.lower() in self._words


def joined(lines: Iterable[tuple[str, int]], words: WordsSeen) -> tuple[str, tuple[PageStart, ...]]:
    """The lines, each with its file page, as one text, and where in it each page begins."""
    text = ""
    starts: list[PageStart] = []
    for line, page in lines:
        text, at = _appended(text, line, words)
        if not starts or starts[-1].file_page != page:
            starts.append(PageStart(at=at, file_page=page))
    return text, tuple(starts)


def _appended(text: str, line: str, words: WordsSeen) -> tuple[str, int]:
    """`text` with `line` after it, and where `line` begins in it."""
    if not text:
        return line, 0
    if text.endswith(SOFT_HYPHENS):
        return text[:-1] + line, len(text) - 1
    broken, following = BROKEN.search(text[-LONGEST_WORD:]), NEXT_PART.match(line)
    if broken is None or following is None or not following[0][0].islower():
        glue = "" if text.endswith(TIED) and not text.endswith(tuple(f" {mark}" for mark in TIED)) else " "
        return text + glue + line, len(text) + len(glue)
    whole = re.split("[-‐‑]", broken[1])[-1] + following[0]
    hyphenated = f"{broken[1]}-{following[0]}"
    if whole in words and hyphenated not in words:
        return text[:-1] + line, len(text) - 1
    return text + line, len(text)
