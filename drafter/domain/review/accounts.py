"""What the events of accounts add up to; `advance_account` is to accounts what `state.advance` is to cases."""

from __future__ import annotations

from drafter.domain.review.events import (
    AccountAdded,
    AccountChanged,
    Event,
    IdentityLinked,
    PasswordSet,
    SecondFactorSet,
)
from drafter.domain.review.people import Account
from drafter.domain.review.secrets import Secret, seal_of

AccountEvent = AccountAdded | AccountChanged | PasswordSet | SecondFactorSet | IdentityLinked
ACCOUNT_ACTIONS = ("account-added", "account-changed", "password-set", "second-factor-set", "identity-linked")


def account_of(event: Event) -> str | None:
    """The account that the event changes, None where it changes none."""
    return event.account_id if isinstance(event, AccountEvent) else None


def secret_in(event: Event) -> Secret | None:
    """The secret that an entry from before seals holds, None in any other."""
    match event:
        case PasswordSet() if event.password_hash:
            return Secret(account_id=event.account_id, kind="password", salt="", value=event.password_hash)
        case SecondFactorSet() if event.totp_secret:
            return Secret(account_id=event.account_id, kind="second-factor", salt="", value=event.totp_secret)
        case _:
            return None


def advance_account(account: Account | None, event: Event) -> Account:
    """The account after `event`. Raises ValueError where an account's first event does not add it."""
    if account is None:
        if not isinstance(event, AccountAdded):
            raise ValueError("the first event of an account adds it")
        return Account(account_id=event.account_id, login=event.login, roles=event.roles, identity=event.identity)
    match event:
        case AccountChanged():
            given = {"roles": event.roles, "active": event.active, "profile": event.profile}
            return account.model_copy(update={key: value for key, value in given.items() if value is not None})
        case PasswordSet():
            return account.model_copy(update={"password_seal": event.seal or seal_of(event.password_hash)})
        case SecondFactorSet():
            old = seal_of(event.totp_secret) if event.totp_secret is not None else None
            return account.model_copy(update={"totp_seal": event.seal or old})
        case IdentityLinked():
            return account.model_copy(update={"identity": event.identity, "password_seal": "", "totp_seal": None})
        case _:
            return account
