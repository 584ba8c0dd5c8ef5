"""What a section asks two things to show at once: examination and imaging, say.

`met_by` of such a criterion holds the first half, `along_with` the second. One half shown leaves the criterion open,
and one that is denied contradicts the other. A bare diagnosis is no showing of the second half (proved by
tests/unit/test_weighing.py).
"""

from __future__ import annotations

from typing import Literal

from drafter.domain.drafting.brief import ItemBrief
from drafter.domain.drafting.evidence import Evidence, Focus, find_evidence, with_polarity
from drafter.domain.model import DomainModel
from guideline_corpus.model import Criterion
from guideline_corpus.vocabulary import Vocabulary

Bearing = Literal[
    "met",
    "not_met",
    "denied",
    "refused",
    "excluded",
    "not_excluded",
    "both_ways",
    "uncertain",
    "only_planned",
    "silent",
    "elsewhere",
    "unsearched",
    "limit",
]
_Found = tuple[Evidence, ...]
_NAMED_ONLY = frozenset({"diagnosis", "treated"})


class SecondHalf(DomainModel):
    """What the record shows of the second half, and what it denies."""

    shown: _Found
    denied: _Found

    def joined(
        self, bearing: Bearing, affirming: _Found, opposing: _Found, soft: _Found
    ) -> tuple[Bearing, _Found, _Found, _Found]:
        """The bearing of both halves together, with what affirms, opposes and neither; the second is quoted first."""
        if bearing == "met" and self.denied:
            return "both_ways", affirming, self.denied, soft
        if bearing == "met":
            return ("met", self.shown + affirming, opposing, soft) if self.shown else _half(affirming, opposing)
        if self.shown and bearing in ("silent", "denied"):
            return _half(self.shown, opposing)
        if bearing == "silent" and self.denied:
            return "denied", affirming, self.denied, soft
        return bearing, affirming, opposing, soft


def _half(shown: _Found, opposing: _Found) -> tuple[Bearing, _Found, _Found, _Found]:
    return "uncertain", shown, opposing, shown


def second_half(brief: ItemBrief, criterion: Criterion, *, focus: Focus, vocabulary: Vocabulary) -> SecondHalf:
    """What the record holds of `along_with`; a denial counts where nothing, or the same finding, is shown."""
    found = find_evidence(brief, concepts=criterion.along_with, focus=focus, vocabulary=vocabulary)
    shown = tuple(e for e in with_polarity(found, "affirmed") if e.told not in _NAMED_ONLY)
    concepts = {evidence.concept for evidence in shown}
    denied = tuple(e for e in with_polarity(found, "negated") if not shown or e.concept in concepts)
    return SecondHalf(shown=shown, denied=denied)
