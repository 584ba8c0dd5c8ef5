"""What is only looked at: a case that was opened goes on record, decided items are shown and never cited."""

from __future__ import annotations

from datetime import date
from typing import Literal

from drafter.domain.model import DomainModel
from drafter.domain.review.events import Viewed
from drafter.domain.review.people import Account
from drafter.domain.review.state import CaseState
from drafter.ports import DecidedSearch, RecordStore
from drafter.services.desk.journal import item_state, record
from drafter.services.desk.workbench import Workbench
from drafter.services.similar import similar_items
from guideline_corpus.decided.model import DecidedItem
from guideline_corpus.errors import CorpusError

SIMILAR = 4


class SimilarView(DomainModel):
    """A decided item as it is shown: `outcome` as the letter printed it, `citations` in one line."""

    case_number: str
    treatment: str
    outcome: str
    decided: date
    citations: str


class Similar(DomainModel):
    """The nearest decided items; where they cannot be searched none, and a `fault` that says why and what to do."""

    items: tuple[SimilarView, ...] = ()
    fault: str = ""


def looked(
    case_id: str, *, what: Literal["case", "history", "export"], store: RecordStore, by: Account, request_id: str
) -> None:
    record(store, Viewed(what=what), actor=by.account_id, case_id=case_id, request_id=request_id)


def similar_to(state: CaseState, number: int, *, search: DecidedSearch | None, workbench: Workbench) -> Similar | None:
    """The nearest decided items, once the item has an outcome; None before, and where none are loaded."""
    if search is None or item_state(state, number).determination is None:
        return None
    found = similar_items(state.case, search=search, vocabulary=workbench.vocabulary, items=(number,), limit=SIMILAR)
    try:
        return Similar(items=tuple(_view(one.decided_item) for _, result in found for one in result.results))
    except CorpusError as fault:
        return Similar(fault=str(fault))


def _view(item: DecidedItem) -> SimilarView:
    cited = (" ".join(part for part in (c.guideline, c.edition) if part) for c in item.citations)
    return SimilarView(
        case_number=item.case_number,
        treatment=item.treatment,
        outcome=item.outcome.capitalize(),
        decided=item.decided,
        citations="; ".join(part for part in cited if part),
    )
