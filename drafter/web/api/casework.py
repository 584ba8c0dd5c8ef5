"""A reviewer's work on one case for programs: the same services, the same refusals as the pages.

Every request that changes something may carry `Idempotency-Key`: sent again after a lost answer it changes nothing
twice. A save over a text that has moved on answers 409 with all three texts.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Path, Response

from drafter.domain.model import DomainModel
from drafter.domain.review.quotas import Counted
from drafter.domain.review.state import CaseState
from drafter.errors import CaseMoved
from drafter.services.desk import answering, approving
from drafter.services.desk.deciding import decide, draft_items
from drafter.services.desk.editing import Compare, save_item
from drafter.services.desk.exporting import ExportKind, export
from drafter.services.desk.journal import known_request
from drafter.services.desk.opening import declare_conflict
from drafter.web.api.cases import CaseId, shown
from drafter.web.api.shapes import (
    ApprovalGiven,
    ApprovedShown,
    DecisionGiven,
    LetterShown,
    ReasonGiven,
    TextGiven,
    TiesGiven,
)
from drafter.web.pages.approving import sign_text
from drafter.web.visit import CurrentVisit, Visit

Number = Annotated[int, Path(description="The number of the disputed item.", ge=1, le=10_000)]
Key = Annotated[str, Path(description="The key of the finding.", pattern=r"^[0-9a-f]{12}$")]
Once = Annotated[str | None, Header(alias="Idempotency-Key", max_length=100, pattern=r"^[A-Za-z0-9._-]+$")]


def declare(visit: CurrentVisit, case_id: CaseId, given: TiesGiven, once: Once = None) -> CaseState:
    """Say whether there is a tie to a party; the record is shown after that."""
    declare_conflict(
        visit.case.case_id,
        clear=given.clear,
        words=given.words,
        store=visit.parts.store,
        by=visit.person,
        request_id=_request(visit, once),
    )
    return _state(visit)


def draft(visit: CurrentVisit, case_id: CaseId, number: Number, once: Once = None) -> CaseState:
    """Draft an item anew for the outcomes chosen so far."""
    _count(visit, "drafts", once)
    draft_items(
        visit.case.case_id,
        items=(number,),
        store=visit.parts.store,
        workbench=visit.parts.workbench,
        by=visit.person,
        request_id=_request(visit, once),
    )
    return _state(visit)


def save(visit: CurrentVisit, case_id: CaseId, number: Number, given: TextGiven, once: Once = None) -> Response:
    """Save the item's sentences as a new revision; 409 with three texts where the item has moved on."""
    outcome = save_item(
        visit.case.case_id,
        number,
        given.sentences,
        parent=given.parent,
        store=visit.parts.store,
        workbench=visit.parts.workbench,
        by=visit.person,
        request_id=_request(visit, once),
    )
    if isinstance(outcome, Compare):
        told = outcome.model_copy(update={"state": shown(outcome.state)})
        return _json(told, status=409)
    return _json(shown(outcome.state))


def determine(
    visit: CurrentVisit, case_id: CaseId, number: Number, given: DecisionGiven, once: Once = None
) -> CaseState:
    """Set the outcome of an item, or take it back with null. It is the reviewer's act; nothing sets it for her."""
    decide(
        visit.case.case_id,
        number,
        given.determination,
        store=visit.parts.store,
        workbench=visit.parts.workbench,
        by=visit.person,
        request_id=_request(visit, once),
    )
    return _state(visit)


def waive(
    visit: CurrentVisit, case_id: CaseId, number: Number, key: Key, given: ReasonGiven, once: Once = None
) -> CaseState:
    """Waive a warning with a reason."""
    return _answered(answering.waive, visit, number, key, given, once)


def contest(
    visit: CurrentVisit, case_id: CaseId, number: Number, key: Key, given: ReasonGiven, once: Once = None
) -> CaseState:
    """Contest a blocker in writing."""
    return _answered(answering.contest, visit, number, key, given, once)


def countersign(
    visit: CurrentVisit, case_id: CaseId, number: Number, key: Key, given: ReasonGiven, once: Once = None
) -> CaseState:
    """Countersign a contest, as QA."""
    return _answered(answering.countersign, visit, number, key, given, once)


def letter(visit: CurrentVisit, case_id: CaseId) -> LetterShown:
    """The letter as it would be signed, its fingerprint, and what is still in the way."""
    ready = approving.proof(
        visit.case.case_id, store=visit.parts.store, workbench=visit.parts.workbench, by=visit.person
    )
    return LetterShown(letter=ready.letter, fingerprint=ready.fingerprint, obstacles=ready.obstacles)


def approve(visit: CurrentVisit, case_id: CaseId, given: ApprovalGiven, once: Once = None) -> ApprovedShown:
    """Sign the letter whose fingerprint is given, with the password (and code) once more.

    Who signs in at an identity provider signs at the desk's page."""
    request_id = _request(visit, once)
    if made := known_request(visit.parts.store, visit.case.case_id, request_id, by=visit.person.account_id):
        return ApprovedShown(entry=made.seq)
    entry = sign_text(visit, seen=given.fingerprint, password=given.password, code=given.code, request_id=request_id)
    return ApprovedShown(entry=entry)


def exported(visit: CurrentVisit, case_id: CaseId, kind: ExportKind, once: Once = None) -> Response:
    """The signed letter as a file."""
    _count(visit, "exports", once)
    file = export(
        visit.case.case_id,
        kind,
        printers=visit.parts.printers,
        store=visit.parts.store,
        by=visit.person,
        request_id=_request(visit, once),
    )
    return Response(file.data, media_type=file.media_type)


def _answered(
    said: answering.Said, visit: Visit, number: int, key: str, given: ReasonGiven, once: str | None
) -> CaseState:
    state = said(
        visit.case.case_id,
        number,
        key,
        reason=given.reason,
        store=visit.parts.store,
        by=visit.person,
        request_id=_request(visit, once),
    )
    return shown(state)


def _state(visit: Visit) -> CaseState:
    state = visit.parts.store.state(visit.case.case_id)
    if state is None:
        raise CaseMoved("The case was removed meanwhile.", case_id=visit.case.case_id, head=0)
    return shown(state)


def _json(told: DomainModel, *, status: int = 200) -> Response:
    return Response(told.model_dump_json(), status_code=status, media_type="application/json")


def _count(visit: Visit, what: Counted, once: str | None) -> None:
    """Against the person's quota, unless her request was done before under its key. Raises QuotaReached."""
    done = once and known_request(
        visit.parts.store, visit.case.case_id, _request(visit, once), by=visit.person.account_id
    )
    if not done:
        visit.count(what)


def _request(visit: Visit, once: str | None) -> str:
    """The id under which the act is recorded: the program's own, kept apart by person and route, else a new one."""
    return f"{visit.person.account_id} {visit.route.name} {once}" if once else visit.request_id
