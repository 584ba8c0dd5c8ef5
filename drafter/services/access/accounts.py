"""Accounts: who may come in and as what. Each change is an event with its author; what was, stays on record.

An administrator never learns a password: she sets a temporary one, which opens only the page where its owner chooses
another. Deactivating, resetting or taking a role away ends the person's sessions at once. The last active administrator
stays one, for nobody could bring her back (tests/unit/test_accounts.py). Whoever signs in at the organisation's
identity provider has no password here, and the roles of her groups there (`sign_on.py`).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from uuid import uuid4

from drafter.adapters.passwords import Passwords
from drafter.domain.review.audit import new_entry
from drafter.domain.review.events import (
    AccountAdded,
    AccountChanged,
    Event,
    IdentityLinked,
    PasswordSet,
    SecondFactorSet,
)
from drafter.domain.review.passwords import login_fault, password_fault
from drafter.domain.review.people import ROLES, SYSTEM, Account, Identity, ReviewerProfile, Role
from drafter.domain.review.secrets import Secret
from drafter.errors import AccountInvalid, LoginTaken, UnknownAccount
from drafter.ports import RecordStore

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without what is mistaken for something else
_GROUPS, _GROUP = 5, 4


class Accounts:
    def __init__(self, *, store: RecordStore, passwords: Passwords) -> None:
        self._store, self._passwords = store, passwords

    def all(self) -> tuple[Account, ...]:
        return self._store.accounts()

    def named(self, login_or_id: str) -> Account:
        """Raises UnknownAccount."""
        account = self._store.account(account_id=login_or_id) or self._store.account(login=login_or_id)
        if account is None:
            raise UnknownAccount("No account has this login; see the list of accounts.")
        return account

    def add(self, *, login: str, roles: Sequence[Role], actor: str, password: str | None = None) -> tuple[Account, str]:
        """A new account, and the password to hand over: `password` where its owner chose it, else a temporary one.

        Raises AccountInvalid and LoginTaken.
        """
        fault = login_fault(login) or _roles_fault(roles)
        if fault is None and password is not None:
            fault = password_fault(password, login=login, second_factor=False)
        if fault:
            raise AccountInvalid(fault)
        if self._store.account(login=login):
            raise LoginTaken(f"There is an account {login} already; choose another login.")
        account_id = uuid4().hex
        given = password or temporary_password()
        added = AccountAdded(account_id=account_id, login=login, roles=_ordered(roles))
        kept = _password(account_id, self._passwords.hashed(given, temporary=password is None))
        self._record(actor, added, PasswordSet(account_id=account_id, seal=kept.seal), secrets=(kept,))
        return self.named(account_id), given

    def change_roles(self, account: Account, roles: Sequence[Role], *, actor: str) -> None:
        """Raises AccountInvalid, also where nobody would be left to administer the desk."""
        if account.identity:
            raise AccountInvalid(f"The roles of {account.login} are those of her groups at the identity provider.")
        if fault := _roles_fault(roles):
            raise AccountInvalid(fault)
        if "admin" not in roles:
            self._keep_an_administrator(account)
        self._record(actor, AccountChanged(account_id=account.account_id, roles=_ordered(roles)))
        self._store.sessions.remove_of(account.account_id)

    def deactivate(self, account: Account, *, actor: str) -> None:
        """The account comes in no more, its sessions end; what it wrote and signed stays. Raises AccountInvalid."""
        self._keep_an_administrator(account)
        self._record(actor, AccountChanged(account_id=account.account_id, active=False))
        self._store.sessions.remove_of(account.account_id)

    def activate(self, account: Account, *, actor: str) -> None:
        self._record(actor, AccountChanged(account_id=account.account_id, active=True))

    def reset(self, account: Account, *, actor: str) -> str:
        """A temporary password for who lost hers, without a second factor; gives the password. Raises AccountInvalid
        for whoever signs in at the identity provider."""
        if account.identity:
            raise AccountInvalid(f"{account.login} signs in at the identity provider and has no password here.")
        given = temporary_password()
        kept = _password(account.account_id, self._passwords.hashed(given, temporary=True))
        events: list[Event] = [PasswordSet(account_id=account.account_id, seal=kept.seal)]
        if account.second_factor:
            events.append(SecondFactorSet(account_id=account.account_id))
        self._record(actor, *events, secrets=(kept,))
        self._store.sessions.remove_of(account.account_id)
        return given

    def link(self, account: Account, identity: Identity, *, actor: str) -> None:
        """From here on the person signs in at the provider, her password holds no more, her roles are renewed when she
        comes; her sessions end. Raises AccountInvalid."""
        if not identity.subject.strip():
            raise AccountInvalid("Name the person's subject at the identity provider; its refusal shows it.")
        if holder := self._store.account(identity=identity):
            raise AccountInvalid(f"This person of the identity provider has the account {holder.login} already.")
        self._record(actor, IdentityLinked(account_id=account.account_id, identity=identity))
        self._store.sessions.remove_of(account.account_id)

    def unlink(self, account: Account, *, roles: Sequence[Role], actor: str) -> str:
        """By password again, with these roles; gives the temporary password. Raises AccountInvalid."""
        if account.identity is None:
            raise AccountInvalid(f"{account.login} signs in by password already.")
        if fault := _roles_fault(roles):
            raise AccountInvalid(fault)
        given = temporary_password()
        kept = _password(account.account_id, self._passwords.hashed(given, temporary=True))
        self._record(
            actor,
            IdentityLinked(account_id=account.account_id, identity=None),
            AccountChanged(account_id=account.account_id, roles=_ordered(roles)),
            PasswordSet(account_id=account.account_id, seal=kept.seal),
            secrets=(kept,),
        )
        self._store.sessions.remove_of(account.account_id)
        return given

    def set_profile(self, account: Account, profile: ReviewerProfile, *, actor: str) -> None:
        """Raises AccountInvalid where what a letter prints is missing."""
        if not profile.specialty.strip() or not profile.licensure.strip():
            raise AccountInvalid("A profile needs specialty and state of licence; a letter prints both.")
        self._record(actor, AccountChanged(account_id=account.account_id, profile=profile))

    def choose_password(self, account: Account, *, old: str, new: str) -> None:
        """The owner's own change; her other sessions end. Raises AccountInvalid."""
        if not self._passwords.matches(old, account.password_hash):
            raise AccountInvalid("The present password is another one; type it again.")
        if old == new:
            raise AccountInvalid("The new password is the present one; choose another.")
        if fault := password_fault(new, login=account.login, second_factor=account.second_factor):
            raise AccountInvalid(fault)
        kept = _password(account.account_id, self._passwords.hashed(new))
        self._record(account.account_id, PasswordSet(account_id=account.account_id, seal=kept.seal), secrets=(kept,))
        self._store.sessions.remove_of(account.account_id)

    def turn_on_second_factor(self, account: Account, secret: str) -> None:
        """Raises AccountInvalid for whoever signs in at the identity provider, which asks for more by itself."""
        if account.identity:
            raise AccountInvalid("You sign in at the identity provider; a second factor is set up there.")
        kept = Secret(account_id=account.account_id, kind="second-factor", salt=_salt(), value=secret)
        event = SecondFactorSet(account_id=account.account_id, seal=kept.seal)
        self._record(account.account_id, event, secrets=(kept,))

    def turn_off_second_factor(self, account: Account, *, password: str) -> None:
        """Only where the password can stand alone. Raises AccountInvalid."""
        if not self._passwords.matches(password, account.password_hash):
            raise AccountInvalid("The password is another one; type it again.")
        if fault := password_fault(password, login=account.login, second_factor=False):
            raise AccountInvalid(f"Without a second factor: {fault[0].lower()}{fault[1:]}")
        self._record(account.account_id, SecondFactorSet(account_id=account.account_id))

    def _keep_an_administrator(self, account: Account) -> None:
        others = (one for one in self._store.accounts() if one.account_id != account.account_id)
        if account.has("admin") and not any(one.active and one.has("admin") for one in others):
            raise AccountInvalid(f"{account.login} is the only administrator; make another one first.")

    def _record(self, actor: str, *events: Event, secrets: Sequence[Secret] = ()) -> None:
        """All or none, under one request id."""
        request = uuid4().hex
        self._store.append_all(
            [new_entry(event, actor=actor, request_id=f"{request}-{place}") for place, event in enumerate(events)],
            secrets=secrets,
        )


def _password(account_id: str, hashed: str) -> Secret:
    return Secret(account_id=account_id, kind="password", salt=_salt(), value=hashed)


def _salt() -> str:
    return secrets.token_hex(32)


def temporary_password() -> str:
    """Twenty letters and digits in groups: 99 bits, to be read out or copied by hand once."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))


def first_administrator(accounts: Accounts, *, login: str, password: str) -> Account:
    """The account that makes the others. Raises AccountInvalid, also where there is an account already."""
    if accounts.all():
        raise AccountInvalid("There are accounts already; sign in.")
    account, _ = accounts.add(login=login, roles=("admin",), actor=SYSTEM, password=password)
    return account


def _roles_fault(roles: Sequence[Role]) -> str | None:
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        return f"An account has one or more of the roles {', '.join(ROLES)}; name them."
    return None


def _ordered(roles: Sequence[Role]) -> tuple[Role, ...]:
    return tuple(role for role in ROLES if role in roles)
