"""Who an account is at the identity provider."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("accounts", sa.Column("identity", _WORDS))
    op.create_index("accounts_by_identity", "accounts", ["identity"], unique=True)
