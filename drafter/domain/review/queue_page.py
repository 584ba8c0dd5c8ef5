"""What may be asked of the queue, and a page of its answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from drafter.domain.model import DomainModel
from drafter.domain.review.due import Pace
from drafter.domain.review.queue import QueueRow
from drafter.domain.review.state import Status

QueueOrder = Literal["due", "received", "updated", "case_number", "status", "open_blockers", "undecided"]


class QueueFilter(DomainModel):
    """Which cases, in which order, which page (from 1). What is left empty does not narrow.

    `text` is looked for in case number and treatments, each of its words, whatever the case of letters. A case due on
    `due_by` is found. Cases that compare equal stand in the order in which they are due, then by case id.
    """

    text: str = ""
    statuses: tuple[Status, ...] = ()
    paces: tuple[Pace, ...] = ()
    assigned_to: str | None = None
    unassigned: bool = False
    due_by: date | None = None
    with_open_blockers: bool = False
    order: QueueOrder = "due"
    descending: bool = False
    page: Annotated[int, Field(ge=1)] = 1
    page_size: Annotated[int, Field(ge=1, le=500)] = 50


class QueuePage(DomainModel):
    """`found` counts every case that the filter lets through, `rows` are those of this page."""

    rows: tuple[QueueRow, ...]
    found: int
    page: int
    pages: int


def searched_text(row: QueueRow) -> str:
    """What `QueueFilter.text` is looked for in."""
    return f"{row.case_number}\n{row.treatments}".casefold()


def searched_words(text: str) -> tuple[str, ...]:
    return tuple(text.casefold().split())
