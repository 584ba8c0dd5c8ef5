"""Signing in and out, and the first start, when there is nobody yet who could."""

from __future__ import annotations

import hmac
import re
from contextlib import suppress
from typing import Annotated

from fastapi import Form, Query
from fastapi.responses import Response
from starlette.requests import Request

from drafter.domain.model import DomainModel
from drafter.domain.review.passwords import ALONE
from drafter.errors import AccountInvalid, ProviderUnreachable, SignInRefused, TooManyAttempts
from drafter.services.access.accounts import first_administrator
from drafter.web.navigation import home_of
from drafter.web.protection.cookies import Cookies
from drafter.web.visit import CurrentVisit, Visit

_LOCAL = re.compile(r"/[A-Za-z0-9/_-]*")
_OWN_PAGES = ("/sign-in", "/first-run")


class Credentials(DomainModel):
    csrf: str
    login: Annotated[str, Form(max_length=200)] = ""
    password: Annotated[str, Form(max_length=1000)] = ""
    code: Annotated[str, Form(max_length=40)] = ""
    then: str = ""


class FirstAdministrator(DomainModel):
    csrf: str
    code: Annotated[str, Form(max_length=40)] = ""
    login: Annotated[str, Form(max_length=200)] = ""
    password: Annotated[str, Form(max_length=1000)] = ""
    again: Annotated[str, Form(max_length=1000)] = ""


def start(visit: CurrentVisit) -> Response:
    """The address of the desk: on to what the person works with."""
    return visit.go(home_of(visit.person, paths=visit.pages.paths))


def ask(visit: CurrentVisit, then: Annotated[str, Query(max_length=200)] = "") -> Response:
    if visit.visitor is not None:
        return visit.go("/")
    if not visit.parts.accounts.all():
        return visit.go("/first-run")
    return sign_in_page(visit, then=local(then))


def sign_in(visit: CurrentVisit, request: Request, given: Annotated[Credentials, Form()]) -> Response:
    try:
        key = visit.parts.sign_in.sign_in(
            login=given.login.strip(), password=given.password, code=given.code, address=visit.address
        )
    except (SignInRefused, TooManyAttempts) as refused:
        status = 429 if isinstance(refused, TooManyAttempts) else 401
        return sign_in_page(visit, status=status, login=given.login, then=local(given.then), fault=str(refused))
    return opened(visit, request, key, local(given.then) or "/")


def sign_out(visit: CurrentVisit, request: Request) -> Response:
    if visit.visitor is not None:
        visit.parts.sign_in.sign_out(visit.visitor)
    response = signed_out(visit, request)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def first_run(visit: CurrentVisit) -> Response:
    if visit.parts.accounts.all():
        return visit.go("/sign-in")
    return visit.page("first_run.html", login="", fault=None, fewest=ALONE)


def make_first(visit: CurrentVisit, request: Request, given: Annotated[FirstAdministrator, Form()]) -> Response:
    """The first administrator, made by whoever knows the code that the program printed where it was started."""
    parts = visit.parts
    try:
        parts.sign_in.count_attempt(login="first-run", address=visit.address)
        if given.password != given.again:
            raise AccountInvalid("The two passwords differ; type them again.")
        right = parts.first_code is not None and hmac.compare_digest(
            given.code.strip().encode("utf-8", "surrogatepass"), parts.first_code.encode()
        )
        if not right and not parts.accounts.all():
            raise AccountInvalid("The code is another one; it stands in the terminal where the desk was started.")
        account = first_administrator(parts.accounts, login=given.login.strip(), password=given.password)
    except (AccountInvalid, TooManyAttempts) as refused:
        return visit.page("first_run.html", status=422, login=given.login, fault=str(refused), fewest=ALONE)
    key = parts.sign_in.sign_in(login=account.login, password=given.password, code="", address=visit.address)
    return opened(visit, request, key, "/accounts")


def signed_out(visit: Visit, request: Request) -> Response:
    """What follows a sign-out: the identity provider's own, where the person came by it, else the page to sign in."""
    cookies, sign_on, address = cookies_of(request), visit.parts.sign_on, None
    if sign_on is not None and visit.visitor is not None and visit.person.identity:
        with suppress(ProviderUnreachable):
            address = sign_on.way_out(visit.visitor, back=cookies.address(request, "/sign-in"))
    response = visit.go("/sign-in")
    if sign_on is not None and address is not None:
        # A page and not a redirect: browsers hold those of a form to `form-action`.
        response = visit.page("signed_out.html", address=address, name=sign_on.name)
    cookies.clear_session(response)
    return response


def sign_in_page(
    visit: Visit, *, status: int = 200, login: str = "", then: str = "", fault: str | None = None
) -> Response:
    return visit.page("sign_in.html", status=status, login=login, then=then, fault=fault)


def opened(visit: Visit, request: Request, key: str, path: str) -> Response:
    """On to `path` with the new session's cookie; what stood in for it before goes."""
    response, cookies = visit.go(path), cookies_of(request)
    cookies.set_session(response, key)
    cookies.clear_guest(response)
    return response


def cookies_of(request: Request) -> Cookies:
    cookies = request.app.state.cookies
    if not isinstance(cookies, Cookies):
        raise LookupError("the application has no cookies")
    return cookies


def local(path: str) -> str:
    """A path of this desk, or nothing: nobody is sent elsewhere after signing in."""
    return path if _LOCAL.fullmatch(path) and not path.startswith(("//", *_OWN_PAGES)) else ""
