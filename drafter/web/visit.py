"""One request, with everything the door found out about it. Pages take it and nothing else of the web framework."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from drafter.domain.review.access import Action, allowed, ownership
from drafter.domain.review.people import Account
from drafter.domain.review.quotas import Counted
from drafter.domain.review.state import CaseState
from drafter.services.access.sign_in import Visitor
from drafter.web.route import Route

if TYPE_CHECKING:
    from drafter.desk_bootstrap import DeskParts
    from drafter.web.rendering import Pages

SEE_OTHER = 303


@dataclass(frozen=True, kw_only=True)
class Visit:
    """`csrf` goes into every form, `nonce` into every script tag; `address` is where the request came from."""

    request_id: str
    nonce: str
    csrf: str
    path: str
    address: str
    is_fragment: bool
    route: Route
    parts: DeskParts
    pages: Pages
    visitor: Visitor | None = None
    case_found: CaseState | None = None

    @property
    def signed_in(self) -> Visitor:
        """Who is signed in, and by which session; the door has seen to it on every route that is not public."""
        if self.visitor is None:
            raise LookupError("a public route has no person")
        return self.visitor

    @property
    def person(self) -> Account:
        return self.signed_in.account

    @property
    def case(self) -> CaseState:
        """The case of a route that is about one."""
        if self.case_found is None:
            raise LookupError("the route is about no case")
        return self.case_found

    def may(self, action: Action) -> bool:
        """Whether to show the way to something that is about no case."""
        return allowed(self.person, action, "none")

    def may_case(self, action: Action, assigned_to: str | None) -> bool:
        """Whether to show the way to something about a case that is assigned so."""
        return allowed(self.person, action, ownership(self.person, assigned_to=assigned_to))

    def count(self, what: Counted, *, cost: int = 1) -> None:
        """Counts what the person is about to do against her quota of the day. Raises QuotaReached."""
        self.parts.quotas.count(self.person, what, cost=cost)

    def page(self, template: str, /, *, status: int = 200, **shown: object) -> HTMLResponse:
        """The page of `template` with these values."""
        return HTMLResponse(self.pages.render(template, visit=self, **shown), status_code=status)

    def go(self, path: str, /, **query: str | int) -> Response:
        """On to another page after something was done, so that reloading does not do it again.

        Asked for by htmx, the browser is told to go there itself.
        """
        target = f"{path}?{urlencode(query)}" if query else path
        if self.is_fragment:
            return Response(status_code=204, headers={"HX-Redirect": target})
        return RedirectResponse(target, status_code=SEE_OTHER)

    def of_case(self, case: CaseState | None) -> Visit:
        return replace(self, case_found=case)


def visit_of(request: Request) -> Visit:
    """What the door put there."""
    visit = request.state.visit
    if not isinstance(visit, Visit):
        raise LookupError("the request did not come through the door")
    return visit


async def _visit_of(request: Request) -> Visit:
    """The same without a thread of its own, which a page would have to wait for."""
    return visit_of(request)


CurrentVisit = Annotated[Visit, Depends(_visit_of)]
