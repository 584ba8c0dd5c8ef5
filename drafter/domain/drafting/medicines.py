"""What the record tells of medicines: the other drugs beside the one asked for, since when it was used, how often.

A supply in days needs a frequency. Where the request gives none, the record's own for the same drug is used and the
sentence quotes it, so that a reviewer sees the premise. When a drug was started is never inferred: the earliest dated
mention only shows that it was in use by then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from drafter.domain.draft import RecordSpan
from drafter.domain.drafting.brief import ItemBrief, ReadField
from drafter.domain.drafting.evidence import Evidence, record_span
from drafter.domain.model import DomainModel
from drafter.domain.reading.clauses import clause_around
from drafter.domain.reading.model import Fact, Reading, Sentence
from guideline_corpus.vocabulary import Vocabulary

SAME_CLASS = "concurrent-drug-same-class"
_FORM = re.compile(r"(?:, (?:immediate|extended) release)?(?: with \w+)?$")
ANY_OTHER = "concurrent-drug"


class RecordedFrequency(DomainModel):
    """How many a day the record says of the drug, and the words that say it."""

    per_day: float
    span: RecordSpan


class EarliestUse(DomainModel):
    on: date
    span: RecordSpan


def asked_drugs(reading: Reading) -> frozenset[str]:
    """The drugs that the request itself names."""
    return frozenset(fact.value for sentence in reading.sentences for fact in sentence.facts if fact.kind == "drug")


def other_drugs(brief: ItemBrief, *, same_class: bool, vocabulary: Vocabulary) -> tuple[Evidence, ...]:
    """Record words that name a drug beside the one asked for, the fullest list first; `same_class`: of its class."""
    own = asked_drugs(brief.item_reading)
    classes = frozenset(c for drug in own for c in vocabulary.classes_of(drug)) - own
    found: list[tuple[int, Evidence]] = []
    for field, sentence in _told(brief):
        others = [f for f in _drugs(sentence) if f.value not in own and f.polarity in ("affirmed", "planned")]
        if same_class:
            others = [f for f in others if classes & set(vocabulary.classes_of(f.value))]
        if own and others:
            found.append((len({f.value for f in others}), _listing(field, sentence, others)))
    return tuple(evidence for _, evidence in sorted(found, key=lambda pair: -pair[0]))


def _listing(field: ReadField, sentence: Sentence, drugs: list[Fact]) -> Evidence:
    start, end = clause_around(sentence, start=drugs[0].start, end=drugs[0].end)
    return Evidence(
        concept=ANY_OTHER,
        span=record_span(field, start=start, end=end),
        polarity="affirmed",
        on=sentence.on or field.source.date,
    )


def recorded_frequency(brief: ItemBrief) -> RecordedFrequency | None:
    """The latest frequency that the record itself ties to the drug asked for, or `None`."""
    own, latest = asked_drugs(brief.item_reading), None
    for field, sentence in _told(brief):
        for index, fact in enumerate(sentence.facts):
            if fact.kind == "drug" and fact.value in own and (daily := _following(sentence.facts[index + 1 :], own)):
                span = record_span(field, start=fact.start, end=daily.end)
                latest = RecordedFrequency(per_day=daily.number or 0, span=span)
    return latest


def _following(facts: tuple[Fact, ...], own: frozenset[str]) -> Fact | None:
    for fact in facts:
        if fact.kind == "drug" and fact.value not in own:
            return None
        if fact.kind == "frequency":
            return fact if fact.unit == "per day" and fact.number and not fact.upper else None
    return None


def in_use(brief: ItemBrief, *, vocabulary: Vocabulary) -> bool:
    """True where the record itself has the drug asked for in use, dated or not, in this form or another."""
    asked = {_ingredient(drug, vocabulary) for drug in asked_drugs(brief.item_reading)}
    told = (s for field in brief.record for s in field.reading.sentences if s.voice == "record")
    used = {fact.value for sentence in told for fact in _drugs(sentence) if fact.polarity == "affirmed"}
    return any(_ingredient(drug, vocabulary) in asked for drug in used)


def _ingredient(drug: str, vocabulary: Vocabulary) -> str:
    """What acts in a drug taken by mouth: oxycodone in an extended release and beside acetaminophen."""
    known = vocabulary.treatments.get(drug)
    return _FORM.sub("", known.label).lower() if known else drug


def earliest_use(brief: ItemBrief) -> EarliestUse | None:
    """The first dated words of the record that have the drug in use before it was asked for, or `None`."""
    own = asked_drugs(brief.item_reading)
    found: list[EarliestUse] = []
    for field in brief.record:
        for sentence in field.reading.sentences:
            on = sentence.on or field.source.date
            if sentence.voice != "record" or on is None or (brief.as_of and on > brief.as_of):
                continue
            for fact in sentence.facts:
                if fact.kind == "drug" and fact.value in own and fact.polarity == "affirmed":
                    start, end = clause_around(sentence, start=fact.start, end=fact.end)
                    found.append(EarliestUse(on=on, span=record_span(field, start=start, end=end)))
    return min(found, key=lambda use: use.on, default=None)


def _told(brief: ItemBrief) -> Iterator[tuple[ReadField, Sentence]]:
    for field in brief.record:
        for sentence in field.reading.sentences:
            if sentence.voice in ("record", "request"):
                yield field, sentence


def _drugs(sentence: Sentence) -> list[Fact]:
    return [fact for fact in sentence.facts if fact.kind == "drug"]
