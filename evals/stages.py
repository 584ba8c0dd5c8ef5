"""What a run does with one item, and the row it writes: the stages `retrieve`, `draft` and `check`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drafter.bootstrap import App
from drafter.domain.query import item_query
from drafter.services.contract import draft_shape
from drafter.services.drafting import RETRIEVED, governing_date
from evals.dataset import EvalCase
from evals.gold import first_hit, gold_sections
from evals.metrics import draft_scores, retrieval_scores
from guideline_corpus.model import RetrievedPassage

Row = dict[str, Any]


def retrieve_rows(app: App, case: EvalCase) -> Iterator[Row]:
    """One row an item: the gold, what search returned for it alone, and the scores (None without gold)."""
    stripped = case.case.without_reviewer_text()
    for item in case.case.items:
        query = item_query(stripped, item, vocabulary=app.vocabulary)
        found = app.retriever.search(query, as_of=governing_date(stripped, as_of=None), limit=RETRIEVED)
        gold = gold_sections(item)
        yield {
            "case_number": case.case_id,
            "item": item.number,
            "addressed": found.addressed,
            "depends_on": item.depends_on,
            "gold": [section.model_dump() for section in gold],
            "retrieved": [_retrieved(r) for r in found.results],
            "scores": retrieval_scores(first_hit(gold, found.results)) if gold else None,
        }


def draft_rows(app: App, case: EvalCase) -> Iterator[Row]:
    """One row an item: the draft as the contract prints it, and counts of what it holds."""
    for draft in app.draft(case.case):
        shape = draft_shape(draft)
        yield {
            "case_number": case.case_id,
            "item": draft.item,
            "addressed": draft.addressed,
            "draft": shape,
            "scores": draft_scores(shape),
        }


def _retrieved(retrieved: RetrievedPassage) -> Row:
    passage = retrieved.passage
    return {
        "guideline": passage.guideline,
        "edition": passage.edition,
        "section": passage.section,
        "rank": retrieved.rank,
    }
