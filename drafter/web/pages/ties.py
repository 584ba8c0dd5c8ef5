"""Before a case opens, its reviewer says whether she has a tie to a party."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Form
from fastapi.responses import Response

from drafter.domain.model import DomainModel
from drafter.services.desk.opening import declare_conflict
from drafter.web.visit import CurrentVisit


class Declared(DomainModel):
    csrf: str = ""
    clear: Literal["yes", "no"]
    words: Annotated[str, Form(max_length=1000)] = ""


def show(visit: CurrentVisit) -> Response:
    return visit.page("ties.html", case=visit.case, today=visit.parts.clock.today())


def declare(visit: CurrentVisit, declared: Annotated[Declared, Form()]) -> Response:
    case_id = visit.case.case_id
    declare_conflict(
        case_id,
        clear=declared.clear == "yes",
        words=declared.words.strip(),
        store=visit.parts.store,
        by=visit.person,
        request_id=visit.request_id,
    )
    return visit.go(f"/cases/{case_id}") if declared.clear == "yes" else visit.go("/cases")
