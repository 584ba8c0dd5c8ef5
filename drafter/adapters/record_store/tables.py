"""What the record store keeps.

`entries` and `payloads` are the record: appended, never changed (`guards.py`). `cases` and `accounts` can always be
made again from them; `secrets` cannot, and are told from others by their seals. `sessions`, `unsaved`, `attempts` and
`used_codes` are kept for a while. Days are texts, times are texts in UTC to the microsecond
(`drafter.domain.review.audit.time_text`), the same in both databases and the very ones that were sealed.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Float, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Number = BigInteger().with_variant(Integer, "sqlite")
# Compared byte by byte on both, whatever the language of the server.
Words = Text().with_variant(Text(collation="C"), "postgresql")


class Kept(DeclarativeBase):
    """A table of the record store."""


class StoreRow(Kept):
    """One row: which database this is, from its first day to its last backup."""

    __tablename__ = "store"

    database_id: Mapped[str] = mapped_column(Words, primary_key=True)
    created: Mapped[str] = mapped_column(Words)


class EntryRow(Kept):
    __tablename__ = "entries"
    __table_args__ = (
        Index("entries_of_case", "case_id", "seq"),
        Index("entries_of_action", "action", "seq"),
        Index("entries_of_actor", "actor", "seq"),
    )

    seq: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(Words)
    actor: Mapped[str] = mapped_column(Words)
    action: Mapped[str] = mapped_column(Words)
    case_id: Mapped[str | None] = mapped_column(Words)
    request_id: Mapped[str] = mapped_column(Words, unique=True)
    payload_sha256: Mapped[str] = mapped_column(Words)
    previous: Mapped[str] = mapped_column(Words, unique=True)
    sha256: Mapped[str] = mapped_column(Words, unique=True)


class PayloadRow(Kept):
    """The event of an entry as canonical JSON; apart, so that clinical text can go and the chain still verifies."""

    __tablename__ = "payloads"

    seq: Mapped[int] = mapped_column(Number, ForeignKey("entries.seq"), primary_key=True, autoincrement=False)
    body: Mapped[str] = mapped_column(Words)


class CheckpointRow(Kept):
    """A copy of a line of the checkpoint file: a cut of either is seen by the other."""

    __tablename__ = "checkpoints"

    seq: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    body: Mapped[str] = mapped_column(Words)


class CaseRow(Kept):
    """`drafter.domain.review.queue.QueueRow`, and `searched`: what the queue's search looks in."""

    __tablename__ = "cases"
    __table_args__ = (Index("cases_by_due", "due", "case_id"), Index("cases_of_account", "assigned_to", "due"))

    case_id: Mapped[str] = mapped_column(Words, primary_key=True)
    case_number: Mapped[str] = mapped_column(Words)
    status: Mapped[str] = mapped_column(Words)
    pace: Mapped[str] = mapped_column(Words)
    received: Mapped[str] = mapped_column(Words)
    due: Mapped[str] = mapped_column(Words)
    assigned_to: Mapped[str | None] = mapped_column(Words)
    treatments: Mapped[str] = mapped_column(Words)
    items: Mapped[int] = mapped_column(Integer)
    undecided: Mapped[int] = mapped_column(Integer)
    open_blockers: Mapped[int] = mapped_column(Integer)
    open_warnings: Mapped[int] = mapped_column(Integer)
    head: Mapped[int] = mapped_column(Number)
    updated: Mapped[str] = mapped_column(Words)
    searched: Mapped[str] = mapped_column(Words)


class AccountRow(Kept):
    """`drafter.domain.review.people.Account`; `roles`, `profile` and `identity` as JSON, `login_folded` so that a login
    is one whatever the case of its letters."""

    __tablename__ = "accounts"
    __table_args__ = (Index("accounts_by_identity", "identity", unique=True),)

    account_id: Mapped[str] = mapped_column(Words, primary_key=True)
    login: Mapped[str] = mapped_column(Words)
    login_folded: Mapped[str] = mapped_column(Words, unique=True)
    roles: Mapped[str] = mapped_column(Words)
    active: Mapped[int] = mapped_column(Integer)
    password_seal: Mapped[str] = mapped_column(Words)
    totp_seal: Mapped[str | None] = mapped_column(Words)
    profile: Mapped[str | None] = mapped_column(Words)
    identity: Mapped[str | None] = mapped_column(Words)


class SecretRow(Kept):
    """`drafter.domain.review.secrets.Secret`; replaced and removed, no part of the record."""

    __tablename__ = "secrets"

    account_id: Mapped[str] = mapped_column(Words, primary_key=True)
    kind: Mapped[str] = mapped_column(Words, primary_key=True)
    salt: Mapped[str] = mapped_column(Words)
    value: Mapped[str] = mapped_column(Words)


class SessionRow(Kept):
    __tablename__ = "sessions"

    key_sha256: Mapped[str] = mapped_column(Words, primary_key=True)
    account_id: Mapped[str] = mapped_column(Words, index=True)
    created: Mapped[str] = mapped_column(Words)
    last_seen: Mapped[str] = mapped_column(Words)
    data: Mapped[str] = mapped_column(Words)


class UnsavedRow(Kept):
    __tablename__ = "unsaved"

    account_id: Mapped[str] = mapped_column(Words, primary_key=True)
    case_id: Mapped[str] = mapped_column(Words, primary_key=True)
    item: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    head: Mapped[int] = mapped_column(Number)
    at: Mapped[str] = mapped_column(Words)
    text: Mapped[str] = mapped_column(Words)


class AttemptRow(Kept):
    """One attempt to sign in; `at` in seconds since 1970."""

    __tablename__ = "attempts"
    __table_args__ = (Index("attempts_counted", "counted", "at"),)

    number: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    counted: Mapped[str] = mapped_column(Words)
    at: Mapped[float] = mapped_column(Float)


class UsedCodeRow(Kept):
    """The half minute of the last one-time code that somebody used for a purpose."""

    __tablename__ = "used_codes"

    owner: Mapped[str] = mapped_column(Words, primary_key=True)
    purpose: Mapped[str] = mapped_column(Words, primary_key=True)
    step: Mapped[int] = mapped_column(Number)
