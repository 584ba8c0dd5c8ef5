"""Between rows of the tables and the values of the domain, both ways, without losing or adding anything."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Row

from drafter.adapters.record_store.tables import EntryRow
from drafter.domain.review.audit import Entry, canonical, time_text
from drafter.domain.review.people import Account, Identity, ReviewerProfile, Role
from drafter.domain.review.queue import QueueRow
from drafter.domain.review.queue_page import searched_text
from drafter.domain.review.sessions import Session, Unsaved
from drafter.errors import RecordDamaged

_ENTRY_COLUMNS = tuple(column.name for column in EntryRow.__table__.c)
_ROLES: TypeAdapter[tuple[Role, ...]] = TypeAdapter(tuple[Role, ...])


def read_time(text: str) -> datetime:
    """Raises ValueError for a text that `time_text` did not write."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or time_text(at) != text:
        raise ValueError("not a time as it was recorded")
    return at.astimezone(UTC)


def entry_values(entry: Entry) -> dict[str, Any]:
    return {**{name: getattr(entry, name) for name in Entry.model_fields}, "at": time_text(entry.at)}


def read_entry(row: Row[Any]) -> Entry:
    """The entry of a row that begins with the columns of `entries`. Raises RecordDamaged where none was so recorded."""
    fields = dict(zip(_ENTRY_COLUMNS, row, strict=False))
    try:
        fields["at"] = read_time(fields["at"])
        return Entry(**fields)
    except (ValidationError, ValueError, TypeError, AttributeError):
        raise RecordDamaged(
            f"entry {row.seq} of the record is not one that was recorded; run `drafter audit verify`."
        ) from None


def queue_values(row: QueueRow) -> dict[str, Any]:
    days = {"received": row.received.isoformat(), "due": row.due.isoformat()}
    return {**row.model_dump(), **days, "updated": time_text(row.updated), "searched": searched_text(row)}


def read_queue_row(row: Row[Any]) -> QueueRow:
    fields = {name: value for name, value in row._mapping.items() if name != "searched"}
    return QueueRow(**{**fields, "updated": read_time(row.updated)})


def identity_text(identity: Identity) -> str:
    """An identity as its column has it."""
    return canonical(identity.model_dump(mode="json"))


def account_values(account: Account) -> dict[str, Any]:
    profile = canonical(account.profile.model_dump(mode="json")) if account.profile else None
    return {
        "account_id": account.account_id,
        "login": account.login,
        "login_folded": account.login.casefold(),
        "roles": canonical(list(account.roles)),
        "active": int(account.active),
        "password_seal": account.password_seal,
        "totp_seal": account.totp_seal,
        "profile": profile,
        "identity": identity_text(account.identity) if account.identity else None,
    }


def read_account(row: Row[Any]) -> Account:
    """The account without its secrets."""
    return Account(
        account_id=row.account_id,
        login=row.login,
        roles=_ROLES.validate_json(row.roles),
        active=bool(row.active),
        password_seal=row.password_seal,
        totp_seal=row.totp_seal,
        profile=ReviewerProfile.model_validate_json(row.profile) if row.profile else None,
        identity=Identity.model_validate_json(row.identity) if row.identity else None,
    )


def session_values(session: Session) -> dict[str, Any]:
    times = {"created": time_text(session.created), "last_seen": time_text(session.last_seen)}
    return {**session.model_dump(), **times}


def read_session(row: Row[Any]) -> Session:
    times = {"created": read_time(row.created), "last_seen": read_time(row.last_seen)}
    return Session(**{**row._mapping, **times})


def unsaved_values(unsaved: Unsaved) -> dict[str, Any]:
    return {**unsaved.model_dump(), "at": time_text(unsaved.at)}


def read_unsaved(row: Row[Any]) -> Unsaved:
    return Unsaved(**{**row._mapping, "at": read_time(row.at)})
