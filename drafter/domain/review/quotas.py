"""How much somebody may do within a day, by role. What no role of hers limits has no limit; of several roles the most
holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from drafter.domain.review.people import Account, Role

Counted = Literal["drafts", "imports", "exports"]
COUNTED: tuple[Counted, ...] = ("drafts", "imports", "exports")
QuotaTable = Mapping[Counted, Mapping[Role, int]]


def quota_of(account: Account, what: Counted, table: QuotaTable) -> int | None:
    """How many of these the person may within a day, None where there is no limit."""
    limits = table.get(what, {})
    hers = [limits.get(role) for role in account.roles]
    known = [limit for limit in hers if limit is not None]
    return max(known) if known and len(known) == len(hers) else None
