"""Guideline citations told in prose, as the forms of 2013 do.

"... based its decision on the Chronic Pain Medical Treatment Guidelines (2009), pg. 98-99, which is part of the MTUS":
only titles that are known are named; where none is, the sentence stays as printed.
"""

from __future__ import annotations

import re

from drafter.adapters.letters.citations import citations_in, pages_in
from drafter.adapters.letters.printed_guidelines import printed_guidelines, title_pattern
from drafter.domain.case import CitedGuideline, Party

_NOTHING = re.compile(r"\bdid\s+not\s+cite\b|\bno\s+(?:guidelines?|evidence)\s+(?:was|were)\s+cited\b", re.IGNORECASE)
_NOT_MTUS = re.compile(
    r"\bnot\s+(?:a\s+)?part\s+of\s+the\s+(?:California\s+)?MTUS\b|\boutside\s+(?:of\s+)?the\s+MTUS\b", re.IGNORECASE
)
_SAYS = re.compile(r"^.{0,60}?\b(?:decision\s+on|relied\s+(?:up)?on|cited)\s+(?:the\s+)?", re.IGNORECASE)
_SOURCE = re.compile(r"\b(?:ODG|ACOEM|MTUS|Guidelines?)\b")
_YEAR = re.compile(r"\W{0,3}(?:Guidelines?\W{0,3})?\(?(?:[A-Z][a-z]+\s\d{1,2},\s)?((?:19|20)\d\d)\b")


def prose_citations(sentence: str | None, *, party: Party) -> tuple[CitedGuideline, ...]:
    """What a sentence cites; empty where it names no source that is known."""
    if not sentence:
        return ()
    if _NOTHING.search(sentence):
        return (CitedGuideline(party=party, kind="none"),)
    labelled = citations_in(sentence, party=party)
    title = re.search(title_pattern(), sentence)
    if labelled or (title is None and not _SOURCE.search(sentence)):
        return labelled
    if title is None or _NOT_MTUS.search(sentence):
        return (
            CitedGuideline(
                party=party, kind="non_mtus", guideline=_SAYS.sub("", sentence).rstrip(" ."), pages=pages_in(sentence)
            ),
        )
    year = _YEAR.match(sentence, title.end())
    return (
        CitedGuideline(
            party=party,
            kind="mtus",
            guideline=printed_guidelines().titles[re.sub(r"\s+", " ", title.group())],
            edition=year.group(1) if year else None,
            pages=pages_in(sentence),
        ),
    )
