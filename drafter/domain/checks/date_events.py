"""Which event a date belongs to: injury, utilization review, request, first report, visit, study or surgery.

Two dates conflict only where they date the same event, so a date without a known event conflicts with nothing. The
words that tie a date to its event stand close to it ("industrial injury of October 24", "Utilization Review
(12-9-2016)"); the patterns below look no further than `REACH` characters and never across a sentence, which also
keeps them linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal

from drafter.domain.model import DomainModel
from drafter.domain.reading.model import Fact, Sentence

Event = Literal["injury", "utilization_review", "request", "first_report", "visit", "study", "surgery"]

REACH = 90

_JOIN = r"(?:\W|of|on|from|dated|date|was|is|as|the|in|at|noted|occurring|occurred|reported|reportedly|to be|\bDOI\b)*$"
_UR = (
    r"(?:utili[sz]ation review(?:er|s)?|\bUR\b|(?:prior|original|previous|initial) (?:determination|review|denial|"
    r"decision))"
    r"(?: (?:report|letter|form|documentation|physician|determination|decision|denial|board))*"
)
_DECIDED = (
    r"(?:non-?\s?certif|noncertif|denied|denial|modified|reviewed|non-?approv|not certified|failed to approve)\w*"
)

# Words before the date; tried in order, the first that fits wins.
_BEFORE: tuple[tuple[Event, re.Pattern[str]], ...] = (
    ("first_report", re.compile(r"first report[^.;]{0,60}$", re.IGNORECASE)),
    (
        "injury",
        re.compile(
            r"(?:dates? of (?:the )?(?:\w+ )?injury|\bDOI\b|(?<!for )(?:\w+[\s-]){0,2}(?:injury|accident)|injured|"
            r"occupational claim|industrial claim)" + _JOIN,
            re.IGNORECASE,
        ),
    ),
    (
        "request",
        re.compile(
            r"(?:requests? for authori[sz]ation|authori[sz]ation requests?|\bRFA\b)(?: form)?"
            r"[^.;\d]{0,30}(?:dated?|signed|received|submitted|was|is|of|on)[^.;\d]{0,12}$",
            re.IGNORECASE,
        ),
    ),
    (
        "utilization_review",
        re.compile(
            rf"(?:{_UR}\W{{0,3}}(?:\(UR\)\W{{0,3}})?(?:,? with a decision date)?" + _JOIN[:-1] + r"|"
            rf"(?:previously|treatment was|request(?:s)? (?:was|were)|case was) {_DECIDED} on |"
            rf"(?:previous|prior) denial[^.;\d]{{0,40}}(?:was|made) on |\bdenied[^.;\d]{{0,40}} on )$",
            re.IGNORECASE,
        ),
    ),
)
# "On 11-22-2016, Utilization Review non-certified ...": the date opens the sentence and the reviewer follows it.
_OPENING = re.compile(r"(?:^|[.;]\s*)On (?:or about )?$")
_UR_FOLLOWS = re.compile(
    rf",? (?:the )?(?:original )?{_UR}[^.;]{{0,12}}{_DECIDED}|[^.;\d]{{0,120}}{_DECIDED} by utili", re.I
)
_FIRST_REPORT_FOLLOWS = re.compile(r"\W{0,4}(?:\(|the )?(?:doctor'?s? )?first report", re.IGNORECASE)
_OTHER_INJURY = re.compile(r"different|another|previous|prior|non-?industrial|earlier", re.IGNORECASE)


class DatedEvent(DomainModel):
    """One dated event of a text; offsets are the date's own."""

    event: Event
    on: date
    start: int
    end: int


def dated_events(sentence: Sentence) -> Iterator[DatedEvent]:
    """The events that the sentence dates by a full date, in order."""
    for fact in sentence.facts:
        on = fact_date(fact)
        event = _event_of(sentence, fact) if on else None
        if on and event:
            yield DatedEvent(event=event, on=on, start=fact.start, end=fact.end)


def fact_date(fact: Fact) -> date | None:
    """The day of a date fact, or None for any other fact and for a date that no calendar has."""
    if fact.kind != "date":
        return None
    try:
        return date.fromisoformat(fact.value)
    except ValueError:
        return None


def _event_of(sentence: Sentence, fact: Fact) -> Event | None:
    low, high = fact.start - sentence.start, fact.end - sentence.start
    before = sentence.text[max(0, low - REACH) : low]
    after = sentence.text[high : high + REACH]
    for event, pattern in _BEFORE:
        if pattern.search(before):
            return None if event == "injury" and _OTHER_INJURY.search(sentence.text) else event
    if _FIRST_REPORT_FOLLOWS.match(after):
        return "first_report"
    if _OPENING.search(before) and _UR_FOLLOWS.match(after):
        return "utilization_review"
    return None
