"""Gold for search: the MTUS sections that the reviewer cited for an item.

A guideline cited as a whole (no section) is met by any of its sections. An item whose reviewer cited nothing of the
MTUS has no gold; for it the right answer is "not addressed" or "falls with its main item".
"""

from __future__ import annotations

from collections.abc import Sequence

from drafter.domain.case import DisputedItem
from evals.dataset import EvalModel
from evals.metrics import folded
from guideline_corpus.model import RetrievedPassage


class GoldSection(EvalModel):
    guideline: str
    edition: str
    section: str

    def met_by(self, retrieved: RetrievedPassage) -> bool:
        passage = retrieved.passage
        same_guideline = (folded(passage.guideline), passage.edition) == (folded(self.guideline), self.edition)
        return same_guideline and (not self.section or folded(passage.section) == folded(self.section))


def gold_sections(item: DisputedItem) -> tuple[GoldSection, ...]:
    """The (guideline, edition, section) triples of the reviewer's MTUS citations, in the order printed."""
    return tuple(
        GoldSection(guideline=cited.guideline, edition=cited.edition, section=section)
        for cited in item.citations
        if cited.party == "reviewer" and cited.kind == "mtus" and cited.guideline and cited.edition
        for section in (cited.sections or ("",))
    )


def first_hit(gold: Sequence[GoldSection], retrieved: Sequence[RetrievedPassage]) -> int | None:
    """The rank of the first retrieved passage that meets any gold section, or `None`."""
    return next((r.rank for r in retrieved if any(section.met_by(r) for section in gold)), None)
