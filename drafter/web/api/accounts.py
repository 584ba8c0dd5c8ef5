"""Accounts for programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from drafter.web.api.shapes import (
    AccountChangeGiven,
    AccountShown,
    AccountsShown,
    NewAccountGiven,
    TemporaryShown,
    account_shown,
)
from drafter.web.visit import CurrentVisit

AccountId = Annotated[str, Path(description="The id of an account.", max_length=64)]


def all_accounts(visit: CurrentVisit) -> AccountsShown:
    """Every account, by login."""
    return AccountsShown(accounts=tuple(account_shown(one) for one in visit.parts.accounts.all()))


def add(visit: CurrentVisit, given: NewAccountGiven) -> TemporaryShown:
    """Add an account; the answer holds its temporary password, once."""
    account, password = visit.parts.accounts.add(
        login=given.login.strip(), roles=given.roles, actor=visit.person.account_id
    )
    return TemporaryShown(account=account_shown(account), password=password)


def change(visit: CurrentVisit, account_id: AccountId, given: AccountChangeGiven) -> AccountShown:
    """Change roles, deactivate, or let in again; ends the sessions of the account."""
    accounts, actor = visit.parts.accounts, visit.person.account_id
    account = accounts.named(account_id)
    if given.roles is not None:
        accounts.change_roles(account, given.roles, actor=actor)
    if given.active is True:
        accounts.activate(account, actor=actor)
    if given.active is False:
        accounts.deactivate(account, actor=actor)
    return account_shown(accounts.named(account_id))


def reset(visit: CurrentVisit, account_id: AccountId) -> TemporaryShown:
    """Set a temporary password and take the second factor away."""
    accounts = visit.parts.accounts
    password = accounts.reset(accounts.named(account_id), actor=visit.person.account_id)
    return TemporaryShown(account=account_shown(accounts.named(account_id)), password=password)
