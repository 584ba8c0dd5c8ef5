"""A case comes in: read already, dated, and known again by the hash of its file."""

from __future__ import annotations

import hashlib
from datetime import date

from drafter.domain.case import Case
from drafter.domain.model import DomainModel
from drafter.domain.review.due import due_date, pace_of
from drafter.domain.review.events import CaseAssigned, CaseOpened, ConflictDeclared
from drafter.domain.review.people import Account
from drafter.errors import NotAllowed, NothingToRead
from drafter.ports import Clock, RecordStore
from drafter.services.desk.journal import case_state, known_request, record


class Opened(DomainModel):
    """`known` is True where the same file was there already; nothing was added then."""

    case_id: str
    known: bool


def open_case(
    case: Case,
    *,
    data: bytes,
    source_name: str,
    store: RecordStore,
    clock: Clock,
    actor: str,
    formulary_dispute: bool = False,
    received: date | None = None,
) -> Opened:
    """The case in the record, without what a published letter says of its outcome.

    Raises NothingToRead where the case names no treatment in dispute.
    """
    if not case.items:
        raise NothingToRead(f"{source_name} names no treatment in dispute; add one to the case file, or as text.")
    digest = hashlib.sha256(data).hexdigest()
    case_id = digest[:16]
    if store.state(case_id) is not None:
        return Opened(case_id=case_id, known=True)
    day = received or clock.today()
    pace = pace_of(case.priority, formulary_dispute=formulary_dispute)
    event = CaseOpened(
        case=case.without_reviewer_text(),
        source_name=source_name,
        source_sha256=digest,
        received=day,
        pace=pace,
        due=due_date(day, pace=pace),
    )
    record(store, event, actor=actor, case_id=case_id, request_id=f"open {case_id}", head=0)
    return Opened(case_id=case_id, known=False)


def assign(
    case_id: str, *, to: Account | None, store: RecordStore, actor: str, request_id: str, head: int | None = None
) -> None:
    """Gives the case to a reviewer, or to nobody. Raises NotAllowed where the account reviews no cases."""
    if to is not None and not (to.active and to.has("reviewer")):
        raise NotAllowed(f"{to.login} is no active reviewer; choose one who is.")
    event = CaseAssigned(account_id=to.account_id if to else None)
    record(store, event, actor=actor, case_id=case_id, request_id=request_id, head=head)


def take(case_id: str, *, by: Account, store: RecordStore, request_id: str) -> None:
    """A reviewer takes a case that nobody has. Raises NotAllowed where somebody was quicker, CaseMoved likewise."""
    if known_request(store, case_id, request_id, by=by.account_id):
        return
    state = case_state(store, case_id)
    if state.assigned_to is not None:
        raise NotAllowed("Another reviewer has taken the case; choose another from the queue.")
    assign(case_id, to=by, store=store, actor=by.account_id, request_id=request_id, head=state.head)


def declare_conflict(
    case_id: str, *, clear: bool, words: str, store: RecordStore, by: Account, request_id: str
) -> None:
    """The reviewer's word on ties to a party; where there is one, the case goes back to the queue."""
    record(
        store,
        ConflictDeclared(clear=clear, words=words),
        actor=by.account_id,
        case_id=case_id,
        request_id=request_id,
    )
    if not clear:
        assign(case_id, to=None, store=store, actor=by.account_id, request_id=f"{request_id} back")
