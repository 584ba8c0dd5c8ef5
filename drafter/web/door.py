"""The one door of the desk: every route is behind it, and nothing runs before it has let a request in.

In this order: the body's size, the origin, who is signed in, the token of the form, whether a role of the person may do
this at all, whose case it is, whether she may do it to a case that is hers, somebody else's or nobody's. What the
table of access does not allow is refused and put on record; tests/integration/test_routes.py tries every route by every
role.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafter.desk_bootstrap import DeskParts
from drafter.domain.review.access import Ownership, allowed, ownership
from drafter.domain.review.audit import new_entry
from drafter.domain.review.events import AccessRefused
from drafter.domain.review.people import Account
from drafter.domain.review.state import CaseState
from drafter.services.access.sign_in import Visitor
from drafter.services.desk.journal import known_request
from drafter.web.protection.body import within
from drafter.web.protection.cookies import Cookies, csrf_token, is_token, new_guest_key
from drafter.web.protection.origin import comes_from_here
from drafter.web.refusal import Refusal, not_allowed, not_found
from drafter.web.rendering import Pages
from drafter.web.route import MEGABYTE, PUBLIC, TEXT_BODY, Route
from drafter.web.visit import SEE_OTHER, Visit

FIRST_RUN, SIGN_IN, CHOOSE_PASSWORD = "/first-run", "/sign-in", "/account/password"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_MOST_FIELDS = 2000
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _Elsewhere(Exception):
    """The request is answered by sending the browser to another page first."""

    def __init__(self, path: str) -> None:
        self.path = path


@dataclass(frozen=True, kw_only=True)
class Door:
    parts: DeskParts
    pages: Pages
    cookies: Cookies

    def route_class(self, row: Route) -> type[APIRoute]:
        """The class of a route that lets a request in by `row`, and otherwise not."""
        door = self

        class Guarded(APIRoute):
            guarded_by = row

            def get_route_handler(self) -> Handler:
                inner = super().get_route_handler()

                async def handle(request: Request) -> Response:
                    return await door.through(row, request, inner)

                return handle

        return Guarded

    async def through(self, row: Route, request: Request, inner: Handler) -> Response:
        request.state.route, request.state.template = row.name, row.path
        request = within(request, limit=self._limit(row))
        guest_key = self.cookies.guest_key(request) or new_guest_key()
        try:
            visitor, key = await self._who(row, request)
            csrf_key = key or guest_key
            request.state.visit = visit = self._visit(row, request, visitor, csrf_key)
            await self._refuse_foreign(row, request, visitor, csrf_key)
            if row.does != PUBLIC:
                case = await run_in_threadpool(self._admit, row, request, visitor)
                request.state.visit = visit.of_case(case)
            response = await inner(request)
        except _Elsewhere as elsewhere:
            return _sent_to(elsewhere.path, is_fragment=_is_fragment(request))
        if visitor is None and self.cookies.guest_key(request) is None and row.does == PUBLIC and not row.background:
            self.cookies.set_guest(response, guest_key)
        return response

    async def _who(self, row: Route, request: Request) -> tuple[Visitor | None, str | None]:
        """Who is signed in and by which key; both None where nobody is. The record is asked only where a key is shown:
        whoever looks whether the desk lives waits for no database."""
        key = self.cookies.session_key(request)
        if not key:
            return None, None
        visitor = await run_in_threadpool(self.parts.sign_in.visitor, key, keeps_alive=not row.background)
        if visitor is not None:
            request.state.account = visitor.account.account_id
        return visitor, key if visitor else None

    def _limit(self, row: Route) -> int:
        return self.parts.settings.batch_mb * MEGABYTE if row.takes_files else row.largest_body

    def _visit(self, row: Route, request: Request, visitor: Visitor | None, csrf_key: str) -> Visit:
        return Visit(
            request_id=request.state.request_id,
            nonce=request.state.nonce,
            csrf=csrf_token(csrf_key),
            path=request.url.path,
            address=request.client.host if request.client else "",
            is_fragment=_is_fragment(request),
            route=row,
            parts=self.parts,
            pages=self.pages,
            visitor=visitor,
        )

    async def _refuse_foreign(self, row: Route, request: Request, visitor: Visitor | None, key: str) -> None:
        """A request that changes something comes from a page of this desk, made for this session."""
        if row.is_safe:
            return
        if not comes_from_here(request.headers, secure=self.cookies.secure):
            await run_in_threadpool(self._record, row, visitor, why="origin")
            raise Refusal(403, "The request did not come from a page of this desk.", todo="Open the desk anew.")
        if row.does == PUBLIC and row.is_api:
            return
        if visitor is None and row.does != PUBLIC:
            raise _not_signed_in(request)
        if not is_token(await self._token(row, request), key):
            await run_in_threadpool(self._record, row, visitor, why="token")
            raise Refusal(
                403, "The page you sent this from is no longer current.", todo="Reload the page and send it again."
            )

    async def _token(self, row: Route, request: Request) -> str:
        """From the header that scripts and programs send, else from the form."""
        told = request.headers.get("x-csrf-token")
        if request.headers.get("content-type", "").startswith(_FORMS):
            form = await request.form(
                max_files=self.parts.settings.batch_files if row.takes_files else 0,
                max_fields=_MOST_FIELDS,
                max_part_size=TEXT_BODY if row.takes_files else row.largest_body,
            )
            field = form.get("csrf")
            told = field if told is None and isinstance(field, str) else told
        return told or ""

    def _admit(self, row: Route, request: Request, visitor: Visitor | None) -> CaseState | None:
        """The case that a route, which is not public, is about, once the person may do what she asks."""
        if visitor is None:
            if row.is_api or not row.is_safe or row.background:
                raise _not_signed_in(request)
            raise _Elsewhere(self._way_in(request))
        if visitor.account.must_choose_password and not row.before_password:
            if row.is_api:
                raise not_allowed("Choose a password of your own first.", todo="Sign in at the desk's pages.")
            raise _Elsewhere(CHOOSE_PASSWORD)
        if row.case:
            return self._case(row, request, visitor.account)
        if row.does == PUBLIC or not allowed(visitor.account, row.does, "none"):
            self._record_of(row, visitor.account, why="role")
            raise not_allowed("None of your roles may do this.")
        return None

    def _way_in(self, request: Request) -> str:
        if not self.parts.accounts.all():
            return FIRST_RUN
        return SIGN_IN if request.url.path == "/" else f"{SIGN_IN}?then={quote(request.url.path)}"

    def _case(self, row: Route, request: Request, account: Account) -> CaseState:
        if not _anywhere(row, account):
            self._record_of(row, account, why="role")
            raise not_allowed("None of your roles may do this to a case.")
        case = self.parts.store.state(request.path_params[row.case])
        if case is None:
            raise not_found("There is no such case, or its text was removed under a retention rule.")
        request.state.case = case.case_id
        where = ownership(account, assigned_to=case.assigned_to)
        if row.does == PUBLIC or not (allowed(account, row.does, where) or self._was_let_in(request, case, account)):
            self._record_of(row, account, why="ownership", case_id=case.case_id)
            raise _not_hers(where)
        return case

    def _was_let_in(self, request: Request, case: CaseState, account: Account) -> bool:
        """Whether this very request has done its work already, at a process that died over the answer: what it did may
        have taken the case out of her hands. It does nothing twice."""
        done = known_request(self.parts.store, case.case_id, request.state.request_id, by=account.account_id)
        return done is not None

    def _record(self, row: Route, visitor: Visitor | None, *, why: Any) -> None:
        """Refusals are on record where somebody is signed in; others could fill the disk."""
        if visitor is not None:
            self._record_of(row, visitor.account, why=why)

    def _record_of(self, row: Route, account: Account, *, why: Any, case_id: str | None = None) -> None:
        event = AccessRefused(route=row.name, why=why)
        self.parts.store.append(new_entry(event, actor=account.account_id, request_id=uuid4().hex, case_id=case_id))


def _anywhere(row: Route, account: Account) -> bool:
    places: tuple[Ownership, ...] = ("own", "others", "free")
    return row.does != PUBLIC and any(allowed(account, row.does, where) for where in places)


def _not_hers(where: Ownership) -> Refusal:
    match where:
        case "own":
            return not_allowed("The case is assigned to you, and this is for somebody else to do.")
        case "free":
            return not_allowed("Nobody has taken this case yet.", todo="Take it from the queue first.")
        case _:
            return not_allowed("The case is assigned to another reviewer.", todo="Choose one of your own cases.")


def _not_signed_in(request: Request) -> Refusal:
    """Leads back to the case and item that a form belonged to, where text that was typed is kept."""
    case, item = request.path_params.get("case_id", ""), request.path_params.get("number", "")
    back = f"/cases/{case}/items/{item}" if case and item else f"/cases/{case}" if case else "/"
    return Refusal(401, "Nobody is signed in, or the session has ended.", todo="Sign in and send it again.", back=back)


def _is_fragment(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


def _sent_to(path: str, *, is_fragment: bool) -> Response:
    if is_fragment:
        return Response(status_code=204, headers={"HX-Redirect": path})
    return RedirectResponse(path, status_code=SEE_OTHER)
