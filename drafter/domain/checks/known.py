"""What the record says, ready to be asked: facts by kind, concepts by name, and the sentence that tells the same
thing.

Facts of the record count as known whoever tells them, the claims administrator included; what is *shown* by the
record (`shown`) is only what the record of care tells. The headings of the items and the dates of the header are
given, so they are known too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple, TypeVar

from drafter.domain.case import Case
from drafter.domain.draft import RecordSpan
from drafter.domain.drafting.brief import ReadField
from drafter.domain.drafting.evidence import record_span
from drafter.domain.reading.clauses import clause_around
from drafter.domain.reading.model import Fact, FactKind, Mention, Reading, Sentence

MOST_MENTIONS = 80  # of one concept that a claim is held against: keeps a crafted record from taking hours
MOST_PLACES = 60  # sentences in which a word may stand and still tell them apart
_WORD = re.compile(r"[a-z]{3,}")
_COMMON = frozenset(
    "the and was were has had have been with that this these those from for not are his her him she patient worker "
    "injured applicant claimant "
    "individual noted notes note documented documentation documents reported reports report dated date medical record "
    "records submitted review "
    "provided there their which also any but its than then into per due given being least based request requested case "
    "clinical provider "
    "physician treating attending stated states indicated indicates showed shows revealed reveals".split()
)


class InRecord(NamedTuple):
    """A fact as the record tells it."""

    field: ReadField
    sentence: Sentence
    fact: Fact

    def span(self) -> RecordSpan:
        return record_span(self.field, start=self.fact.start, end=self.fact.end)


class Shown(NamedTuple):
    """A concept as the record shows it."""

    field: ReadField
    sentence: Sentence
    mention: Mention

    def span(self) -> RecordSpan:
        return record_span(self.field, start=self.mention.start, end=self.mention.end)

    def clause(self) -> RecordSpan:
        """The words to show: the clause that the mention stands in."""
        start, end = clause_around(self.sentence, start=self.mention.start, end=self.mention.end)
        return record_span(self.field, start=start, end=end)


class Alike(NamedTuple):
    """A sentence of the record that tells what a sentence of the rationale tells; `share` of its words are the same."""

    field: ReadField
    sentence: Sentence
    share: float


class Quantities:
    """The numbers of one kind of fact: single numbers by unit, and the ranges told."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._single: set[tuple[str | None, float]] = set()
        self._ranges: set[tuple[str | None, float, float]] = set()
        for fact in facts:
            if fact.number is None:
                continue
            self._single.add((fact.unit, fact.number))
            if fact.upper is not None:
                self._ranges.add((fact.unit, fact.number, fact.upper))

    def hold(self, fact: Fact) -> bool:
        """True where the number, or one in its range, is told, or lies in a range told."""
        if fact.number is None:
            return False
        low, high = fact.number, fact.upper or fact.number
        if (fact.unit, low) in self._single or (fact.unit, high) in self._single:
            return True
        return any(unit == fact.unit and start <= low <= end for unit, start, end in self._ranges) or (
            high > low and any(unit == fact.unit and low <= number <= high for unit, number in self._single)
        )


T = TypeVar("T")


class _Lazily(defaultdict[FactKind, T]):
    """A mapping that makes each value when it is first asked for."""

    def __init__(self, make: Callable[[FactKind], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, kind: FactKind) -> T:
        self[kind] = self._make(kind)
        return self[kind]


class Known:
    """The record of one case with the headings of its items; built once for an audit."""

    def __init__(self, case: Case, record: Sequence[ReadField], headings: Iterable[Reading]) -> None:
        self.case = case
        self._record = record
        self._given = [fact for reading in headings for sentence in reading.sentences for fact in sentence.facts]

    @cached_property
    def _facts(self) -> dict[FactKind, list[InRecord]]:
        found: dict[FactKind, list[InRecord]] = defaultdict(list)
        for field in self._record:
            for sentence in field.reading.sentences:
                for fact in sentence.facts:
                    found[fact.kind].append(InRecord(field, sentence, fact))
        return found

    @cached_property
    def _mentions(self) -> dict[str, list[Shown]]:
        found: dict[str, list[Shown]] = defaultdict(list)
        for field in self._record:
            for sentence in field.reading.sentences:
                for mention in sentence.mentions:
                    found[mention.concept].append(Shown(field, sentence, mention))
        return found

    def told(self, kind: FactKind) -> Sequence[InRecord]:
        """Every fact of that kind in the record, in order."""
        return self._facts.get(kind, ())

    def given(self, kind: FactKind) -> Iterator[Fact]:
        """Every fact of that kind in the record or in a heading."""
        yield from (found.fact for found in self.told(kind))
        yield from (fact for fact in self._given if fact.kind == kind)

    def values(self, kind: FactKind) -> frozenset[str]:
        """The normalised values of that kind in the record or a heading."""
        return self._values[kind]

    def quantities(self, kind: FactKind) -> Quantities:
        """The numbers of that kind, to be asked without going through the facts again."""
        return self._quantities[kind]

    @cached_property
    def _values(self) -> defaultdict[FactKind, frozenset[str]]:
        return _Lazily(lambda kind: frozenset(fact.value for fact in self.given(kind)))

    @cached_property
    def _quantities(self) -> defaultdict[FactKind, Quantities]:
        return _Lazily(lambda kind: Quantities(self.given(kind)))

    def mentioned(self, concept: str) -> Sequence[Shown]:
        """The mentions of the concept, whoever speaks and however they stand; of very many the first and the last."""
        found = self._mentions.get(concept, ())
        return found if len(found) <= MOST_MENTIONS else (*found[: MOST_MENTIONS // 2], *found[-MOST_MENTIONS // 2 :])

    def shown(self, concept: str) -> Iterator[Shown]:
        """The mentions of the concept in the record of care."""
        return (shown for shown in self.mentioned(concept) if shown.sentence.voice == "record")

    @cached_property
    def days(self) -> frozenset[date]:
        """Every full date of the record, the headings and the header."""
        header = (day for day in self.case.dates.model_dump().values() if day is not None)
        told = (fact.on for fact in self.given("date") if fact.on is not None)
        documents = (record.date for record in self.case.records if record.date is not None)
        return frozenset((*header, *told, *documents))

    def alike(self, text: str) -> Alike | None:
        """The sentence of the record that shares most words with `text`; None where none shares two."""
        words = _words(text)
        if not words:
            return None
        votes: Counter[int] = Counter()
        for word in words:
            places = self._postings.get(word, ())
            if len(places) <= MOST_PLACES:
                votes.update(places)
        best = max(votes, key=lambda number: (votes[number] / len(words), -number), default=None)
        if best is None or votes[best] < 2:
            return None
        field, sentence = self._sentences[best]
        return Alike(field, sentence, votes[best] / len(words))

    @cached_property
    def _sentences(self) -> list[tuple[ReadField, Sentence]]:
        return [(field, sentence) for field in self._record for sentence in field.reading.sentences]

    @cached_property
    def _postings(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number, (_, sentence) in enumerate(self._sentences):
            for word in _words(sentence.text):
                found[word].append(number)
        return found


def _words(text: str) -> frozenset[str]:
    """The words that carry a sentence's meaning, cut to their stems of six letters."""
    return frozenset(word[:6] for word in _WORD.findall(text.lower()) if word not in _COMMON)
