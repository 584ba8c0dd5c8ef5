"""To the organisation's identity provider and back: to sign in, or to show once more who one is before a signature.

What comes back stands in the address that the provider sends the browser to, once: it is answered by sending the
browser on to a page without it, and no page, link or log of the desk repeats it.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Query
from fastapi.responses import Response
from starlette.requests import Request

from drafter.domain.review.sign_on import Returned
from drafter.errors import ProviderUnreachable, SignOnRefused
from drafter.services.access.sign_on import SignOn
from drafter.web.pages import approving
from drafter.web.pages.signing_in import cookies_of, local, opened, sign_in_page
from drafter.web.refusal import not_found
from drafter.web.visit import SEE_OTHER, CurrentVisit, Visit

ANSWER = "/sign-in/provider/answer"
_LONGEST = 8000
Told = Annotated[str, Query(max_length=_LONGEST)]


def go(visit: CurrentVisit, request: Request, then: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Off to the provider."""
    sign_on = _configured(visit)
    if visit.visitor is not None:
        return visit.go(local(then) or "/")
    if not visit.parts.accounts.all():
        return visit.go("/first-run")
    try:
        flow, address = sign_on.begin(purpose="sign-in", then=local(then), back=_back_to(request))
    except ProviderUnreachable:
        return sign_in_page(visit, status=503, then=local(then), fault=_unreachable(sign_on))
    response = Response(status_code=SEE_OTHER, headers={"Location": address})
    cookies_of(request).set_flow(response, flow)
    return response


def answer(
    visit: CurrentVisit, request: Request, state: Told = "", code: Told = "", iss: Told = "", error: Told = ""
) -> Response:
    """Back from the provider."""
    sign_on, cookies = _configured(visit), cookies_of(request)
    flow = cookies.flow(request)
    confirms = flow is not None and flow.purpose == "confirm" and visit.visitor is not None
    try:
        gone = sign_on.finish(
            flow,
            Returned(state=state, code=code, issuer=iss, error=error),
            back=_back_to(request),
            address=visit.address,
            visitor=visit.visitor,
        )
    except (SignOnRefused, ProviderUnreachable) as refused:
        down = isinstance(refused, ProviderUnreachable)
        said = _unreachable(sign_on) if down else str(refused)
        if confirms:
            response: Response = visit.page("sign_on_refused.html", status=503 if down else 401, fault=said, flow=flow)
        else:
            response = sign_in_page(visit, status=503 if down else 401, then="", fault=said)
    else:
        response = opened(visit, request, gone.key, gone.then or "/") if gone.key else visit.go(gone.then or "/")
    cookies.clear_flow(response)
    return response


def confirm(visit: CurrentVisit, request: Request, signature: Annotated[approving.Signature, Form()]) -> Response:
    """From the page of approval to the provider, to come back and sign; what was ticked is ticked again then."""
    sign_on = _configured(visit)
    if not (signature.attest and signature.no_tie):
        return approving.page(visit, fault=approving.TICK_BOTH, ticked=signature)
    path = f"/cases/{visit.case.case_id}/approve"
    try:
        flow, address = sign_on.ask_to_confirm(visit.signed_in, seen=signature.seen, then=path, back=_back_to(request))
    except ProviderUnreachable as error:
        return approving.page(visit, fault=f"{error} Nothing was signed; try again in a while.", ticked=signature)
    response = visit.page("sign_on_going.html", address=address, name=sign_on.name, back=path)
    cookies_of(request).set_flow(response, flow)
    return response


def _back_to(request: Request) -> str:
    return cookies_of(request).address(request, ANSWER)


def _configured(visit: Visit) -> SignOn:
    if visit.parts.sign_on is None:
        raise not_found("No identity provider is configured here.")
    return visit.parts.sign_on


def _unreachable(sign_on: SignOn) -> str:
    return (
        f"{sign_on.name} cannot be reached just now; try again in a while. Accounts with a password can still sign in."
    )
