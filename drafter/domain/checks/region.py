"""Of which part of the body, and of which side, a clause speaks.

A finding in the left hip says nothing about the right, and weakness of the hand nothing about the leg. The place of a
mention is what its own clause names; where the clause names none, that of the sentence, and for a rationale that of the
item. Limbs count with the parts they hold.
"""

from __future__ import annotations

from collections.abc import Iterable

from drafter.domain.checks.audit import Audit, AuditedItem
from drafter.domain.model import DomainModel
from drafter.domain.reading.clauses import clause_around
from drafter.domain.reading.model import Fact, Mention, Sentence
from drafter.domain.reading.regions import regions_fit, regions_of, sides_of
from guideline_corpus.vocabulary import Vocabulary


class Place(DomainModel):
    """Regions (chapters of the vocabulary) and sides; empty where nothing is said."""

    regions: frozenset[str] = frozenset()
    sides: frozenset[str] = frozenset()


def place_of(sentence: Sentence, mention: Mention, *, audit: Audit, item: AuditedItem | None = None) -> Place:
    """Where a mention is: by its clause, else by its sentence, else (for a rationale) by the item's heading."""
    start, end = clause_around(sentence, start=mention.start, end=mention.end, most_words=14)
    clause = [fact for fact in sentence.facts if start <= fact.start < end]
    place = _place(clause, audit.vocabulary)
    if not place.regions:
        place = _place(sentence.facts, audit.vocabulary)
    if not place.regions and item is not None:
        place = _place((fact for s in item.heading.sentences for fact in s.facts), audit.vocabulary)
    return place


def place_of_sentence(sentence: Sentence, *, audit: Audit, item: AuditedItem | None = None) -> Place:
    """Where a sentence as a whole is; a sentence of a rationale that names no place is where its item is."""
    place = _place(sentence.facts, audit.vocabulary)
    if place.regions or item is None:
        return place
    return _place((fact for s in item.heading.sentences for fact in s.facts), audit.vocabulary)


def places_fit(one: Place, other: Place) -> bool:
    """True unless both name regions, or both name sides, and share none."""
    sides = not one.sides or not other.sides or bool(one.sides & other.sides)
    return regions_fit(one.regions, other.regions) and sides


def _place(facts: Iterable[Fact], vocabulary: Vocabulary) -> Place:
    told = tuple(facts)
    return Place(regions=regions_of(told, vocabulary), sides=sides_of(told))
