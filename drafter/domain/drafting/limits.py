"""Numbers: what is asked for, what was already given, and what a criterion allows.

A sum is made only of numbers that the request and the record state, and the sentence that uses it names them. Visits
already given count only where one clause of the record ties a number to the same treatment and does not plan it. A
supply in days is worked out only where the request itself says how often a tablet is taken.
"""

from __future__ import annotations

from collections.abc import Iterator

from drafter.domain.draft import RecordSpan
from drafter.domain.drafting.brief import ItemBrief
from drafter.domain.drafting.evidence import record_span
from drafter.domain.model import DomainModel
from drafter.domain.reading.clauses import clause_around
from drafter.domain.reading.model import Fact, FactKind, Reading, Sentence
from guideline_corpus.model import Limit
from guideline_corpus.vocabulary import Vocabulary

DAYS: dict[str, float] = {"days": 1, "weeks": 7, "months": 30, "years": 365}
_SUBJECT_KINDS = frozenset({"drug", "procedure", "test"})


class LimitOutcome(DomainModel):
    """A number against a limit: the form that says it, its slots, and the record's words behind it."""

    form: str
    slots: dict[str, str]
    beyond: bool
    spans: tuple[RecordSpan, ...] = ()


class _Earlier(DomainModel):
    number: float
    span: RecordSpan


def weigh_limit(brief: ItemBrief, limit: Limit, *, vocabulary: Vocabulary) -> LimitOutcome | None:
    """The request's number against the limit, or `None` where the request states none in the limit's unit."""
    if limit.at_most is None:
        return None
    if limit.quantity == "visits":
        return _weigh_visits(brief, limit.at_most, vocabulary=vocabulary)
    if limit.quantity in DAYS:
        return _weigh_supply(brief.item_reading, limit.at_most * DAYS[limit.quantity])
    return None


def _weigh_visits(brief: ItemBrief, at_most: float, *, vocabulary: Vocabulary) -> LimitOutcome | None:
    requested = requested_visits(brief.item_reading)
    if requested is None:
        return None
    earlier = _earlier_visits(brief, vocabulary=vocabulary)
    if earlier is None:
        beyond = requested > at_most
        form = "beyond_limit" if beyond else "within_limit"
        return LimitOutcome(form=form, slots={"requested": _visits(requested)}, beyond=beyond)
    total = requested + earlier.number
    slots = {
        "earlier": _visits(earlier.number),
        "requested": _number(requested),
        "total": _number(total),
        "quote": earlier.span.quote,
    }
    beyond = total > at_most
    form = "beyond_limit_with_earlier" if beyond else "within_limit_with_earlier"
    return LimitOutcome(form=form, slots=slots, beyond=beyond, spans=(earlier.span,))


def requested_visits(reading: Reading) -> float | None:
    """The number of visits that a request states, or `None`; the largest where the text repeats it in two ways."""
    numbers = [fact.upper or fact.number for fact in _facts(reading, "visits")]
    return max((number for number in numbers if number), default=None)


def _earlier_visits(brief: ItemBrief, *, vocabulary: Vocabulary) -> _Earlier | None:
    subjects = _subject_classes(brief.item_reading, vocabulary=vocabulary)
    found: list[_Earlier] = []
    for field in brief.record:
        for sentence in field.reading.sentences:
            if sentence.voice != "record":
                continue
            for fact in sentence.facts:
                if fact.kind != "visits" or fact.number is None or fact.polarity != "affirmed":
                    continue
                start, end = clause_around(sentence, start=fact.start, end=fact.end, most_words=16)
                if subjects & _clause_subjects(sentence, start, end, vocabulary=vocabulary):
                    found.append(_Earlier(number=fact.number, span=record_span(field, start=start, end=end)))
    return max(found, key=lambda earlier: earlier.number, default=None)


def _clause_subjects(sentence: Sentence, start: int, end: int, *, vocabulary: Vocabulary) -> frozenset[str]:
    facts = [fact for fact in sentence.facts if fact.kind in _SUBJECT_KINDS and start <= fact.start < end]
    return frozenset(wider for fact in facts for wider in vocabulary.classes_of(fact.value))


def _subject_classes(reading: Reading, *, vocabulary: Vocabulary) -> frozenset[str]:
    facts = [fact for sentence in reading.sentences for fact in sentence.facts if fact.kind in _SUBJECT_KINDS]
    return frozenset(wider for fact in facts for wider in vocabulary.classes_of(fact.value))


def _weigh_supply(request: Reading, at_most_days: float) -> LimitOutcome | None:
    count = next((fact.number for fact in _facts(request, "count") if fact.number), None)
    per_day = next(
        (fact.number for fact in _facts(request, "frequency") if fact.unit == "per day" and fact.number), None
    )
    if not count or not per_day:
        return None
    days = count / per_day
    beyond = days > at_most_days
    slots = {"per_day": _times(per_day), "count": _number(count), "days": _number(round(days, 1))}
    return LimitOutcome(form="supply_beyond_limit" if beyond else "supply_within_limit", slots=slots, beyond=beyond)


def _facts(reading: Reading, kind: FactKind) -> Iterator[Fact]:
    for sentence in reading.sentences:
        yield from (fact for fact in sentence.facts if fact.kind == kind)


def _number(value: float) -> str:
    return f"{value:g}"


def _visits(value: float) -> str:
    return f"{value:g} visit" if value == 1 else f"{value:g} visits"


def _times(value: float) -> str:
    return (
        {1: "once", 2: "twice", 3: "three times", 4: "four times"}.get(int(value), f"{value:g} times")
        if value == int(value)
        else f"{value:g} times"
    )
