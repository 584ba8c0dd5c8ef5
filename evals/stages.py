"""What a run does with one item, and the row it writes: the stages `retrieve`, `draft` and `check`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drafter.bootstrap import App
from drafter.domain.case import Case
from drafter.domain.draft import ItemDraft
from drafter.domain.query import item_query
from drafter.services.contract import draft_shape
from drafter.services.drafting import RETRIEVED, governing_date
from evals.dataset import EvalCase
from evals.gold import first_hit, gold_sections
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
            "scores": _retrieval_scores(first_hit(gold, found.results)) if gold else None,
        }


def draft_rows(app: App, case: EvalCase) -> Iterator[Row]:
    """One row an item: the draft as the contract prints it, and counts of what it holds."""
    for draft in app.draft(case.case):
        yield {
            "case_number": case.case_id,
            "item": draft.item,
            "addressed": draft.addressed,
            "draft": draft_shape(draft),
            "scores": _draft_scores(draft, case.case),
        }


def _retrieved(retrieved: RetrievedPassage) -> Row:
    passage = retrieved.passage
    return {
        "guideline": passage.guideline,
        "edition": passage.edition,
        "section": passage.section,
        "rank": retrieved.rank,
    }


def _retrieval_scores(rank: int | None) -> Row:
    return {
        "hit@1": float(rank == 1),
        "hit@5": float(rank is not None and rank <= 5),
        "reciprocal_rank": 1.0 / rank if rank else 0.0,
    }


def _draft_scores(draft: ItemDraft, case: Case) -> Row:
    severities = [finding.severity for finding in draft.findings]
    return {
        "statements": len(draft.statements),
        "grounded": sum(bool(s.citations or s.searched or s.kind == "conclusion") for s in draft.statements),
        "words": len(draft.rationale.split()),
        "blockers": severities.count("blocker"),
        "warnings": severities.count("warning"),
    }
