"""Numbers: what is asked for, what was already given, and what a criterion allows.

A sum is made only of numbers that the request and the record state, and the sentence that uses it names them, with an
"at least" of the record's. Visits already given count only where one clause of the record ties a number to the same
treatment and does not plan it. A supply in days is worked out from the request's own frequency, else from the record's
for the same drug, quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from drafter.domain.draft import RecordSpan
from drafter.domain.drafting.brief import ItemBrief
from drafter.domain.drafting.evidence import record_span
from drafter.domain.drafting.medicines import asked_drugs, earliest_use, recorded_frequency
from drafter.domain.drafting.wording import printed_date
from drafter.domain.model import DomainModel
from drafter.domain.reading.clauses import clause_around
from drafter.domain.reading.hedges import hedge_before
from drafter.domain.reading.model import Fact, FactKind, Reading, Sentence
from drafter.domain.reading.read import read
from drafter.domain.reading.regions import regions_of
from guideline_corpus.model import Limit
from guideline_corpus.vocabulary import Vocabulary

DAYS: dict[str, float] = {"days": 1, "weeks": 7, "months": 30, "years": 365}
_APPROVED = re.compile(r"\b(?:approved|authori[sz]ed|certified)\b", re.IGNORECASE)
_GIVEN = re.compile(r"\b(?:completed|attended|received|underwent|undergone|given|finished)\b", re.IGNORECASE)
_SUBJECT_KINDS = frozenset({"drug", "procedure", "test"})


class LimitOutcome(DomainModel):
    """A number against a limit: the form that says it, its slots, and the record's words behind it.

    `open`: the numbers known so far decide nothing; `leans` says which side the open sentence is for.
    """

    form: str
    slots: dict[str, str]
    standing: Literal["within", "beyond", "open"]
    leans: Literal["for", "against"] | None = None
    spans: tuple[RecordSpan, ...] = ()
    searched: tuple[str, ...] = ()


class _Earlier(DomainModel):
    """Visits that the record counts before this request: given, or only approved.

    `hedge`: what keeps the number from being exact, "at least" or nothing.
    """

    number: float
    hedge: str
    span: RecordSpan

    @property
    def printed(self) -> str:
        approved = _APPROVED.search(self.span.quote) and not _GIVEN.search(self.span.quote)
        return f"{self.hedge} {_visits(self.number)} already {'approved' if approved else 'given'}".lstrip()


def weigh_limit(brief: ItemBrief, limit: Limit, *, vocabulary: Vocabulary) -> LimitOutcome | None:
    """The request's number against an upper limit, or `None` where nothing in the limit's unit is known."""
    if limit.at_most is None:
        return None
    if limit.quantity == "visits":
        return _weigh_visits(brief, limit.at_most, vocabulary=vocabulary)
    if limit.quantity == "visits_per_week":
        return _weigh_frequency(brief.item_reading, limit.at_most)
    if limit.quantity in DAYS:
        days = limit.at_most * DAYS[limit.quantity]
        return (
            _weigh_supply(brief, days) or _weigh_use(brief, days, vocabulary=vocabulary) or _weigh_course(brief, days)
        )
    return None


def _weigh_visits(brief: ItemBrief, at_most: float, *, vocabulary: Vocabulary) -> LimitOutcome | None:
    requested = requested_visits(brief.item_reading)
    if requested is None:
        return None
    authorized = _authorized_visits(brief, vocabulary=vocabulary)
    earlier = _earlier_visits(brief, vocabulary=vocabulary)
    if 0 <= at_most - requested - (earlier.number if earlier else 0) < authorized:
        return None if earlier else _weigh_with_authorized(requested, authorized)
    if earlier is None:
        return _weigh_alone(brief, requested, at_most, vocabulary=vocabulary)
    total = requested + earlier.number
    if earlier.hedge and total <= at_most:
        return _weigh_least(earlier, requested, at_most)
    slots = {
        "earlier": earlier.printed,
        "requested": _number(requested),
        "total": f"{earlier.hedge} {_number(total)}".lstrip(),
        "quote": earlier.span.quote,
    }
    beyond = total > at_most
    form = "beyond_limit_with_earlier" if beyond else "within_limit_with_earlier"
    return LimitOutcome(form=form, slots=slots, standing="beyond" if beyond else "within", spans=(earlier.span,))


def _weigh_with_authorized(requested: float, authorized: float) -> LimitOutcome:
    """Within the limit by itself, beyond it with the part that was authorized; which counts is not for a sum."""
    slots = {
        "authorized": _visits(authorized),
        "requested": _number(requested),
        "total": _number(requested + authorized),
    }
    return LimitOutcome(form="beyond_limit_with_authorized", slots=slots, standing="open", leans="against")


def _weigh_least(earlier: _Earlier, requested: float, at_most: float) -> LimitOutcome:
    """At least so many visits were given: how many more would fit nobody can tell from that."""
    slots = {
        "requested": _visits(requested),
        "room": _number(at_most - requested),
        "earlier": earlier.printed,
        "quote": earlier.span.quote,
    }
    return LimitOutcome(form="limit_open_at_least", slots=slots, standing="open", leans="for", spans=(earlier.span,))


def _authorized_visits(brief: ItemBrief, *, vocabulary: Vocabulary) -> float:
    """The visits of a modified request that the claims administrator authorized, 0 where it is none."""
    told = brief.item.authorized
    return (requested_visits(read(told, vocabulary=vocabulary, voice="request")) or 0) if told else 0


def _weigh_alone(brief: ItemBrief, requested: float, at_most: float, *, vocabulary: Vocabulary) -> LimitOutcome:
    """The request by itself. Where the record tells of earlier visits without their number, nobody can add them up."""
    slots = {"requested": _visits(requested)}
    if requested > at_most:
        return LimitOutcome(form="beyond_limit", slots=slots, standing="beyond")
    before = earlier_treatment(brief, vocabulary=vocabulary)
    if before is None:
        return LimitOutcome(form="within_limit", slots=slots, standing="within")
    slots |= {"room": _number(at_most - requested), "quote": before.quote}
    return LimitOutcome(form="limit_open", slots=slots, standing="open", leans="for", spans=(before,))


def earlier_treatment(brief: ItemBrief, *, vocabulary: Vocabulary) -> RecordSpan | None:
    """The record's first words that have the same treatment, of the same region, given or in use; else `None`."""
    subjects = _subject_classes(brief.item_reading, vocabulary=vocabulary)
    for field in brief.record:
        for sentence in field.reading.sentences:
            for fact in sentence.facts:
                own = fact.kind in _SUBJECT_KINDS and subjects & set(vocabulary.classes_of(fact.value))
                if not own or sentence.voice != "record" or fact.polarity != "affirmed":
                    continue
                start, end = clause_around(sentence, start=fact.start, end=fact.end, most_words=16)
                if _of_same_region(brief, sentence, start, end, vocabulary=vocabulary):
                    return record_span(field, start=start, end=end)
    return None


def _weigh_frequency(request: Reading, at_most: float) -> LimitOutcome | None:
    weekly = next((f for f in _facts(request, "frequency") if f.unit == "per week" and f.number), None)
    if weekly is None or (weekly.upper or weekly.number or 0) <= at_most:
        return None  # a request that starts low enough still has to fade, which its words cannot show
    number = weekly.upper or weekly.number or 0
    return LimitOutcome(form="beyond_limit", slots={"requested": f"{_visits(number)} a week"}, standing="beyond")


def _weigh_course(brief: ItemBrief, at_most_days: float) -> LimitOutcome | None:
    """A course of therapy that the request itself says is so many weeks long."""
    if asked_drugs(brief.item_reading):
        return None
    course = next((f for f in _facts(brief.item_reading, "duration") if f.number and f.unit in DAYS), None)
    if course is None or course.unit is None or course.number is None:
        return None
    days = (course.upper or course.number) * DAYS[course.unit]
    beyond = days > at_most_days
    return LimitOutcome(
        form="beyond_limit" if beyond else "within_limit",
        slots={"requested": course.value},
        standing="beyond" if beyond else "within",
    )


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
                told = subjects & _clause_subjects(sentence, start, end, vocabulary=vocabulary)
                if told and _of_same_region(brief, sentence, start, end, vocabulary=vocabulary):
                    hedge = hedge_before(sentence.text, fact.start - sentence.start)
                    span = record_span(field, start=start, end=end)
                    found.append(_Earlier(number=fact.number, hedge=hedge, span=span))
    return max(found, key=lambda earlier: earlier.number, default=None)


def _of_same_region(brief: ItemBrief, sentence: Sentence, start: int, end: int, *, vocabulary: Vocabulary) -> bool:
    """Visits given to a shoulder are none of the low back's."""
    told = regions_of((fact for fact in sentence.facts if start <= fact.start < end), vocabulary)
    asked = regions_of((fact for s in brief.item_reading.sentences for fact in s.facts), vocabulary)
    return not told or not asked or bool(told & asked)


def _clause_subjects(sentence: Sentence, start: int, end: int, *, vocabulary: Vocabulary) -> frozenset[str]:
    facts = [fact for fact in sentence.facts if fact.kind in _SUBJECT_KINDS and start <= fact.start < end]
    return frozenset(wider for fact in facts for wider in vocabulary.classes_of(fact.value))


def _subject_classes(reading: Reading, *, vocabulary: Vocabulary) -> frozenset[str]:
    facts = [fact for sentence in reading.sentences for fact in sentence.facts if fact.kind in _SUBJECT_KINDS]
    return frozenset(wider for fact in facts for wider in vocabulary.classes_of(fact.value))


def _weigh_supply(brief: ItemBrief, at_most_days: float) -> LimitOutcome | None:
    count = next((fact.number for fact in _facts(brief.item_reading, "count") if fact.number), None)
    asked = next(
        (fact.number for fact in _facts(brief.item_reading, "frequency") if fact.unit == "per day" and fact.number),
        None,
    )
    told = None if asked else recorded_frequency(brief)
    per_day = asked or (told.per_day if told else None)
    if not count or not per_day:
        return None
    days = count / per_day
    beyond = days > at_most_days
    slots = {"per_day": _times(per_day), "count": _number(count), "days": _number(round(days, 1))}
    form = "supply_beyond_limit" if beyond else "supply_within_limit"
    if told:
        slots["quote"] = told.span.quote
        form += "_by_record"
    spans = (told.span,) if told else ()
    return LimitOutcome(form=form, slots=slots, standing="beyond" if beyond else "within", spans=spans)


def _weigh_use(brief: ItemBrief, at_most_days: float, *, vocabulary: Vocabulary) -> LimitOutcome | None:
    """A drug that the record has in use: for longer than the limit by its dates, or since nobody knows when."""
    drugs = sorted(asked_drugs(brief.item_reading))
    use = earliest_use(brief)
    if not drugs or use is None:
        return None
    requested = brief.case.dates.rfa
    days = (requested - use.on).days if requested else 0
    slots = {"drug": vocabulary.treatments[drugs[0]].label, "date": printed_date(use.on)}
    if days > at_most_days:
        slots |= {"days": str(days)}
        return LimitOutcome(form="use_beyond_limit", slots=slots, standing="beyond", spans=(use.span,))
    return LimitOutcome(
        form="use_since_unknown",
        slots=slots,
        standing="open",
        leans="against",
        spans=(use.span,),
        searched=(*drugs, "started", "since", "weeks", "months"),
    )


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
