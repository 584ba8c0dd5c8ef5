"""Accounts, as an administrator sees them. A temporary password is shown once, on the page that made it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from drafter.domain.model import DomainModel
from drafter.domain.review.people import ROLES, ReviewerProfile, Role
from drafter.errors import AccountInvalid, LoginTaken
from drafter.web.visit import CurrentVisit, Visit

Line = Annotated[str, Form(max_length=200)]
Roles = Annotated[tuple[Role, ...], Form()]


class NewAccount(DomainModel):
    csrf: str
    login: Line = ""
    roles: Roles = ()


class ChosenRoles(DomainModel):
    csrf: str
    roles: Roles = ()


class TypedProfile(DomainModel):
    csrf: str
    specialty: Line = ""
    licensure: Line = ""
    name: Line = ""
    licence_number: Line = ""


def show(visit: CurrentVisit) -> Response:
    return _list(visit)


def add(visit: CurrentVisit, given: Annotated[NewAccount, Form()]) -> Response:
    try:
        account, password = visit.parts.accounts.add(
            login=given.login.strip(), roles=given.roles, actor=visit.person.account_id
        )
    except (AccountInvalid, LoginTaken) as refused:
        return _list(visit, fault=str(refused), login=given.login, roles=given.roles)
    return _one(visit, account.account_id, password=password)


def show_one(visit: CurrentVisit, account_id: str) -> Response:
    return _one(visit, account_id)


def change_roles(visit: CurrentVisit, account_id: str, given: Annotated[ChosenRoles, Form()]) -> Response:
    accounts = visit.parts.accounts
    try:
        accounts.change_roles(accounts.named(account_id), given.roles, actor=visit.person.account_id)
    except AccountInvalid as refused:
        return _one(visit, account_id, fault=str(refused))
    return visit.go(f"/accounts/{account_id}")


def set_profile(visit: CurrentVisit, account_id: str, given: Annotated[TypedProfile, Form()]) -> Response:
    accounts = visit.parts.accounts
    profile = ReviewerProfile(**{key: text.strip() for key, text in given.model_dump(exclude={"csrf"}).items()})
    try:
        accounts.set_profile(accounts.named(account_id), profile, actor=visit.person.account_id)
    except AccountInvalid as refused:
        return _one(visit, account_id, fault=str(refused))
    return visit.go(f"/accounts/{account_id}")


def reset(visit: CurrentVisit, account_id: str) -> Response:
    accounts = visit.parts.accounts
    try:
        password = accounts.reset(accounts.named(account_id), actor=visit.person.account_id)
    except AccountInvalid as refused:
        return _one(visit, account_id, fault=str(refused))
    return _one(visit, account_id, password=password)


def deactivate(visit: CurrentVisit, account_id: str) -> Response:
    accounts = visit.parts.accounts
    try:
        accounts.deactivate(accounts.named(account_id), actor=visit.person.account_id)
    except AccountInvalid as refused:
        return _one(visit, account_id, fault=str(refused))
    return visit.go(f"/accounts/{account_id}")


def activate(visit: CurrentVisit, account_id: str) -> Response:
    accounts = visit.parts.accounts
    accounts.activate(accounts.named(account_id), actor=visit.person.account_id)
    return visit.go(f"/accounts/{account_id}")


def _list(visit: Visit, *, fault: str | None = None, login: str = "", roles: tuple[Role, ...] = ()) -> Response:
    return visit.page(
        "accounts.html",
        status=422 if fault else 200,
        accounts=visit.parts.accounts.all(),
        all_roles=ROLES,
        fault=fault,
        login=login,
        roles=roles,
    )


def _one(visit: Visit, account_id: str, *, fault: str | None = None, password: str | None = None) -> Response:
    return visit.page(
        "accounts_one.html",
        status=422 if fault else 200,
        account=visit.parts.accounts.named(account_id),
        all_roles=ROLES,
        fault=fault,
        password=password,
    )
