"""What the desk keeps for a while and no longer: who is signed in, and text that was typed but not yet saved.

Neither is part of the record. A session is known by the hash of its id; the id itself is only in the browser.
"""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from drafter.domain.model import DomainModel


class Session(DomainModel):
    """`key_sha256` is the SHA-256 of a 256-bit random id, `data` whatever the desk wants to find again (JSON)."""

    key_sha256: str
    account_id: str
    created: AwareDatetime
    last_seen: AwareDatetime
    data: str = Field(default="{}", repr=False)


class Unsaved(DomainModel):
    """Text of one person on one item, typed over the state of the case after entry `head`."""

    account_id: str
    case_id: str
    item: int
    head: int
    at: AwareDatetime
    text: str = Field(repr=False)
