"""Which regions of the body words name, and whether what is told of one bears on another.

A region is a complaint chapter of the vocabulary's body parts. A limb stands for the regions it holds, and a sign in a
limb bears on the spine above it, because that is where its nerve root leaves.
"""

from __future__ import annotations

from collections.abc import Iterable

from drafter.domain.reading.model import Fact
from guideline_corpus.vocabulary import Vocabulary

# Where a nerve root leaves the spine and where its finding shows.
_SERVES = {
    "low-back": frozenset({"hip", "knee", "ankle-foot"}),
    "neck": frozenset({"shoulder", "elbow", "forearm-wrist-hand"}),
}
_LEVELS = {"C": "neck", "T": "neck", "L": "low-back", "S": "low-back"}


def regions_of(facts: Iterable[Fact], vocabulary: Vocabulary) -> frozenset[str]:
    """The regions that the facts name, spinal levels included."""
    found: set[str] = set()
    for fact in facts:
        if fact.kind == "body_part" and (part := vocabulary.body_parts.get(fact.value)):
            found.update(part.spans or (part.chapter if part.chapter != "other" else part.id,))
        elif fact.kind == "spinal_level":
            found.add(_LEVELS.get(fact.value[:1], "low-back"))
    return frozenset(found)


def sides_of(facts: Iterable[Fact]) -> frozenset[str]:
    """Left or right; empty where neither is named, and where both are."""
    named = {fact.value for fact in facts if fact.kind == "side"}
    return frozenset() if "bilateral" in named else frozenset(named & {"left", "right"})


def regions_fit(one: frozenset[str], other: frozenset[str]) -> bool:
    """True unless both name regions and neither bears on the other."""
    return not one or not other or bool(_reach(one) & other) or bool(_reach(other) & one)


def _reach(regions: frozenset[str]) -> frozenset[str]:
    return regions.union(*(_SERVES.get(region, frozenset()) for region in regions))
