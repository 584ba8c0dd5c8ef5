"""What lets somebody in: the hash of a password, the secret of a second factor.

Kept apart from the record, so that they can be replaced and removed; the record keeps that they were set, by whom and
when, and a seal. A seal is the SHA-256 of a secret with 256 bits of salt that are kept with the secret alone: whoever
has the record learns nothing of it, and a secret that was changed behind the desk is told from the one that was set. It
lets nobody in. Entries from before seals hold the secret itself; their seal has no salt.
"""

from __future__ import annotations

import hashlib
from typing import Literal

from pydantic import Field

from drafter.domain.model import DomainModel
from drafter.domain.review.people import Account

SecretKind = Literal["password", "second-factor"]
KINDS: tuple[SecretKind, ...] = ("password", "second-factor")


class Secret(DomainModel):
    """`value` is an argon2id string (see `people.Account`) or a base32 secret; `salt` is hexadecimal, empty for one
    from before seals."""

    account_id: str
    kind: SecretKind
    salt: str = Field(repr=False)
    value: str = Field(repr=False)

    @property
    def seal(self) -> str:
        return seal_of(self.value, salt=self.salt)


def seal_of(value: str, *, salt: str = "") -> str:
    return hashlib.sha256(f"imr-drafter secret 1\n{salt}\n{value}".encode()).hexdigest()


def with_secrets(account: Account, held: tuple[Secret, ...]) -> Account:
    """The account with those of its secrets that bear the seals which its events tell of."""
    found = {secret.kind: secret for secret in held if secret.account_id == account.account_id}
    password, factor = found.get("password"), found.get("second-factor")
    return account.model_copy(
        update={
            "password_hash": password.value if password and password.seal == account.password_seal else "",
            "totp_secret": factor.value if factor and factor.seal == account.totp_seal else None,
        }
    )
