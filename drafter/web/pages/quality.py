"""QA's view: the sample to read a second time, what readers agree on, figures about the work, drills.

A second reader gives her own outcomes first; the signed letter is shown after that.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Form, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from drafter.domain.case import Determination
from drafter.domain.model import DomainModel
from drafter.domain.review.checklist import POINTS
from drafter.domain.review.events import SecondReading
from drafter.domain.review.letter import OUTCOME_WORDS
from drafter.errors import EvaluationRefused, NotAllowed
from drafter.services.desk.drills import drill_tally, lay_drill
from drafter.services.desk.effort import effort
from drafter.services.desk.exporting import signed_letter
from drafter.services.desk.second_reading import (
    agreement,
    finish,
    give_outcomes,
    make_evaluation_case,
    outcome_of,
    pairs,
    sample,
    tally,
)
from drafter.web.refusal import not_found
from drafter.web.visit import CurrentVisit, Visit

Answer = Literal["yes", "no", "does-not-apply"]
ANSWERS: dict[str, Answer] = {"yes": "yes", "no": "no", "does-not-apply": "does-not-apply"}


class Share(DomainModel):
    """The sampled share, in percent."""

    share: Annotated[int, Query(ge=0, le=100)] = 10


class Plain(DomainModel):
    csrf: str = ""


class Planted(DomainModel):
    csrf: str = ""
    sentence: Annotated[str, Form(pattern=r"^\d{1,4}-\d{1,4}$")] = "1-0"
    planted: Annotated[str, Form(max_length=4000)] = ""
    to: str = ""


def show(visit: CurrentVisit, asked: Annotated[Share, Query()]) -> Response:
    store = visit.parts.store
    return visit.page(
        "quality.html",
        share=asked.share,
        cases=sample(store, share=asked.share / 100),
        agreement=agreement(pairs(store)),
        points=tally(store),
        effort=effort(store),
        drills=drill_tally(store),
        today=visit.parts.clock.today(),
    )


def show_case(visit: CurrentVisit) -> Response:
    return _page(visit)


async def give(visit: CurrentVisit, request: Request) -> Response:
    """The second reader's own outcomes, one for each item."""
    form = await request.form()
    chosen: dict[int, Determination] = {}
    for item in visit.case.items:
        told = form.get(f"item-{item.number}")
        if told in ("upheld", "overturned"):
            chosen[item.number] = "upheld" if told == "upheld" else "overturned"
    return await run_in_threadpool(_done, visit, lambda: give_outcomes(visit.case.case_id, chosen, **_by(visit)))


async def answer(visit: CurrentVisit, request: Request) -> Response:
    """The checklist."""
    form = await request.form()
    answers: dict[int, Answer] = {}
    for number, _ in POINTS:
        told = form.get(f"point-{number}")
        if isinstance(told, str) and told in ANSWERS:
            answers[number] = ANSWERS[told]
    remarks = form.get("remarks")
    reading = SecondReading(
        approval=visit.case.approvals[-1].seq if visit.case.approvals else 0,
        answers=answers,
        remarks=remarks[:4000] if isinstance(remarks, str) else "",
    )
    return await run_in_threadpool(_done, visit, lambda: finish(visit.case.case_id, reading, **_by(visit)))


def drill(visit: CurrentVisit, planted: Annotated[Planted, Form()]) -> Response:
    """A drill made of this letter, for another reviewer."""
    to = visit.parts.accounts.named(planted.to)
    item, _, place = planted.sentence.partition("-")
    return _done(
        visit,
        lambda: lay_drill(
            visit.case.case_id,
            item=int(item),
            place=int(place),
            planted=planted.planted,
            to=to,
            workbench=visit.parts.workbench,
            clock=visit.parts.clock,
            **_by(visit),
        ),
    )


def evaluation_case(visit: CurrentVisit, plain: Annotated[Plain, Form()]) -> Response:
    """The signed case into the set of signed cases, in one click."""
    cases = visit.parts.evaluation
    if cases is None:
        raise not_found("This desk keeps no evaluation cases.")
    return _done(visit, lambda: make_evaluation_case(visit.case.case_id, cases=cases, **_by(visit)))


def _by(visit: Visit) -> dict[str, Any]:
    return {"store": visit.parts.store, "by": visit.person, "request_id": visit.request_id}


def _done(visit: Visit, act: Any) -> Response:
    try:
        act()
    except (NotAllowed, EvaluationRefused) as refused:
        return _page(visit, fault=str(refused))
    return visit.go(f"/quality/cases/{visit.case.case_id}")


def _page(visit: Visit, *, fault: str = "") -> Response:
    state, store = visit.case, visit.parts.store
    given = outcome_of(state.case_id, store=store)
    signed = signed_letter(state.case_id, store=store) if given and state.approvals else None
    readings = [h.event for h in store.history(case_id=state.case_id, actions=("second-reading",))]
    return visit.page(
        "quality_case.html",
        status=422 if fault else 200,
        case=state,
        given=given,
        letter=signed.letter if signed else None,
        reading=readings[-1] if readings else None,
        evaluated=any(True for _ in store.entries(case_id=state.case_id, actions=("made-evaluation-case",))),
        points=POINTS,
        outcome=OUTCOME_WORDS,
        reviewers=[a for a in visit.parts.accounts.all() if a.has("reviewer") and a.account_id != state.assigned_to],
        fault=fault,
    )
