"""Who works at the desk: an account with its roles, and what a reviewer's profile says.

A reviewer's name and licence number are known to the desk, for the attestation stands on them, and are never printed or
exported (Lab. Code 4610.6(f)); only specialty and state of licence are.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from drafter.domain.model import DomainModel

Role = Literal["reviewer", "qa", "prompt_editor", "admin"]
ROLES: tuple[Role, ...] = ("reviewer", "qa", "prompt_editor", "admin")
TEMPORARY = "temporary "  # what stands before the hash of a password that somebody else chose
SYSTEM = "system"  # the actor of what no person did: a first start, a restore, retention


class Credentials(DomainModel):
    """What a letter prints of its reviewer."""

    specialty: str
    licensure: str


class ReviewerProfile(DomainModel):
    """`name` and `licence_number` never leave the record store."""

    specialty: str
    licensure: str
    name: str = Field(default="", repr=False)
    licence_number: str = Field(default="", repr=False)

    @property
    def credentials(self) -> Credentials:
        return Credentials(specialty=self.specialty, licensure=self.licensure)


class Identity(DomainModel):
    """Who somebody is at an identity provider: its address, and the name that it gives to nobody else."""

    issuer: str
    subject: str


class Account(DomainModel):
    """One person. `password_hash` is an argon2id string, after `TEMPORARY` where an administrator chose the password,
    empty where there is none that lets her in; `totp_secret` is base32. The record knows neither, only their seals
    (`drafter.domain.review.secrets`): `totp_seal` is None where no second factor is set. Whoever has an `identity`
    signs in at the provider and has neither; her roles are those of her groups there, none where she lost them."""

    account_id: str
    login: str
    roles: tuple[Role, ...]
    active: bool = True
    password_hash: str = Field(default="", repr=False)
    totp_secret: str | None = Field(default=None, repr=False)
    profile: ReviewerProfile | None = None
    identity: Identity | None = None
    password_seal: str = ""
    totp_seal: str | None = None

    @property
    def second_factor(self) -> bool:
        """Whether a one-time code is asked for; where its secret is gone, none is right."""
        return self.totp_seal is not None

    def has(self, role: Role) -> bool:
        return role in self.roles

    @property
    def must_choose_password(self) -> bool:
        """Whether the password is one that somebody else knows: it opens the page for a new one, and nothing else."""
        return self.password_hash.startswith(TEMPORARY)
