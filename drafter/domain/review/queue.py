"""A case as one row of the queue, computed from its state and kept beside it by the record store."""

from __future__ import annotations

from datetime import date, datetime

from drafter.domain.model import DomainModel
from drafter.domain.review.due import Pace
from drafter.domain.review.state import CaseState, Status


class QueueRow(DomainModel):
    case_id: str
    case_number: str
    status: Status
    pace: Pace
    received: date
    due: date
    assigned_to: str | None
    treatments: str
    items: int
    undecided: int
    open_blockers: int
    open_warnings: int
    head: int
    updated: datetime


def queue_row(state: CaseState) -> QueueRow:
    """`treatments` is what the queue's search looks in, beside the case number."""
    waiting = [finding for item in state.items for finding in item.open_findings]
    return QueueRow(
        case_id=state.case_id,
        case_number=state.case.case_number or "",
        status=state.status,
        pace=state.pace,
        received=state.received,
        due=state.due,
        assigned_to=state.assigned_to,
        treatments="; ".join(item.treatment for item in state.case.items),
        items=len(state.items),
        undecided=sum(item.determination is None for item in state.items),
        open_blockers=sum(finding.severity == "blocker" for finding in waiting),
        open_warnings=sum(finding.severity == "warning" for finding in waiting),
        head=state.head,
        updated=state.updated,
    )
