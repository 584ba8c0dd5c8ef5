"""Answers to findings: a warning waived, a blocker contested in writing, a contest countersigned."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from drafter.domain.model import DomainModel
from drafter.errors import NotAllowed
from drafter.services.desk import answering
from drafter.web.pages.casework import work
from drafter.web.visit import CurrentVisit


class Given(DomainModel):
    csrf: str = ""
    reason: Annotated[str, Form(max_length=2000)] = ""


def waive(visit: CurrentVisit, number: int, key: str, given: Annotated[Given, Form()]) -> Response:
    return _answered(answering.waive, visit, number, key, given)


def contest(visit: CurrentVisit, number: int, key: str, given: Annotated[Given, Form()]) -> Response:
    return _answered(answering.contest, visit, number, key, given)


def countersign(visit: CurrentVisit, number: int, key: str, given: Annotated[Given, Form()]) -> Response:
    return _answered(answering.countersign, visit, number, key, given)


def _answered(said: answering.Said, visit: CurrentVisit, number: int, key: str, given: Given) -> Response:
    """The page with the answer on it; where it is refused, the page says why."""
    try:
        state = said(
            visit.case.case_id,
            number,
            key,
            reason=given.reason,
            store=visit.parts.store,
            by=visit.person,
            request_id=visit.request_id,
        )
    except NotAllowed as refused:
        return work(visit, visit.case, number, fault=str(refused), status=200 if visit.is_fragment else 422)
    if visit.is_fragment:
        return work(visit, state, number)
    return visit.go(f"/cases/{state.case_id}/items/{number}")
