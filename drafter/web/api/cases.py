"""The queue for programs, and one case as it stands."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Response

from drafter.domain.review.queue_page import QueuePage
from drafter.domain.review.state import CaseState
from drafter.services.desk.opening import assign, take
from drafter.services.queue import AskedQueue, look
from drafter.web.api.shapes import AssignGiven, FindGiven
from drafter.web.refusal import Refusal
from drafter.web.visit import CurrentVisit

CaseId = Annotated[str, Path(description="The id of the case, as the queue names it.", max_length=64)]


def queue(visit: CurrentVisit, asked: Annotated[AskedQueue, Query()]) -> QueuePage:
    """A page of the queue."""
    return look(visit.parts.store, asked, person=visit.person, today=visit.parts.clock.today())


def find(visit: CurrentVisit, given: FindGiven) -> QueuePage:
    """A page of the cases whose number or treatments hold these words."""
    asked = AskedQueue(**given.model_dump(exclude={"text"}))
    return look(visit.parts.store, asked, person=visit.person, today=visit.parts.clock.today(), text=given.text)


def read(visit: CurrentVisit, case_id: CaseId) -> CaseState:
    """The case as it stands: record, drafts, text under review, findings, answers, approvals.

    Its reviewer says first whether she has a tie to a party.
    """
    state = visit.case
    if state.conflict_clear is None and visit.may_case("declare-conflict", state.assigned_to):
        raise Refusal(409, "Say first whether you have a tie to a party.", todo="Send it to /ties of this case.")
    return shown(state)


def shown(state: CaseState) -> CaseState:
    """The state as it may be shown: that a case is a drill is told at its end, and not before."""
    return state if state.drill_found is not None else state.model_copy(update={"drill": None})


def take_case(visit: CurrentVisit, case_id: CaseId) -> Response:
    """Take a case that nobody has."""
    take(visit.case.case_id, by=visit.person, store=visit.parts.store, request_id=visit.request_id)
    return Response(status_code=204)


def assign_case(visit: CurrentVisit, case_id: CaseId, given: AssignGiven) -> Response:
    """Give a case to a reviewer, or back to the queue."""
    to = visit.parts.accounts.named(given.account_id) if given.account_id is not None else None
    assign(
        visit.case.case_id, to=to, store=visit.parts.store, actor=visit.person.account_id, request_id=visit.request_id
    )
    return Response(status_code=204)
