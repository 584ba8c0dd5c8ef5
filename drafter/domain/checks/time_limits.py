"""Time that cannot be: longer than the injury is old, before it happened, after the decision.

The injury date bounds every statement about treatment for it. "On opioids for at least six months" cannot be true of an
injury of three weeks, and a session cannot have been authorized two days before the accident. A record that says the
same itself is believed: the worker may have had the complaint before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from drafter.domain.checks.audit import Audit, AuditedItem, Remark, header_span, remark_on
from drafter.domain.checks.date_events import dated_events, fact_date
from drafter.domain.checks.worker_facts import worker_sentences
from drafter.domain.draft import RecordSpan
from drafter.domain.drafting.brief import ReadField
from drafter.domain.drafting.evidence import record_span
from drafter.domain.reading.model import Fact, Sentence

_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4, "year": 365.25}
_SLACK_DAYS = 10
_SINGLE = re.compile(r"\ban? (day|week|month|year)(?= (?:old|ago)\b)", re.IGNORECASE)
# The worker's own time under treatment or with complaints, not a guideline's limit and not a course that is asked for.
_LASTED = re.compile(
    r"\b(?:has|have|had) (?:been|taken|used|received|undergone|persisted|continued|suffered|tried)|\b(?:on|using|"
    r"taking|utili[sz]\w+|"
    r"treated|treatment|use|used|usage|complain\w*|symptoms|pain|therapy|course|duration|medication|opioid\w*)\b",
    re.IGNORECASE,
)
_NOT_LASTED = re.compile(
    r"\b(?:if|should|would|may|might|recommend\w*|guidelines?|up to|request\w*|trial|plan\w*|next|within|no more than|"
    r"not to exceed|limited to|"
    r"less than|shorter|per week|times a|a week for|visits|sessions|follow-?up|refill\w*|supply|rental|exceed\w*|"
    r"considered chronic|defin\w+|"
    r"before|prior to|previous injury|pre-?existing|history of)\b",
    re.IGNORECASE,
)
_SINCE_INJURY = re.compile(
    r"(?:old|ago|(?:since|after|from|following|status[- ]post|s/p|post|out from) (?:the |his |her |date of )*(?:injury|"
    r"accident|onset))",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:less|more|over|under|fewer|greater|within|beyond|at least|up to|first|than|not|limit\w*)\W*$", re.IGNORECASE
)
_IN_CARE = re.compile(
    r"\b(?:approv\w+|authori[sz]\w+|certif\w+|complet\w+|prescri\w+|dispens\w+|request\w*|attend\w*|receiv\w*|treat\w+|"
    r"seen|evaluat\w+|"
    r"examin\w+|visit\w*|report\w*|note\w*|complain\w*|present\w+|progress)\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:previous|prior|pre-?existing|before the|earlier|remote|different|another|non-?industrial|surger\w+|"
    r"arthroscop\w+|history)\b",
    re.IGNORECASE,
)


def duration_exceeds_injury(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A time under treatment that is longer than the injury was old on the day of the decision."""
    injury, until = audit.case.dates.injury, _last_day(audit)
    if injury is None or until is None or until <= injury:
        return
    age, told = (until - injury).days, _longest_told(audit)
    for text, sentence, _ in worker_sentences(item):
        for fact in sentence.facts:
            days = _days(fact)
            if days is None or days <= age + _SLACK_DAYS or not _lasted(sentence, fact) or 0.9 * days <= told:
                continue
            yield remark_on(
                text,
                fact.start,
                fact.end,
                f'"{text.text[fact.start : fact.end]}" cannot be: '
                f"the injury of {injury} was {age} days old on {until}.",
                item=item.item.number,
                against=header_span("injury", injury),
            )


def injury_age_differs(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """An age of the injury ("two months status post injury") that fits no day between the last visit and the
    decision."""
    injury, until = audit.case.dates.injury, _last_day(audit)
    if injury is None or until is None:
        return
    seen = [day for day in _visit_days(audit) if injury <= day <= until]
    least = (max(seen, default=None) or audit.case.dates.ur_denial or until) - injury
    for text, sentence, _ in worker_sentences(item):
        for start, end, days in _times(sentence):
            if not _told_since_injury(sentence, start, end):
                continue
            if days < 0.6 * least.days - 4 or days > 1.3 * (until - injury).days + 7:
                yield remark_on(
                    text,
                    start,
                    end,
                    f'The injury of {injury} was not "{text.text[start:end]}" old: {least.days} days '
                    f"at the last date of the record, {(until - injury).days} at the decision.",
                    item=item.item.number,
                    against=header_span("injury", injury),
                )


def event_before_injury(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """Care for this injury that the rationale dates before the injury."""
    injury = audit.case.dates.injury
    for text, sentence, _ in worker_sentences(item):
        for fact in sentence.facts if injury else ():
            on = fact_date(fact)
            if (
                injury
                and on
                and _shortly_before(on, injury)
                and _IN_CARE.search(sentence.text)
                and not _EARLIER.search(sentence.text)
            ):
                yield remark_on(
                    text,
                    fact.start,
                    fact.end,
                    f"{on} lies before the injury of {injury}.",
                    item=item.item.number,
                    against=header_span("injury", injury),
                )


def record_before_injury(audit: Audit) -> Iterator[Remark]:
    """A visit, complaint or request of the case summary that is dated before the injury."""
    injury = audit.case.dates.injury
    for field, sentence in audit.sentences_of_record():
        injuries = {event.start for event in dated_events(sentence) if event.event == "injury"}
        for fact in sentence.facts if injury else ():
            on = None if fact.start in injuries else fact_date(fact)
            if injury and on and on < injury and _IN_CARE.search(sentence.text) and not _EARLIER.search(sentence.text):
                message = f"The record dates this {(injury - on).days} days before the injury of {injury}."
                yield _of_record(field, fact, message, against=header_span("injury", injury))
                return


def date_after_decision(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A date of the rationale that lies after the decision itself."""
    decision = audit.case.dates.decision
    for text, sentence, _ in worker_sentences(item):
        for fact in sentence.facts if decision else ():
            on = fact_date(fact)
            if decision and on and on > decision:
                yield remark_on(
                    text,
                    fact.start,
                    fact.end,
                    f"{on} lies after the decision of {decision}.",
                    item=item.item.number,
                    against=header_span("decision", decision),
                )


def request_after_denial(audit: Audit) -> Iterator[Remark]:
    """A request that the case summary dates after the denial it led to."""
    denial = audit.case.dates.ur_denial
    told = [(field, e) for field, s in audit.sentences_of_record() for e in dated_events(s) if e.event == "request"]
    if denial is None or not told or any(event.on <= denial for _, event in told):
        return
    field, event = told[0]
    yield Remark(
        message=f"The request is dated {event.on}, after the utilization review denial of {denial}.",
        field=field.source.field,
        start=event.start,
        end=event.end,
        quote=field.source.text[event.start : event.end],
        against=header_span("ur_denial", denial),
    )


def _of_record(field: ReadField, fact: Fact, message: str, *, against: RecordSpan) -> Remark:
    span = record_span(field, start=fact.start, end=fact.end)
    return Remark(message=message, field=span.field, start=span.start, end=span.end, quote=span.quote, against=against)


def _days(fact: Fact) -> float | None:
    if fact.kind != "duration" or fact.number is None or fact.unit is None:
        return None
    return fact.number * _DAYS.get(fact.unit.rstrip("s"), 0.0) or None


def _lasted(sentence: Sentence, fact: Fact) -> bool:
    low = fact.start - sentence.start
    around = sentence.text[max(0, low - 120) : fact.end - sentence.start + 60]
    near = sentence.text[max(0, low - 60) : fact.end - sentence.start + 25]
    return bool(_LASTED.search(around)) and not _NOT_LASTED.search(near)


def _times(sentence: Sentence) -> Iterator[tuple[int, int, float]]:
    """The lengths of time that a sentence tells, in days, with their places; "a month" counts as one."""
    for fact in sentence.facts:
        days = _days(fact)
        if days is not None:
            yield fact.start, fact.end, days
    told = {fact.start for fact in sentence.facts if fact.kind == "duration"}
    for match in _SINGLE.finditer(sentence.text):
        if sentence.start + match.start() not in told:
            yield sentence.start + match.start(), sentence.start + match.end(), _DAYS[match[1].lower()]


def _told_since_injury(sentence: Sentence, start: int, end: int) -> bool:
    low, high = start - sentence.start, end - sentence.start
    if _COMPARED.search(sentence.text[max(0, low - 25) : low]) or not re.search(
        r"injur|accident", sentence.text, re.IGNORECASE
    ):
        return False
    return bool(re.match(r"\W{0,2}" + _SINCE_INJURY.pattern, sentence.text[high:], re.IGNORECASE))


def _longest_told(audit: Audit) -> float:
    """The longest time, in days, that the record tells."""
    times = (_days(found.fact) for found in audit.known.told("duration"))
    return max((days for days in times if days is not None), default=0.0)


def _visit_days(audit: Audit) -> Iterator[date]:
    for _, sentence in audit.sentences_of_record():
        if sentence.voice == "record":
            yield from (on for fact in sentence.facts if (on := fact_date(fact)) is not None)


def _last_day(audit: Audit) -> date | None:
    dates = audit.case.dates
    return dates.decision or dates.assigned or dates.application_received or dates.ur_denial or dates.rfa


def _shortly_before(on: date, injury: date) -> bool:
    return 0 < (injury - on).days <= 60
