"""Pages of entries, newest first, from the indexes of the database: as fast at a million entries as at a thousand.

Times go up with numbers, so that a day is found by halving the numbers, without an index of its own
(tests/integration/test_audit_page.py).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from drafter.adapters.record_store.rows import read_entry
from drafter.adapters.record_store.tables import EntryRow
from drafter.domain.review.audit import time_text
from drafter.domain.review.audit_page import AuditFilter, AuditPage, page_of


def audit_page(connection: Connection, asked: AuditFilter) -> AuditPage:
    wanted = select(EntryRow.__table__).order_by(EntryRow.seq.desc()).limit(asked.page_size + 1)
    if asked.case_id is not None:
        wanted = wanted.where(EntryRow.case_id == asked.case_id)
    if asked.actor is not None:
        wanted = wanted.where(EntryRow.actor == asked.actor)
    if asked.action is not None:
        wanted = wanted.where(EntryRow.action == asked.action)
    if asked.since is not None:
        wanted = wanted.where(EntryRow.seq >= _first_from(connection, asked.since))
    if asked.until is not None:
        wanted = wanted.where(EntryRow.seq < _first_from(connection, asked.until))
    if asked.before is not None:
        wanted = wanted.where(EntryRow.seq < asked.before)
    return page_of(tuple(map(read_entry, connection.execute(wanted))), page_size=asked.page_size)


def _first_from(connection: Connection, moment: datetime) -> int:
    """The number of the first entry of this moment or later; one more than the last where there is none."""
    text = time_text(moment)
    low, high = 1, int(connection.execute(select(func.max(EntryRow.seq))).scalar() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        at = connection.execute(select(EntryRow.at).where(EntryRow.seq == middle)).scalar()
        low, high = (middle + 1, high) if at is not None and at < text else (low, middle)
    return low
