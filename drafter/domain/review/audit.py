"""The audit chain: every entry is sealed with the hash of the one before it.

    sha256(entry) = SHA-256( "imr-drafter audit entry 1" LF canonical JSON of every other field )

Entries are numbered 1, 2, 3 ... without gaps; the first names 64 zeros as its predecessor. Whoever changes, removes or
inserts an entry has to seal every later one again, which the signed checkpoints outside the database show
(`drafter.adapters.checkpoints`). An entry holds the hash of its payload and not the payload, so that a retention rule
can remove clinical text and the chain still verifies. Canonical JSON: keys sorted, no spaces, UTF-8, times in UTC to
the microsecond. Proved by tests/unit/test_audit_chain.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field

from drafter.domain.model import DomainModel
from drafter.domain.review.events import EVENTS, Event
from drafter.domain.review.faults import RecordFault
from drafter.domain.review.state import Happened

GENESIS = "0" * 64
_DOMAIN = b"imr-drafter audit entry 1\n"
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

# What happens beside a case and leaves its text, outcome and people as they were: no writer is told to read it again.
BESIDE_THE_CASE = frozenset({"viewed", "exported", "second-reading", "made-evaluation-case"})

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Action = Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$")]


class NewEntry(DomainModel):
    """What is to be recorded. `request_id` is the writer's own: the same one again records nothing anew.

    `payload` is the event as canonical JSON (`new_entry` makes it).
    """

    actor: Annotated[str, Field(min_length=1)]
    action: Action
    case_id: str | None = None
    request_id: Annotated[str, Field(min_length=1, max_length=200)]
    payload: str = Field(repr=False)


class Entry(DomainModel):
    """One link of the chain. `actor` is an account id or `system`."""

    model_config = ConfigDict(strict=True)

    seq: Annotated[int, Field(ge=1)]
    at: AwareDatetime
    actor: str
    action: Action
    case_id: str | None
    request_id: str
    payload_sha256: Sha256
    previous: Sha256
    sha256: Sha256


def new_entry(event: Event, *, actor: str, request_id: str, case_id: str | None = None) -> NewEntry:
    """The event as it is to be recorded."""
    payload = canonical(event.model_dump(mode="json"))
    return NewEntry(actor=actor, action=event.action, case_id=case_id, request_id=request_id, payload=payload)


def read_event(payload: str) -> Event:
    """The event of a payload. Raises pydantic's ValidationError for what this release cannot read."""
    return EVENTS.validate_json(payload)


def happened(entry: Entry, event: Event) -> Happened:
    """The event with what the chain knows of it."""
    return Happened(seq=entry.seq, at=entry.at, actor=entry.actor, case_id=entry.case_id, event=event)


def canonical(value: object) -> str:
    return _CANONICAL.encode(value)


def text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def time_text(at: datetime) -> str:
    """UTC to the microsecond, always 32 characters, so that texts sort as times do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def sealed(new: NewEntry, *, seq: int, at: datetime, previous: str) -> Entry:
    """The entry that `new` becomes as number `seq` after the entry whose hash is `previous`."""
    entry = Entry(
        seq=seq,
        at=at.astimezone(UTC),
        actor=new.actor,
        action=new.action,
        case_id=new.case_id,
        request_id=new.request_id,
        payload_sha256=text_sha256(new.payload),
        previous=previous,
        sha256=GENESIS,
    )
    return entry.model_copy(update={"sha256": entry_sha256(entry)})


def entry_sha256(entry: Entry) -> str:
    """The hash that seals an entry, computed from its other fields."""
    fields = {
        "action": entry.action,
        "actor": entry.actor,
        "at": time_text(entry.at),
        "case_id": entry.case_id,
        "payload_sha256": entry.payload_sha256,
        "previous": entry.previous,
        "request_id": entry.request_id,
        "seq": entry.seq,
    }
    return hashlib.sha256(_DOMAIN + canonical(fields).encode("utf-8")).hexdigest()


def verify_chain(entries: Iterable[Entry]) -> Iterator[RecordFault]:
    """Every place where the chain does not hold, in order; nothing for a chain that does.

    After a fault the entry is taken as it stands, so that one altered entry is one fault and not a thousand.
    """
    seq, previous = 0, GENESIS
    for entry in entries:
        if entry.seq != seq + 1:
            yield RecordFault(
                fault="entries-missing", seq=seq + 1, message=f"entry {seq + 1} is missing; the next is {entry.seq}"
            )
        elif entry.previous != previous:
            yield RecordFault(
                fault="chain-broken", seq=entry.seq, message=f"entry {entry.seq} does not follow from entry {seq}"
            )
        if entry_sha256(entry) != entry.sha256:
            yield RecordFault(
                fault="entry-altered", seq=entry.seq, message=f"entry {entry.seq} is not the one that was sealed"
            )
        seq, previous = entry.seq, entry.sha256
