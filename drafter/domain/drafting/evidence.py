"""What the record says on a concept, as far as it concerns this item.

Words that report utilization review's reasons are not evidence: they are an argument, and stay attributed. A clause
that speaks only of another body region or the other side than the item is not evidence for it either: a finding in the
left hip says nothing about the right (proved by tests/unit/test_evidence.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from drafter.domain.draft import RecordSpan
from drafter.domain.drafting.brief import ItemBrief, ReadField
from drafter.domain.model import DomainModel
from drafter.domain.reading.clauses import clause_around
from drafter.domain.reading.excerpt import MOST_WORDS, Excerpt, Told, excerpt_around
from drafter.domain.reading.measures import Went
from drafter.domain.reading.model import Mention, Polarity, Reading, Sentence, Voice
from drafter.domain.reading.regions import regions_fit, regions_of, sides_of
from guideline_corpus.vocabulary import Vocabulary

DENIAL_WORDS = 10
_DENIES = re.compile(
    r"\b(?:no|not|non|never|nor|neither|without|den\w+|negative|normal\w*|intact|full|free|absent|unremarkable|preserved|"
    r"symmetric\w*|equal|within|stable|lack\w*|unable|fail\w*|resolved|is|was|were|are|has|had|have|did|does)\b|"
    r"n['’]t\b|\d\s*(?:/|out of)\s*\d",
    re.IGNORECASE,
)


class Evidence(DomainModel):
    """A concept found in the record: the clause to quote, how it stands there, and the date it belongs to.

    `went` is set where it is measured and not named (`drafter.domain.drafting.measured`); `before` holds the earlier
    value where that stands in a place of its own.
    """

    concept: str
    span: RecordSpan
    polarity: Polarity
    on: date | None = None
    told: Told = "record"
    of: str = ""
    went: Went | None = None
    before: Evidence | None = None

    @property
    def spans(self) -> tuple[RecordSpan, ...]:
        """The words it stands on, the earlier first."""
        return (self.before.span, self.span) if self.before else (self.span,)


class Focus(DomainModel):
    """What an item is about: body regions, sides, and treatments with their wider classes. Empty: it does not say."""

    regions: frozenset[str] = frozenset()
    sides: frozenset[str] = frozenset()
    treatments: frozenset[str] = frozenset()

    @classmethod
    def of(cls, reading: Reading, *, vocabulary: Vocabulary) -> Focus:
        """What a reading of the item's own words names."""
        facts = [fact for sentence in reading.sentences for fact in sentence.facts]
        named = {span.id for span in vocabulary.find(reading.text, families={"treatment"})}
        return cls(
            regions=regions_of(facts, vocabulary),
            sides=sides_of(facts),
            treatments=frozenset(wider for treatment in named for wider in vocabulary.classes_of(treatment)),
        )


def find_evidence(
    brief: ItemBrief, *, concepts: Iterable[str], focus: Focus, vocabulary: Vocabulary, voice: Voice = "record"
) -> tuple[Evidence, ...]:
    """Every mention of the concepts in that voice that bears on the item, in the order of the record.

    Only the record's own voice is evidence; the others tell who else named the thing.
    """
    wanted = frozenset(concepts)
    found: list[Evidence] = []
    for field in brief.record:
        for sentence in field.reading.sentences:
            if sentence.voice != voice:
                continue
            for mention in sentence.mentions:
                if mention.concept in wanted and _concerns(sentence, mention, focus=focus, vocabulary=vocabulary):
                    found.append(_evidence(field, sentence, mention))
    return tuple(_without_repeats(found))


def with_polarity(evidence: tuple[Evidence, ...], polarity: Polarity) -> tuple[Evidence, ...]:
    """The evidence of that polarity, in its order."""
    return tuple(e for e in evidence if e.polarity == polarity)


def as_last_told(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Of each finding only what the latest dated note says, where notes that contradict each other are dated."""
    latest: dict[str, date] = {}
    for found in evidence:
        if found.on and found.polarity in ("affirmed", "negated"):
            latest[found.concept] = max(found.on, latest.get(found.concept, found.on))
    return tuple(e for e in evidence if e.on is None or e.concept not in latest or e.on >= latest[e.concept])


def latest_first(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """What is measured in one place first and what two places have to show together last; undated after dated."""
    return tuple(sorted(evidence, key=lambda e: (e.before is None, bool(e.went), e.on or date.min), reverse=True))


def _concerns(sentence: Sentence, mention: Mention, *, focus: Focus, vocabulary: Vocabulary) -> bool:
    start, end = clause_around(sentence, start=mention.start, end=mention.end)
    facts = [fact for fact in sentence.facts if start <= fact.start < end]
    sides = sides_of(facts)
    side_fits = not sides or not focus.sides or bool(sides & focus.sides)
    return side_fits and regions_fit(regions_of(facts, vocabulary), focus.regions)


def _evidence(field: ReadField, sentence: Sentence, mention: Mention) -> Evidence:
    excerpt = _excerpt(sentence, mention)
    return Evidence(
        concept=mention.concept,
        span=record_span(field, start=excerpt.start, end=excerpt.end),
        polarity=mention.polarity,
        on=sentence.on or field.source.date,
        told=excerpt.told,
        of=excerpt.of,
    )


def _excerpt(sentence: Sentence, mention: Mention) -> Excerpt:
    """A denial is quoted short, so that it does not carry its neighbours, but never without the words that deny."""
    place = {"start": mention.start, "end": mention.end}
    if mention.polarity == "negated":
        short = excerpt_around(sentence, **place, most_words=DENIAL_WORDS)
        if _DENIES.search(sentence.text[short.start - sentence.start : short.end - sentence.start]):
            return short
    return excerpt_around(sentence, **place, most_words=MOST_WORDS)


def record_span(field: ReadField, *, start: int, end: int) -> RecordSpan:
    """The words at `start:end` of one record field, as a span that a citation can carry."""
    source = field.source
    return RecordSpan(
        field=source.field,
        record_id=source.record_id,
        page=source.page,
        start=start,
        end=end,
        quote=source.text[start:end],
    )


def _without_repeats(found: list[Evidence]) -> Iterable[Evidence]:
    seen: set[tuple[str | None, int | None, int, int, str]] = set()
    for evidence in found:
        span = evidence.span
        key = (span.record_id, span.page, span.start, span.end, evidence.polarity)
        if key not in seen:
            seen.add(key)
            yield evidence
