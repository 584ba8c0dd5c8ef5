"""The record, what it adds up to, and what is kept for a while."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from drafter.adapters.record_store.guards import set_up_guards

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _create_record()
    _create_rows()
    _create_kept_for_a_while()
    set_up_guards(op.get_bind())


def _create_record() -> None:
    op.create_table(
        "store",
        sa.Column("database_id", _WORDS, primary_key=True),
        sa.Column("created", _WORDS, nullable=False),
    )
    op.create_table(
        "entries",
        sa.Column("seq", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("at", _WORDS, nullable=False),
        sa.Column("actor", _WORDS, nullable=False),
        sa.Column("action", _WORDS, nullable=False),
        sa.Column("case_id", _WORDS),
        sa.Column("request_id", _WORDS, nullable=False, unique=True),
        sa.Column("payload_sha256", _WORDS, nullable=False),
        sa.Column("previous", _WORDS, nullable=False, unique=True),
        sa.Column("sha256", _WORDS, nullable=False, unique=True),
    )
    op.create_index("entries_of_case", "entries", ["case_id", "seq"])
    op.create_index("entries_of_action", "entries", ["action", "seq"])
    op.create_table(
        "payloads",
        sa.Column("seq", _NUMBER, sa.ForeignKey("entries.seq"), primary_key=True, autoincrement=False),
        sa.Column("body", _WORDS, nullable=False),
    )
    op.create_table(
        "checkpoints",
        sa.Column("seq", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("body", _WORDS, nullable=False),
    )


def _create_rows() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", _WORDS, primary_key=True),
        sa.Column("case_number", _WORDS, nullable=False),
        sa.Column("status", _WORDS, nullable=False),
        sa.Column("pace", _WORDS, nullable=False),
        sa.Column("received", _WORDS, nullable=False),
        sa.Column("due", _WORDS, nullable=False),
        sa.Column("assigned_to", _WORDS),
        sa.Column("treatments", _WORDS, nullable=False),
        sa.Column("items", sa.Integer, nullable=False),
        sa.Column("undecided", sa.Integer, nullable=False),
        sa.Column("open_blockers", sa.Integer, nullable=False),
        sa.Column("open_warnings", sa.Integer, nullable=False),
        sa.Column("head", _NUMBER, nullable=False),
        sa.Column("updated", _WORDS, nullable=False),
        sa.Column("searched", _WORDS, nullable=False),
    )
    op.create_index("cases_by_due", "cases", ["due", "case_id"])
    op.create_index("cases_of_account", "cases", ["assigned_to", "due"])
    op.create_table(
        "accounts",
        sa.Column("account_id", _WORDS, primary_key=True),
        sa.Column("login", _WORDS, nullable=False),
        sa.Column("login_folded", _WORDS, nullable=False, unique=True),
        sa.Column("roles", _WORDS, nullable=False),
        sa.Column("active", sa.Integer, nullable=False),
        sa.Column("password_hash", _WORDS, nullable=False),
        sa.Column("totp_secret", _WORDS),
        sa.Column("profile", _WORDS),
    )


def _create_kept_for_a_while() -> None:
    op.create_table(
        "sessions",
        sa.Column("key_sha256", _WORDS, primary_key=True),
        sa.Column("account_id", _WORDS, nullable=False, index=True),
        sa.Column("created", _WORDS, nullable=False),
        sa.Column("last_seen", _WORDS, nullable=False),
        sa.Column("data", _WORDS, nullable=False),
    )
    op.create_table(
        "unsaved",
        sa.Column("account_id", _WORDS, primary_key=True),
        sa.Column("case_id", _WORDS, primary_key=True),
        sa.Column("item", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("head", _NUMBER, nullable=False),
        sa.Column("at", _WORDS, nullable=False),
        sa.Column("text", _WORDS, nullable=False),
    )
