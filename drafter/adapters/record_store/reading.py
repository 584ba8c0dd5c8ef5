"""What the record holds: entries, events, states of cases, the queue, accounts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Connection, Executable, Row, Select, and_, func, select

from drafter.adapters.record_store.rows import read_entry, read_queue_row
from drafter.adapters.record_store.tables import CaseRow, EntryRow, PayloadRow
from drafter.domain.review.audit import Entry, happened, read_event, text_sha256
from drafter.domain.review.events import Event
from drafter.domain.review.queue_page import QueueFilter, QueuePage, searched_words
from drafter.domain.review.state import CaseState, Happened, advance
from drafter.errors import RecordDamaged

AT_ONCE = 500


def every_entry(connection: Connection) -> Iterator[Entry]:
    """The whole chain, one by one. Raises RecordDamaged."""
    return map(read_entry, streamed(connection, select(EntryRow.__table__).order_by(EntryRow.seq)))


def entries_after(
    connection: Connection, *, case_id: str | None, after: int, actions: Sequence[str], limit: int = AT_ONCE
) -> tuple[Entry, ...]:
    """The next entries, at most `limit`."""
    asked = _narrowed(select(EntryRow.__table__), case_id=case_id, after=after, actions=actions)
    return tuple(read_entry(row) for row in connection.execute(asked.limit(limit)))


def recorded_after(
    connection: Connection, *, case_id: str | None, after: int, actions: Sequence[str], limit: int = AT_ONCE
) -> tuple[tuple[Entry, Event | None], ...]:
    """The next entries with their events, None for one that was purged; at most `limit`. Raises RecordDamaged."""
    joined = select(EntryRow.__table__, PayloadRow.body).outerjoin(PayloadRow, PayloadRow.seq == EntryRow.seq)
    asked = _narrowed(joined, case_id=case_id, after=after, actions=actions).limit(limit)
    return tuple(_recorded(row) for row in connection.execute(asked))


def payload_event(connection: Connection, entry: Entry) -> Event | None:
    body = connection.execute(select(PayloadRow.body).where(PayloadRow.seq == entry.seq)).scalar()
    return None if body is None else event_of(entry, body)


def event_of(entry: Entry, body: str) -> Event:
    """The event of a payload that is the entry's own. Raises RecordDamaged."""
    if text_sha256(body) != entry.payload_sha256:
        raise RecordDamaged(
            f"The payload of entry {entry.seq} is not the one that was recorded; run `drafter audit verify`."
        )
    try:
        event = read_event(body)
    except ValidationError:
        raise RecordDamaged(f"Entry {entry.seq} cannot be read by this release; open it with the newest.") from None
    if event.action != entry.action:
        raise RecordDamaged(f"The payload of entry {entry.seq} records another action; run `drafter audit verify`.")
    return event


def state_at(connection: Connection, case_id: str, *, head: int, known: CaseState | None) -> CaseState | None:
    """The state after entry `head` of the case, going on from a known state; None for none and for a purged case."""
    if known is not None and known.head == head:
        return None if known.purged else known
    state = known if known is not None and known.head < head else None
    for moment in _case_history(connection, case_id, after=state.head if state else 0):
        if moment is None:
            return None
        state = advance(state, moment)
    return None if state is not None and state.purged else state


def _case_history(connection: Connection, case_id: str, *, after: int) -> Iterator[Happened | None]:
    while rows := recorded_after(connection, case_id=case_id, after=after, actions=()):
        for entry, event in rows:
            yield None if event is None else happened(entry, event)
            after = entry.seq


def head_of(connection: Connection, case_id: str) -> int:
    found = connection.execute(select(func.max(EntryRow.seq)).where(EntryRow.case_id == case_id)).scalar()
    return int(found or 0)


def queue_page(connection: Connection, asked: QueueFilter) -> QueuePage:
    """The page of the queue that was asked for; a page past the end is empty."""
    wanted = and_(*_conditions(asked))
    found = connection.execute(select(func.count()).select_from(CaseRow).where(wanted)).scalar_one()
    order: ColumnElement[Any] = CaseRow.__table__.c[asked.order]
    rows = connection.execute(
        select(CaseRow.__table__)
        .where(wanted)
        .order_by(order.desc() if asked.descending else order, CaseRow.due, CaseRow.case_id)
        .limit(asked.page_size)
        .offset((asked.page - 1) * asked.page_size)
    )
    return QueuePage(
        rows=tuple(map(read_queue_row, rows)),
        found=found,
        page=asked.page,
        pages=max(1, math.ceil(found / asked.page_size)),
    )


def streamed(connection: Connection, asked: Executable) -> Iterator[Row[Any]]:
    """The rows one by one, however many there are, without holding them all."""
    with connection.execute(asked, execution_options={"yield_per": AT_ONCE}) as found:
        yield from found


def _conditions(asked: QueueFilter) -> Iterator[ColumnElement[bool]]:
    yield CaseRow.case_id.is_not(None)
    for word in searched_words(asked.text):
        yield CaseRow.searched.contains(word, autoescape=True)
    if asked.statuses:
        yield CaseRow.status.in_(asked.statuses)
    if asked.paces:
        yield CaseRow.pace.in_(asked.paces)
    if asked.assigned_to is not None:
        yield CaseRow.assigned_to == asked.assigned_to
    if asked.unassigned:
        yield CaseRow.assigned_to.is_(None)
    if asked.due_by is not None:
        yield CaseRow.due <= asked.due_by.isoformat()
    if asked.with_open_blockers:
        yield CaseRow.open_blockers > 0


def _narrowed(asked: Select[Any], *, case_id: str | None, after: int, actions: Sequence[str]) -> Select[Any]:
    asked = asked.where(EntryRow.seq > after).order_by(EntryRow.seq)
    if case_id is not None:
        asked = asked.where(EntryRow.case_id == case_id)
    return asked.where(EntryRow.action.in_(actions)) if actions else asked


def _recorded(row: Row[Any]) -> tuple[Entry, Event | None]:
    entry = read_entry(row)
    return entry, None if row.body is None else event_of(entry, row.body)
