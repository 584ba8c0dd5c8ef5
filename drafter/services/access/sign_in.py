"""Signing in, staying in, going out, and being asked again before a signature.

A session is a random number of 256 bits in a cookie; the store keeps its SHA-256. It ends after some minutes without a
request, after some hours in any case, when its owner signs out, and at once when an administrator acts on the account.
Every way in makes a new number, so that none can be planted beforehand. A refusal says the same, and takes the same
time, whatever was wrong (tests/integration/test_signing_in.py).
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Literal
from uuid import uuid4

from pydantic import AwareDatetime, Field

from drafter.adapters.attempts import Attempts
from drafter.adapters.browser_lock import locked, unlocked
from drafter.adapters.passwords import Passwords
from drafter.adapters.second_factor import SecondFactor
from drafter.domain.model import DomainModel
from drafter.domain.review.audit import new_entry
from drafter.domain.review.events import Event, SignedIn, SignedOut
from drafter.domain.review.events import SignInRefused as RefusalRecorded
from drafter.domain.review.people import SYSTEM, Account
from drafter.domain.review.sessions import Session
from drafter.errors import SignInRefused, TooManyAttempts
from drafter.ports import Clock, RecordStore

_REFUSAL = "Login, password or one-time code is wrong."
_SEEN_EVERY = timedelta(seconds=30)
Why = Literal["unknown", "password", "code", "inactive", "too-many", "passwords-off"]
PasswordsFor = Literal["everyone", "administrators"]


class SessionLimits(DomainModel):
    """How long a session lasts without a request, and in any case."""

    idle: timedelta = timedelta(minutes=15)
    absolute: timedelta = timedelta(hours=12)


class Confirmation(DomainModel):
    """Somebody is asked at the provider who she is, before she signs the text with the fingerprint `seen`. `flow` names
    the way that she was sent; `at` is when she came back proven, None while she is gone."""

    flow: str
    seen: str
    at: AwareDatetime | None = None


class SessionData(DomainModel):
    """What a session keeps: the words looked for in the queue, for an address would put them into logs and histories;
    the secret of a second factor that is being set up; a confirmation for a signature; what the identity provider said
    last of the person, locked by the key that her browser holds (`drafter.adapters.browser_lock`)."""

    find: str = ""
    new_secret: str = Field(default="", repr=False)
    confirmation: Confirmation | None = None
    said_there: str = Field(default="", repr=False)


class Visitor(DomainModel):
    """Who is signed in, by which session; `key` is the session's, as the browser showed it with this request."""

    account: Account
    session: Session
    key: str = Field(repr=False)

    @property
    def data(self) -> SessionData:
        return SessionData.model_validate_json(self.session.data)

    @property
    def said_there(self) -> str:
        """What the identity provider said last of the person; empty where that was nothing."""
        return unlocked(self.data.said_there, key=self.key) or ""

    def hearing(self, said_there: str) -> SessionData:
        """What the session keeps, with this said by the provider now."""
        return self.data.model_copy(update={"said_there": locked(said_there, key=self.key)})


class SignIn:
    def __init__(
        self,
        *,
        store: RecordStore,
        clock: Clock,
        passwords: Passwords,
        second_factor: SecondFactor,
        attempts: Attempts,
        limits: SessionLimits,
        passwords_for: PasswordsFor = "everyone",
    ) -> None:
        """`passwords_for` says whose passwords open the desk: everyone's, or only those of administrators, where the
        others sign in at an identity provider and somebody must come in when that is down."""
        self.limits = limits
        self.passwords_for = passwords_for
        self._store, self._clock = store, clock
        self._passwords, self._second_factor, self._attempts = passwords, second_factor, attempts

    def sign_in(self, *, login: str, password: str, code: str, address: str) -> str:
        """The key of a new session, to be kept by the browser alone. Raises SignInRefused and TooManyAttempts."""
        account = self._verified(login, password, code, address=address, purpose="sign-in")
        self._record(SignedIn(account_id=account.account_id), actor=account.account_id)
        return self.renewed(account)

    def renewed(self, account: Account, *, said_there: str = "") -> str:
        """The key of a new session for somebody who has just shown who she is, here or by what the provider said."""
        key, now = secrets.token_urlsafe(32), self._clock.now()
        self._store.sessions.expire(seen_before=now - self.limits.idle, created_before=now - self.limits.absolute)
        data = SessionData(said_there=locked(said_there, key=key) if said_there else "").model_dump_json()
        self._store.sessions.add(
            Session(key_sha256=_sha256(key), account_id=account.account_id, created=now, last_seen=now, data=data)
        )
        return key

    def confirm(self, account: Account, *, password: str, code: str, address: str) -> None:
        """Asks a signed-in person again who she is, before a signature. Raises SignInRefused and TooManyAttempts."""
        self._verified(account.login, password, code, address=address, purpose="confirm")

    def visitor(self, key: str, *, keeps_alive: bool = True) -> Visitor | None:
        """Who comes with this key; None where the session has ended. A request that the page makes by itself does not
        keep the session alive."""
        session = self._store.sessions.find(_sha256(key))
        if session is None:
            return None
        now = self._clock.now()
        account = self._store.account(account_id=session.account_id)
        over = now - session.last_seen > self.limits.idle or now - session.created > self.limits.absolute
        if over or account is None or not account.active:
            self._store.sessions.remove(session.key_sha256)
            return None
        if keeps_alive and now - session.last_seen >= min(_SEEN_EVERY, self.limits.idle / 4):
            self._store.sessions.touch(session.key_sha256, at=now)
        return Visitor(account=account, session=session, key=key)

    def count_attempt(self, *, login: str, address: str) -> None:
        """Counts an attempt at something else that must not be tried without end. Raises TooManyAttempts."""
        self._attempts.count(login=login, address=address)

    def is_worth_recording(self, *, address: str) -> bool:
        """Counts a refusal by the provider as an attempt from this address; whether to put it on record."""
        try:
            self._attempts.count(login=f"provider {address}", address=address)
        except TooManyAttempts:
            return False
        return True

    def remember(self, visitor: Visitor, data: SessionData) -> None:
        """What the desk wants to find again in this session and must not stand in an address."""
        self._store.sessions.touch(visitor.session.key_sha256, at=self._clock.now(), data=data.model_dump_json())

    def sign_out(self, visitor: Visitor, *, everywhere: bool = False) -> None:
        """Ends this session, or every session of the account."""
        if everywhere:
            self._store.sessions.remove_of(visitor.account.account_id)
        self._store.sessions.remove(visitor.session.key_sha256)
        self._record(SignedOut(account_id=visitor.account.account_id), actor=visitor.account.account_id)

    def _verified(self, login: str, password: str, code: str, *, address: str, purpose: str) -> Account:
        account = self._store.account(login=login)
        try:
            self._attempts.count(login=login, address=address)
        except TooManyAttempts:
            if self._attempts.worth_recording(address=address):
                self._refuse("too-many", account)
            raise
        right = self._passwords.matches(password, account.password_hash if account else None)
        if account is None or not right:
            raise self._refuse("password" if account else "unknown", account)
        if not account.active:
            raise self._refuse("inactive", account)
        if self.passwords_for == "administrators" and not account.has("admin"):
            raise self._refuse("passwords-off", account)
        if account.second_factor and not self._right_code(account, code, purpose=purpose):
            raise self._refuse("code", account)
        self._attempts.forget(login=login)
        return account

    def _right_code(self, account: Account, code: str, *, purpose: str) -> bool:
        """Whether the code is right; where the secret is gone or another, none is."""
        return account.totp_secret is not None and self._second_factor.accepts(
            account.totp_secret, code, at=self._clock.now(), owner=account.account_id, purpose=purpose
        )

    def _refuse(self, why: Why, account: Account | None) -> SignInRefused:
        account_id = account.account_id if account else None
        self._record(RefusalRecorded(why=why, account_id=account_id), actor=account_id or SYSTEM)
        return SignInRefused(_REFUSAL)

    def _record(self, event: Event, *, actor: str) -> None:
        self._store.append(new_entry(event, actor=actor, request_id=uuid4().hex))


def _sha256(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
