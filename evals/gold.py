"""Gold for search: the sections that the dataset expects of an item, else the MTUS sections that its reviewer cited.

A guideline cited as a whole (no section) is met by any of its sections. An item whose reviewer cited nothing of the
MTUS has no gold; for it the right answer is "not addressed" or "falls with its main item".
"""

from __future__ import annotations

from drafter.domain.case import DisputedItem
from evals.dataset import EvalCase, EvalModel
from evals.metrics.folding import folded
from guideline_corpus.model import RetrievedPassage


class GoldSection(EvalModel):
    guideline: str
    edition: str
    section: str
    grade: int = 1

    def met_by(self, retrieved: RetrievedPassage) -> bool:
        passage = retrieved.passage
        same_guideline = (folded(passage.guideline), passage.edition) == (folded(self.guideline), self.edition)
        return same_guideline and (not self.section or folded(passage.section) == folded(self.section))


def gold_of(case: EvalCase, item: DisputedItem) -> tuple[GoldSection, ...]:
    """What a careful reader wrote down for the item; where nobody did, what the published reviewer cited."""
    expected = case.expected_of(item.number)
    if expected is None:
        return gold_sections(item)
    return tuple(GoldSection(**section.model_dump()) for section in expected.sections)


def gold_sections(item: DisputedItem) -> tuple[GoldSection, ...]:
    """The (guideline, edition, section) triples of the reviewer's MTUS citations, in the order printed."""
    return tuple(
        GoldSection(guideline=cited.guideline, edition=cited.edition, section=section)
        for cited in item.citations
        if cited.party == "reviewer" and cited.kind == "mtus" and cited.guideline and cited.edition
        for section in (cited.sections or ("",))
    )
