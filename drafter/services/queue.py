"""The queue as a person sees it: views that answer "what is mine, what is free, what burns", and how many are in each.

Counting and paging are the store's; here stands only which question a view asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field

from drafter.domain.model import DomainModel
from drafter.domain.review.due import Pace
from drafter.domain.review.people import Account
from drafter.domain.review.queue_page import QueueFilter, QueueOrder, QueuePage
from drafter.domain.review.state import Status
from drafter.ports import RecordStore

View = Literal["mine", "free", "overdue", "blocked", "signed", "all"]
VIEWS: tuple[View, ...] = ("mine", "free", "overdue", "blocked", "signed", "all")
OPEN: tuple[Status, ...] = ("new", "drafted", "in-review", "amending")
PAGE_SIZE = 50


class AskedQueue(DomainModel):
    """What a person asks of the queue. `status` and `pace` narrow the view further."""

    view: View = "mine"
    status: Status | None = None
    pace: Pace | None = None
    order: QueueOrder = "due"
    descending: bool = False
    page: Annotated[int, Field(ge=1, le=10_000)] = 1


def look(
    store: RecordStore, asked: AskedQueue, *, person: Account, today: date, text: str = "", page_size: int = PAGE_SIZE
) -> QueuePage:
    """The page of the queue that `asked` describes; `text` is looked for in case numbers and treatments."""
    narrowed = _filter(asked.view, person=person, today=today)
    kept = (asked.status,) if asked.status else narrowed.statuses
    if asked.status and narrowed.statuses and asked.status not in narrowed.statuses:
        return QueuePage(rows=(), found=0, page=1, pages=1)
    return store.queue(
        narrowed.model_copy(
            update={
                "text": text,
                "statuses": kept,
                "paces": (asked.pace,) if asked.pace else (),
                "order": asked.order,
                "descending": asked.descending,
                "page": asked.page,
                "page_size": page_size,
            }
        )
    )


def counts(store: RecordStore, *, person: Account, today: date) -> Mapping[View, int]:
    """How many cases each view holds."""
    return {
        view: store.queue(_filter(view, person=person, today=today).model_copy(update={"page_size": 1})).found
        for view in VIEWS
    }


def own_burning(store: RecordStore, *, person: Account, today: date) -> tuple[int, int]:
    """How many of the person's own cases are overdue, and how many have an open blocker."""
    own = {"assigned_to": person.account_id, "page_size": 1}
    late, blocked = (
        store.queue(_filter(view, person=person, today=today).model_copy(update=own)).found
        for view in ("overdue", "blocked")
    )
    return late, blocked


def views_of(person: Account) -> tuple[View, ...]:
    """Who reviews no cases has none of her own."""
    return VIEWS if person.has("reviewer") else tuple(view for view in VIEWS if view != "mine")


def _filter(view: View, *, person: Account, today: date) -> QueueFilter:
    match view:
        case "mine":
            return QueueFilter(assigned_to=person.account_id, statuses=OPEN)
        case "free":
            return QueueFilter(unassigned=True, statuses=OPEN)
        case "overdue":
            return QueueFilter(due_by=today - timedelta(days=1), statuses=OPEN)
        case "blocked":
            return QueueFilter(with_open_blockers=True, statuses=OPEN)
        case "signed":
            return QueueFilter(statuses=("approved",))
        case "all":
            return QueueFilter()
