"""Attempts to sign in and used one-time codes, counted by every process of the desk together; no part of the record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("counted", _WORDS, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("attempts_counted", "attempts", ["counted", "at"])
    op.create_table(
        "used_codes",
        sa.Column("owner", _WORDS, primary_key=True),
        sa.Column("purpose", _WORDS, primary_key=True),
        sa.Column("step", _NUMBER, nullable=False),
    )
