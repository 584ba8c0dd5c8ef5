"""What a run does with one item, and the row it writes: the stages `retrieve`, `draft` and `check`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drafter.bootstrap import App
from drafter.domain.query import item_query
from drafter.services.contract import draft_shape
from drafter.services.drafting import RETRIEVED, governing_date
from evals.dataset import EvalCase
from evals.gold import gold_of
from evals.metrics.scoring import score
from evals.metrics.spans import SectionSpans, span_of
from guideline_corpus.model import RetrievedPassage

Row = dict[str, Any]


def retrieve_rows(app: App, sections: SectionSpans, case: EvalCase) -> Iterator[Row]:
    """One row an item: what is expected, what search returned for it alone, and the scores."""
    stripped = case.case.without_reviewer_text()
    governing = governing_date(stripped, as_of=None)
    for item in case.case.items:
        query = item_query(stripped, item, vocabulary=app.vocabulary)
        found = app.retriever.search(query, as_of=governing, limit=RETRIEVED)
        gold = gold_of(case, item)
        expected = case.expected_of(item.number)
        row = {
            "case_number": case.case_id,
            "item": item.number,
            "addressed": found.addressed,
            "expected_addressed": expected.addressed if expected else None,
            "as_of": governing.isoformat() if governing else None,
            "depends_on": item.depends_on,
            "gold": [section.model_dump() for section in gold],
            "gold_spans": [list(span) for one in gold for span in sections.of(one.guideline, one.edition, one.section)],
            "retrieved": [_retrieved(r) for r in found.results],
        }
        yield row | {"scores": score(row, stage="retrieve", case=case)}


def draft_rows(app: App, case: EvalCase) -> Iterator[Row]:
    """One row an item: the draft as the contract prints it, and counts of what it holds."""
    for draft in app.draft(case.case):
        row = {
            "case_number": case.case_id,
            "item": draft.item,
            "addressed": draft.addressed,
            "draft": draft_shape(draft),
            "page_starts": {
                one.passage.passage_id: [start.model_dump() for start in one.passage.page_starts]
                for one in draft.retrieved
                if one.passage.page_starts
            },
        }
        yield row | {"scores": score(row, stage="draft", case=case)}


def _retrieved(retrieved: RetrievedPassage) -> Row:
    passage = retrieved.passage
    return {
        "guideline": passage.guideline,
        "edition": passage.edition,
        "section": passage.section,
        "rank": retrieved.rank,
        "in_force": passage.in_force.model_dump(mode="json", by_alias=True),
        "span": list(span_of(passage)),
    }
