"""Signing in and out for programs. The answer sets the cookie of the session and names its token."""

from __future__ import annotations

from fastapi import Response
from starlette.requests import Request

from drafter.domain.review.people import Account
from drafter.web.api.shapes import SignedInShown, SignInGiven
from drafter.web.pages.signing_in import cookies_of
from drafter.web.protection.cookies import csrf_token
from drafter.web.visit import CurrentVisit


def sign_in(visit: CurrentVisit, given: SignInGiven, request: Request, response: Response) -> SignedInShown:
    """Open a session with login, password and, where one is set up, a one-time code."""
    login = given.login.strip()
    key = visit.parts.sign_in.sign_in(login=login, password=given.password, code=given.code, address=visit.address)
    cookies_of(request).set_session(response, key)
    return _shown(visit.parts.accounts.named(login), csrf=csrf_token(key))


def who(visit: CurrentVisit) -> SignedInShown:
    """Who is signed in, and the token of the session."""
    return _shown(visit.person, csrf=visit.csrf)


def sign_out(visit: CurrentVisit, request: Request) -> Response:
    """End the session."""
    visit.parts.sign_in.sign_out(visit.signed_in)
    response = Response(status_code=204)
    cookies_of(request).clear_session(response)
    return response


def _shown(account: Account, *, csrf: str) -> SignedInShown:
    return SignedInShown(
        account_id=account.account_id,
        login=account.login,
        roles=account.roles,
        must_choose_password=account.must_choose_password,
        csrf=csrf,
    )
