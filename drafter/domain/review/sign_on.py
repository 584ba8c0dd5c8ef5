"""Signing in at an identity provider (OpenID Connect): one way there and back, and what the groups there open here.

A way is one random number of 256 bits and what was asked for; both lie in a cookie of the browser and nowhere else.
State, nonce and PKCE's verifier are HMACs under that number, so that an answer belongs to the browser that asked, to
what it asked, and to no other way. Pure; proved by tests/unit/test_sign_on.py.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from pydantic import AwareDatetime, Field, ValidationError

from drafter.domain.model import DomainModel
from drafter.domain.review.people import ROLES, Identity, Role

LONGEST_WAY = timedelta(minutes=10)
Purpose = Literal["sign-in", "confirm"]


class Flow(DomainModel):
    """`key` is the random number, `begun` when the browser was sent off, `then` a path of the desk to end on."""

    key: str = Field(repr=False)
    begun: AwareDatetime
    purpose: Purpose
    then: str = ""

    @property
    def state(self) -> str:
        return self._derived("state")

    @property
    def nonce(self) -> str:
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """PKCE's code verifier (RFC 7636): 43 characters."""
        return self._derived("verifier")

    @property
    def name(self) -> str:
        """How the way is known once it was gone; nothing else can be found out from it."""
        return hashlib.sha256(self.state.encode()).hexdigest()

    def is_over(self, now: datetime) -> bool:
        return not self.begun - timedelta(minutes=1) <= now <= self.begun + LONGEST_WAY

    def _derived(self, what: str) -> str:
        told = "\n".join(("imr-drafter sign-on 1", what, self.begun.isoformat(), self.purpose, self.then))
        return _plain_base64(hmac.new(self.key.encode(), told.encode(), hashlib.sha256).digest())


class Returned(DomainModel):
    """What the browser brought back; each is empty where it was not there."""

    state: str = Field(default="", repr=False)
    code: str = Field(default="", repr=False)
    issuer: str = ""
    error: str = ""


class Proven(DomainModel):
    """What the provider has shown: who it is, how it calls her, her groups there, and when she last showed a password
    or the like (None where it does not say). `said` is what it said, word for word: it is shown to the provider again
    when she signs out, so that it knows whom to sign out."""

    identity: Identity
    login: str = ""
    groups: tuple[str, ...] = ()
    authenticated: AwareDatetime | None = None
    said: str = Field(default="", repr=False)


def flow_text(flow: Flow) -> str:
    """A way as its cookie has it."""
    return _plain_base64(flow.model_dump_json().encode())


def read_flow(text: str) -> Flow | None:
    """None for a text that is no way."""
    try:
        return Flow.model_validate_json(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValidationError, ValueError):
        return None


def roles_of(groups: Sequence[str], by_group: Mapping[str, Sequence[Role]]) -> tuple[Role, ...]:
    """The roles that these groups give together; none where none of them gives one."""
    given = {role for group in groups for role in by_group.get(group, ())}
    return tuple(role for role in ROLES if role in given)


def login_from(named: str, subject: str) -> str:
    """A login as the desk writes them: what the provider calls her up to an @, else a name made of the subject."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", named.partition("@")[0]).strip("._-")[:48]
    return plain if len(plain) > 1 else f"person-{hashlib.sha256(subject.encode()).hexdigest()[:8]}"


def _plain_base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
