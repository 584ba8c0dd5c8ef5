"""The letter as it would be signed, the signature, the export of what is signed, and the amendment."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from drafter.domain.model import DomainModel
from drafter.domain.review.letter import OUTCOME_WORDS
from drafter.errors import ApprovalRefused, NotAllowed, SignInRefused, TooManyAttempts
from drafter.services.access.sign_on import CONFIRMED_FOR
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


TICK_BOTH = "Tick both statements; a signature stands for them."


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
    return page(visit)


def sign(visit: CurrentVisit, signature: Annotated[Signature, Form()]) -> Response:
    """Re-authenticates, then signs the text whose fingerprint the page showed. One that she has signed already is not
    asked about again: the request may come twice, by her hand or the proxy's."""
    if _is_signed(visit, signature.seen):
        return _signed(visit)
    if not (signature.attest and signature.no_tie):
        return page(visit, fault=TICK_BOTH, ticked=signature)
    try:
        sign_text(
            visit,
            seen=signature.seen,
            password=signature.password,
            code=signature.code,
            request_id=f"approve {visit.case.case_id} {signature.seen[:16]} {len(visit.case.approvals)}",
        )
    except (ApprovalRefused, SignInRefused, TooManyAttempts) as refused:
        return page(visit, fault=str(refused), ticked=signature)
    if sign_on := visit.parts.sign_on:
        sign_on.use_confirmation(visit.signed_in)
    return _signed(visit)


def _is_signed(visit: Visit, seen: str) -> bool:
    """Whether this very text is the signed one, and she is who signed it."""
    if visit.case.status != "approved":
        return False
    last = visit.case.approvals[-1]
    return last.fingerprint == seen and last.by == visit.person.account_id


def _signed(visit: Visit) -> Response:
    ended = case_state(visit.parts.store, visit.case.case_id).drill is not None
    return visit.go(f"/cases/{visit.case.case_id}/{'drill' if ended else 'letter'}")


def sign_text(visit: Visit, *, seen: str, password: str, code: str, request_id: str) -> int:
    """Signs the text of the fingerprint `seen`, once who signs has shown who she is and the record is sound; the entry.

    Raises SignInRefused, TooManyAttempts and ApprovalRefused.
    """
    _show_who(visit, seen=seen, password=password, code=code)
    if visit.parts.auditing:
        visit.parts.auditing.refuse_unless_sound()
    return approving.approve(
        visit.case.case_id,
        today=visit.parts.clock.today(),
        seen=seen,
        store=visit.parts.store,
        workbench=visit.parts.workbench,
        by=visit.person,
        request_id=request_id,
    )


def _show_who(visit: Visit, *, seen: str, password: str, code: str) -> None:
    """Whether whoever signs is who signed in: by password, or just confirmed at the provider for this very text.

    Raises SignInRefused and TooManyAttempts.
    """
    if visit.person.identity is None:
        visit.parts.sign_in.confirm(visit.person, password=password, code=code, address=visit.address)
    elif not (visit.parts.sign_on and visit.parts.sign_on.confirmation(visit.signed_in, seen=seen)):
        raise SignInRefused("Confirm who you are at your identity provider once more, on this page, then sign.")


def drill(visit: CurrentVisit) -> Response:
    """What was planted, once the drill has ended; before that it is a case like others."""
    if visit.case.drill is None or visit.case.drill_found is None:
        raise not_found()
    return visit.page("drill.html", case=visit.case)


def export_letter(visit: CurrentVisit, kind: ExportKind) -> Response:
    visit.count("exports")
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


def page(visit: Visit, *, fault: str = "", ticked: Signature | None = None) -> Response:
    """The page of approval; what was ticked before the provider was asked is ticked still."""
    case_id, sign_on = visit.case.case_id, visit.parts.sign_on
    ready = approving.proof(case_id, store=visit.parts.store, workbench=visit.parts.workbench, by=visit.person)
    confirmed = None
    if sign_on and visit.person.identity and ready.fingerprint:
        confirmed = sign_on.confirmation(visit.signed_in, seen=ready.fingerprint)
    return visit.page(
        "approve.html",
        status=422 if fault else 200,
        case=case_state(visit.parts.store, case_id),
        ready=ready,
        changes=changes_to(ready.state, store=visit.parts.store),
        outcome=OUTCOME_WORDS,
        fault=fault,
        second_factor=visit.person.second_factor,
        ticked=ticked or Signature(seen="", attest=confirmed is not None, no_tie=confirmed is not None),
        provider=sign_on.name if sign_on and visit.person.identity else "",
        confirmed=confirmed,
        confirmed_for=int(CONFIRMED_FOR.total_seconds() // 60),
    )
