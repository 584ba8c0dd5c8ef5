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
from guideline_corpus.vocabulary import Vocabulary

# Where a nerve root leaves the spine and where its finding shows: signs in a limb bear on the spine above it.
_SERVES = {
    "low-back": frozenset({"hip", "knee", "ankle-foot"}),
    "neck": frozenset({"shoulder", "elbow", "forearm-wrist-hand"}),
}
_LEVELS = {"C": "neck", "T": "neck", "L": "low-back", "S": "low-back"}


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
    regions = (
        not one.regions
        or not other.regions
        or bool(_reach(one.regions) & other.regions)
        or bool(_reach(other.regions) & one.regions)
    )
    sides = not one.sides or not other.sides or bool(one.sides & other.sides)
    return regions and sides


def regions_of(facts: Iterable[Fact], vocabulary: Vocabulary) -> frozenset[str]:
    """The regions that the facts name; a limb stands for the regions it holds."""
    found: set[str] = set()
    for fact in facts:
        if fact.kind == "body_part" and (part := vocabulary.body_parts.get(fact.value)):
            found.update(part.spans or (part.chapter if part.chapter != "other" else part.id,))
        elif fact.kind == "spinal_level":
            found.add(_LEVELS.get(fact.value[:1], "low-back"))
    return frozenset(found)


def _place(facts: Iterable[Fact], vocabulary: Vocabulary) -> Place:
    told = tuple(facts)
    sides = {fact.value for fact in told if fact.kind == "side"}
    return Place(
        regions=regions_of(told, vocabulary),
        sides=frozenset() if "bilateral" in sides else frozenset(sides & {"left", "right"}),
    )


def _reach(regions: frozenset[str]) -> frozenset[str]:
    return regions.union(*(_SERVES.get(region, frozenset()) for region in regions))
