"""Hashes of passwords and secrets of second factors leave the accounts for a table of their own, and seals stay.

Those of before are in their entries too, which nothing may change: they get a seal without a salt. Entries are found by
person from here on.
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_KINDS = {"password_seal": "password", "totp_seal": "second-factor"}


def upgrade() -> None:
    op.create_table(
        "secrets",
        sa.Column("account_id", _WORDS, primary_key=True),
        sa.Column("kind", _WORDS, primary_key=True),
        sa.Column("salt", _WORDS, nullable=False),
        sa.Column("value", _WORDS, nullable=False),
    )
    op.execute("ALTER TABLE accounts RENAME COLUMN password_hash TO password_seal")
    op.execute("ALTER TABLE accounts RENAME COLUMN totp_secret TO totp_seal")
    op.create_index("entries_of_actor", "entries", ["actor", "seq"])
    connection = op.get_bind()
    for account_id, *values in connection.execute(
        sa.text("SELECT account_id, password_seal, totp_seal FROM accounts")
    ).all():
        for column, value in zip(_KINDS, values, strict=True):
            if value:
                _move(connection, account_id, column, value)


def _move(connection: sa.Connection, account_id: str, column: str, value: str) -> None:
    connection.execute(
        sa.text("INSERT INTO secrets (account_id, kind, salt, value) VALUES (:account, :kind, '', :value)"),
        {"account": account_id, "kind": _KINDS[column], "value": value},
    )
    seal = hashlib.sha256(f"imr-drafter secret 1\n\n{value}".encode()).hexdigest()
    connection.execute(
        sa.text(f"UPDATE accounts SET {column} = :seal WHERE account_id = :account"),
        {"account": account_id, "seal": seal},
    )
