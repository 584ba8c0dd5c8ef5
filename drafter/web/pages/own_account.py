"""A person's own account: password, second factor, and what her profile prints."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import Response
from markupsafe import Markup
from starlette.requests import Request

from drafter.domain.model import DomainModel
from drafter.domain.review.passwords import ALONE, BESIDE_SECOND_FACTOR
from drafter.errors import AccountInvalid, SignInRefused, TooManyAttempts
from drafter.web.pages.signing_in import opened, signed_out
from drafter.web.visit import CurrentVisit, Visit

Secret = Annotated[str, Form(max_length=1000)]


class NewPassword(DomainModel):
    csrf: str
    old: Secret = ""
    new: Secret = ""
    again: Secret = ""


class NewFactor(DomainModel):
    csrf: str
    code: Annotated[str, Form(max_length=40)] = ""


class Confirmed(DomainModel):
    csrf: str
    password: Secret = ""


def show(visit: CurrentVisit) -> Response:
    return visit.page("account.html", fault=None)


def show_password(visit: CurrentVisit) -> Response:
    if visit.person.identity:
        return visit.go("/account")
    return _password_page(visit, fault=None)


def choose_password(visit: CurrentVisit, request: Request, given: Annotated[NewPassword, Form()]) -> Response:
    """A new password ends every session of the account; the one it was chosen in goes on under a new key."""
    account, parts = visit.person, visit.parts
    try:
        parts.sign_in.count_attempt(login=account.login, address=visit.address)
        if given.new != given.again:
            raise AccountInvalid("The two new passwords differ; type them again.")
        parts.accounts.choose_password(account, old=given.old, new=given.new)
    except (AccountInvalid, TooManyAttempts) as refused:
        return _password_page(visit, fault=str(refused))
    return opened(visit, request, parts.sign_in.renewed(account), "/")


def show_second_factor(visit: CurrentVisit) -> Response:
    if visit.person.identity:
        return visit.go("/account")
    return _factor_page(visit, fault=None)


def turn_on(visit: CurrentVisit, given: Annotated[NewFactor, Form()]) -> Response:
    account, parts = visit.person, visit.parts
    secret = visit.signed_in.data.new_secret
    right = secret and parts.second_factor.accepts(
        secret, given.code, at=parts.clock.now(), owner=account.account_id, purpose="set-up"
    )
    if not right:
        return _factor_page(visit, fault="The code is another one. Wait for the next one and type that.")
    parts.accounts.turn_on_second_factor(account, secret)
    parts.sign_in.remember(visit.signed_in, visit.signed_in.data.model_copy(update={"new_secret": ""}))
    return visit.go("/account")


def turn_off(visit: CurrentVisit, given: Annotated[Confirmed, Form()]) -> Response:
    try:
        visit.parts.sign_in.count_attempt(login=visit.person.login, address=visit.address)
        visit.parts.accounts.turn_off_second_factor(visit.person, password=given.password)
    except (AccountInvalid, SignInRefused, TooManyAttempts) as refused:
        return _factor_page(visit, fault=str(refused))
    return visit.go("/account")


def sign_out_everywhere(visit: CurrentVisit, request: Request) -> Response:
    visit.parts.sign_in.sign_out(visit.signed_in, everywhere=True)
    return signed_out(visit, request)


def _password_page(visit: Visit, *, fault: str | None) -> Response:
    fewest = BESIDE_SECOND_FACTOR if visit.person.second_factor else ALONE
    return visit.page("account_password.html", status=422 if fault else 200, fault=fault, fewest=fewest)


def _factor_page(visit: Visit, *, fault: str | None) -> Response:
    """The secret that is shown stays the same until it was confirmed, so that a mistyped code costs nothing."""
    picture, secret = Markup(), ""
    if not visit.person.second_factor:
        secret = visit.signed_in.data.new_secret or visit.parts.second_factor.new_secret()
        data = visit.signed_in.data.model_copy(update={"new_secret": secret})
        visit.parts.sign_in.remember(visit.signed_in, data)
        # Made by segno of our own address; nothing in it was typed.
        picture = Markup(visit.parts.second_factor.picture(secret, login=visit.person.login))
    grouped = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return visit.page(
        "account_second_factor.html", status=422 if fault else 200, fault=fault, picture=picture, secret=grouped
    )
