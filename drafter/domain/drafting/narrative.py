"""Which facts of this worker come first: who, hurt when, complaining of what, found what, on the item's own part.

Each sentence of the record is weighed by what it holds for this item (its body region, its treatment, a complaint, a
sign, a test) and by how late it is dated; the best few are quoted in the order of the record. A sentence that reports
the request or utilization review is never picked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal

from drafter.domain.case import Case
from drafter.domain.draft import RecordSpan
from drafter.domain.drafting.brief import ItemBrief, ReadField
from drafter.domain.drafting.evidence import Focus, record_span
from drafter.domain.model import DomainModel
from drafter.domain.reading.excerpt import Told, excerpt_around
from drafter.domain.reading.model import Fact, Mention, Sentence
from drafter.domain.reading.regions import regions_fit, regions_of
from guideline_corpus.vocabulary import Vocabulary

# "The applicant is a 63-year-old male who has filed a claim for knee pain": the worker's own sentence says it already.
_INTRODUCTION = re.compile(r"\b(?:is|was|involves) an? (?:\w+,? )?(?:\d{1,3}|\w+)[- ]years?[- ]old\b", re.IGNORECASE)
_KIND_WEIGHT = {"symptom": 1.0, "sign": 1.5, "test": 1.2, "history": 0.8, "response": 1.2, "status": 0.5}
_PICTURE = frozenset({"symptom", "sign"})
_SUBJECT_KINDS = frozenset({"drug", "procedure", "test"})


class DatedQuote(DomainModel):
    """Words of the record that open a draft, with the day they belong to where the record says it."""

    span: RecordSpan
    on: date | None = None
    told: Told = "record"
    of: str = ""


class WorkerFacts(DomainModel):
    """The worker's age and injury date, each with the words it rests on; `None` where the record does not say."""

    age: str | None = None
    age_span: RecordSpan | None = None
    injury: date | None = None
    injury_span: RecordSpan | None = None


def worker_facts(brief: ItemBrief) -> WorkerFacts:
    """Age from the first age in the record; injury date from the header, on the record's words where they agree."""
    age = next(((field, fact) for field, _, fact in _facts(brief) if fact.kind == "age"), None)
    injury = brief.case.dates.injury
    stated = next(
        (
            (field, fact)
            for field, _, fact in _facts(brief)
            if fact.kind == "date" and injury and fact.value == injury.isoformat()
        ),
        None,
    )
    return WorkerFacts(
        age=age[1].value if age else None,
        age_span=record_span(age[0], start=age[1].start, end=age[1].end) if age else None,
        injury=injury,
        injury_span=record_span(stated[0], start=stated[1].start, end=stated[1].end)
        if stated
        else _header_span(brief.case),
    )


def _header_span(case: Case) -> RecordSpan | None:
    if case.dates.injury is None:
        return None
    printed = case.dates.injury.isoformat()
    return RecordSpan(field="dates.injury", start=0, end=len(printed), quote=printed)


def _facts(brief: ItemBrief) -> Iterator[tuple[ReadField, Sentence, Fact]]:
    for field in brief.record:
        for sentence in field.reading.sentences:
            for fact in sentence.facts:
                yield field, sentence, fact


class _Candidate(DomainModel):
    weight: float
    order: int
    kind: Literal["complaint", "finding"]
    quote: DatedQuote


def opening_quotes(brief: ItemBrief, *, focus: Focus, vocabulary: Vocabulary, most: int) -> tuple[DatedQuote, ...]:
    """At most `most` quotes that tell this worker's state as it bears on the item, in the order of the record."""
    candidates = [
        candidate
        for order, (field, sentence) in enumerate(_sentences(brief))
        if (candidate := _candidate(brief, field, sentence, order, focus=focus, vocabulary=vocabulary))
    ]
    ranked = sorted(candidates, key=lambda c: (-c.weight, c.order))
    firsts = [next((c for c in ranked if c.kind == kind), None) for kind in ("complaint", "finding")]
    best = [c for c in firsts if c and c.weight > 0]
    best += [c for c in ranked if c not in best and c.weight > -5][: most - len(best)]
    return tuple(candidate.quote for candidate in sorted(best, key=lambda c: c.order))


def _sentences(brief: ItemBrief) -> Iterator[tuple[ReadField, Sentence]]:
    for field in brief.record:
        for sentence in field.reading.sentences:
            if sentence.voice == "record":
                yield field, sentence


def _candidate(
    brief: ItemBrief, field: ReadField, sentence: Sentence, order: int, *, focus: Focus, vocabulary: Vocabulary
) -> _Candidate | None:
    mentions = [mention for mention in sentence.mentions if mention.polarity == "affirmed"]
    if not mentions:
        return None
    kinds = {vocabulary.evidence[mention.concept].kind for mention in mentions}
    weight = sum(_KIND_WEIGHT.get(kind, 0.3) for kind in kinds)
    weight += _region_weight(sentence, focus=focus, vocabulary=vocabulary)
    weight += 1.5 if _subjects(sentence.facts) & _item_subjects(brief) else 0.0
    weight -= 10.0 if _INTRODUCTION.search(sentence.text) else 0.0
    weight += _lateness(sentence.on or field.source.date, brief.case)
    anchor = _anchor(mentions, sentence, focus=focus, vocabulary=vocabulary)
    excerpt = excerpt_around(sentence, start=anchor.start, end=anchor.end)
    return _Candidate(
        weight=weight,
        order=order,
        kind="complaint" if "symptom" in kinds else "finding",
        quote=DatedQuote(
            span=record_span(field, start=excerpt.start, end=excerpt.end),
            on=sentence.on or field.source.date,
            told=excerpt.told,
            of=excerpt.of,
        ),
    )


def _anchor(mentions: list[Mention], sentence: Sentence, *, focus: Focus, vocabulary: Vocabulary) -> Mention:
    """The mention to quote around: a complaint or sign before anything else, the nearest to the item's body part."""
    told = [m for m in mentions if vocabulary.evidence[m.concept].kind in _PICTURE] or mentions
    places = [fact.start for fact in sentence.facts if regions_of([fact], vocabulary) & focus.regions]
    if not places:
        return told[0]
    return min(told, key=lambda mention: min(abs(mention.start - place) for place in places))


def _region_weight(sentence: Sentence, *, focus: Focus, vocabulary: Vocabulary) -> float:
    regions = regions_of(sentence.facts, vocabulary)
    if not focus.regions or not regions:
        return 0.0
    if regions & focus.regions:
        return 2.0
    return 0.5 if regions_fit(regions, focus.regions) else -3.0


def _subjects(facts: tuple[Fact, ...]) -> set[str]:
    return {fact.value for fact in facts if fact.kind in _SUBJECT_KINDS}


def _item_subjects(brief: ItemBrief) -> set[str]:
    return {value for sentence in brief.item_reading.sentences for value in _subjects(sentence.facts)}


def _lateness(on: date | None, case: Case) -> float:
    """Up to 1.0 for a note dated on or near the UR denial, less the older it is (30 days halve it)."""
    reference = case.dates.ur_denial or case.dates.decision
    if on is None or reference is None or on > reference:
        return 0.0
    return float(0.5 ** ((reference - on).days / 30.0))


def utilization_review_reason(brief: ItemBrief, *, focus: Focus, vocabulary: Vocabulary) -> DatedQuote | None:
    """The claims administrator's reason for this item as the record reports it, or `None`.

    Where the case has several items, only a sentence that names this item's treatment or body region is taken.
    """
    subjects = _item_subjects(brief)
    alone = len(brief.case.items) == 1
    for field in brief.record:
        for sentence in field.reading.sentences:
            if sentence.voice != "utilization_review":
                continue
            regions = regions_of(sentence.facts, vocabulary)
            its_own = alone or subjects & _subjects(sentence.facts) or (regions and regions <= focus.regions)
            if its_own and _gives_reason(sentence):
                return DatedQuote(span=record_span(field, start=sentence.start, end=sentence.end), on=sentence.on)
    return None


_REASONS = (
    "due to",
    "because",
    "lack of",
    "no documentation",
    "no evidence",
    "not document",
    "no indication",
    "rationale",
    "insufficient",
    "did not",
    "was not",
    "as the",
    "not support",
)


_DECISION = re.compile(
    r"\b(?:is|was|were|are) not (?:found |deemed )?(?:medically necessary|certified|authori[sz]ed|approved)"
)


def _gives_reason(sentence: Sentence) -> bool:
    """Whether more is told than the decision: "was not medically necessary" and "was not certified" give no reason."""
    text = _DECISION.sub("", sentence.text.lower())
    return any(word in text for word in _REASONS)
