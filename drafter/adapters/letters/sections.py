"""The named parts of a letter: case block, how the determination was made, case summary, decisions.

Headings are upper case; the same words in running text ("the following clinical case summary") are not headings.
"""

from __future__ import annotations

import re

from drafter.adapters.printed import Folded
from drafter.domain.model import DomainModel

_HEADINGS: dict[str, re.Pattern[str]] = {
    "how": re.compile(r"HOW THE IMR FINAL DETERMINATION WAS MADE:?"),
    "records": re.compile(r"DOCUMENTS REVIEWED(?: FOR DETERMINATION)?:?"),
    "summary": re.compile(r"CLINICAL CASE SUMMARY:?"),
    "decisions": re.compile(r"IMR (?:ISSUES, )?DECISIONS?(?:\(S\))?,? AND RATIONALES?(?:\(S\))?:?"),
}
_SUMMARY_LEAD = re.compile(r"\s*The (?:expert|physician) reviewer developed [^:]{0,300}?:\s*", re.IGNORECASE)
_DECISIONS_LEAD = re.compile(r"\s*The Final Determination was based on [^:.]{0,200}[:.]\s*", re.IGNORECASE)


class Span(DomainModel):
    start: int
    end: int


class LetterParts(DomainModel):
    """Where each part stands in the folded text; a part that is not there is `None`."""

    header: Span
    how: Span | None = None
    records: Span | None = None
    summary: Span | None = None
    decisions: Span | None = None


def letter_parts(text: Folded) -> LetterParts:
    """The parts of a letter in the order they stand. A repeated heading counts once, at its first place."""
    found = sorted(_places(text).items(), key=lambda named: named[1].start)
    ends = [place.start for _, place in found[1:]] + [len(text.text)]
    spans = {name: Span(start=place.end, end=end) for (name, place), end in zip(found, ends, strict=False)}
    header_end = found[0][1].start if found else len(text.text)
    return LetterParts(
        header=Span(start=0, end=header_end),
        how=spans.get("how"),
        records=spans.get("records"),
        summary=_after(text.text, spans.get("summary"), _SUMMARY_LEAD),
        decisions=_after(text.text, spans.get("decisions"), _DECISIONS_LEAD),
    )


def _places(text: Folded) -> dict[str, Span]:
    """Each heading's first place at the start of a line; inside a line only where it begins none (unwrapped text)."""
    places = {}
    for name, pattern in _HEADINGS.items():
        found = list(pattern.finditer(text.text))
        match = next((match for match in found if text.begins_line(match.start())), found[0] if found else None)
        if match:
            places[name] = Span(start=match.start(), end=match.end())
    return places


def _after(text: str, span: Span | None, lead: re.Pattern[str]) -> Span | None:
    """`span` without its fixed opening sentence and without the spaces around it."""
    if span is None:
        return None
    match = lead.match(text, span.start, span.end)
    start, end = (match.end() if match else span.start), span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start=start, end=end)


def part_text(text: Folded, span: Span | None) -> str | None:
    """The words of a part, `None` where it is absent or empty."""
    if span is None:
        return None
    return text.text[span.start : span.end].strip() or None
