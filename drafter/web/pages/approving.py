"""The letter as it would be signed, the signature, the export of what is signed, and the amendment."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from drafter.domain.model import DomainModel
from drafter.domain.review.letter import OUTCOME_WORDS
from drafter.errors import ApprovalRefused, NotAllowed, SignInRefused, TooManyAttempts
from drafter.services.desk import approving
from drafter.services.desk.changes import changes_to
from drafter.services.desk.exporting import ExportKind, export, signed_letter
from drafter.services.desk.journal import case_state
from drafter.web.refusal import not_allowed, not_found
from drafter.web.visit import CurrentVisit, Visit


class Signature(DomainModel):
    csrf: str = ""
    seen: str
    attest: bool = False
    no_tie: bool = False
    password: str = ""
    code: str = ""


class Reason(DomainModel):
    csrf: str = ""
    reason: Annotated[str, Form(max_length=2000)] = ""


def letter(visit: CurrentVisit) -> Response:
    """The text as a letter: the signed one where there is one, else as it stands."""
    if visit.case.status == "approved":
        signed = signed_letter(visit.case.case_id, store=visit.parts.store)
        return visit.page("letter.html", case=visit.case, letter=signed.letter, signed=signed, outcome=OUTCOME_WORDS)
    ready = approving.proof(
        visit.case.case_id, store=visit.parts.store, workbench=visit.parts.workbench, by=visit.person
    )
    return visit.page("letter.html", case=visit.case, letter=ready.letter, signed=None, outcome=OUTCOME_WORDS)


def show(visit: CurrentVisit) -> Response:
    return _page(visit)


def sign(visit: CurrentVisit, signature: Annotated[Signature, Form()]) -> Response:
    """Re-authenticates, then signs the text whose fingerprint the page showed."""
    if not (signature.attest and signature.no_tie):
        return _page(visit, fault="Tick both statements; a signature stands for them.")
    try:
        visit.parts.sign_in.confirm(
            visit.person, password=signature.password, code=signature.code, address=visit.address
        )
        if visit.parts.auditing:
            visit.parts.auditing.refuse_unless_sound()
        approving.approve(
            visit.case.case_id,
            today=visit.parts.clock.today(),
            seen=signature.seen,
            store=visit.parts.store,
            workbench=visit.parts.workbench,
            by=visit.person,
            request_id=f"approve {visit.case.case_id} {signature.seen[:16]} {len(visit.case.approvals)}",
        )
    except (ApprovalRefused, SignInRefused, TooManyAttempts) as refused:
        return _page(visit, fault=str(refused))
    ended = case_state(visit.parts.store, visit.case.case_id).drill is not None
    return visit.go(f"/cases/{visit.case.case_id}/{'drill' if ended else 'letter'}")


def drill(visit: CurrentVisit) -> Response:
    """What was planted, once the drill has ended; before that it is a case like others."""
    if visit.case.drill is None or visit.case.drill_found is None:
        raise not_found()
    return visit.page("drill.html", case=visit.case)


def export_letter(visit: CurrentVisit, kind: ExportKind) -> Response:
    try:
        file = export(
            visit.case.case_id,
            kind,
            printers=visit.parts.printers,
            store=visit.parts.store,
            by=visit.person,
            request_id=visit.request_id,
        )
    except NotAllowed as refused:
        raise not_allowed(str(refused), todo="Approve the case first.") from None
    named = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.data, media_type=file.media_type, headers=named)


def show_amendment(visit: CurrentVisit) -> Response:
    return visit.page("amend.html", case=visit.case, fault="")


def amend(visit: CurrentVisit, given: Annotated[Reason, Form()]) -> Response:
    try:
        approving.amend(
            visit.case.case_id,
            reason=given.reason,
            store=visit.parts.store,
            by=visit.person,
            request_id=visit.request_id,
        )
    except NotAllowed as refused:
        return visit.page("amend.html", status=422, case=visit.case, fault=str(refused))
    return visit.go(f"/cases/{visit.case.case_id}/items/{visit.case.items[0].number}")


def _page(visit: Visit, *, fault: str = "") -> Response:
    case_id = visit.case.case_id
    ready = approving.proof(case_id, store=visit.parts.store, workbench=visit.parts.workbench, by=visit.person)
    return visit.page(
        "approve.html",
        status=422 if fault else 200,
        case=case_state(visit.parts.store, case_id),
        ready=ready,
        changes=changes_to(ready.state, store=visit.parts.store),
        outcome=OUTCOME_WORDS,
        fault=fault,
        second_factor=visit.person.second_factor,
    )
