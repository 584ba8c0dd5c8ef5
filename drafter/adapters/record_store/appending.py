"""One transaction of the record: entries, payloads, and the rows that they add up to.

Everything here runs inside a writing transaction, so that an entry, its payload and its rows are there together or not
at all, and no row can differ from what the entries say.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from drafter.adapters.record_store.rows import account_values, entry_values, queue_values, read_account, read_entry
from drafter.adapters.record_store.tables import AccountRow, CaseRow, EntryRow, PayloadRow, UnsavedRow
from drafter.domain.review.accounts import account_of, advance_account
from drafter.domain.review.audit import BESIDE_THE_CASE, GENESIS, Entry, NewEntry, happened, sealed
from drafter.domain.review.events import Event, Purged
from drafter.domain.review.people import Account
from drafter.domain.review.queue import queue_row
from drafter.domain.review.state import CaseState, advance
from drafter.errors import CaseMoved, CasePurged, LoginTaken, RequestReused
from drafter.ports import Clock

_LAST = select(EntryRow.seq, EntryRow.sha256).order_by(EntryRow.seq.desc()).limit(1)


def recorded_before(connection: Connection, new: Sequence[NewEntry]) -> tuple[Entry, ...]:
    """The entries of these requests where they were recorded before, else nothing. Raises RequestReused."""
    asked = [one.request_id for one in new]
    rows = connection.execute(select(EntryRow.__table__).where(EntryRow.request_id.in_(asked))).all()
    known = {entry.request_id: entry for entry in map(read_entry, rows)}
    if not known:
        return ()
    first_times = tuple(known[one.request_id] for one in new if one.request_id in known)
    same = [
        (before.actor, before.action, before.case_id) == (one.actor, one.action, one.case_id)
        for one, before in zip(new, first_times, strict=False)
    ]
    if len(first_times) < len(new) or not all(same):
        raise RequestReused(
            "This request was recorded before as something else; read the page again and repeat what you did."
        )
    return first_times


def refuse_if_moved(connection: Connection, case_id: str, *, expected_head: int | None) -> int:
    """The number of the case's last entry, 0 for none. Raises CasePurged and CaseMoved."""
    of_case = select(EntryRow.seq, EntryRow.action).where(EntryRow.case_id == case_id).order_by(EntryRow.seq.desc())
    last = connection.execute(of_case.limit(1)).first()
    if last is None:
        return 0
    if last.action == "purged":
        raise CasePurged("The text of this case was removed under a retention rule; nothing can be added to it.")
    if expected_head is not None and last.seq > expected_head:
        changed = select(func.max(EntryRow.seq)).where(
            EntryRow.case_id == case_id, EntryRow.seq > expected_head, EntryRow.action.not_in(BESIDE_THE_CASE)
        )
        if connection.execute(changed).scalar() is not None:
            raise CaseMoved(
                "Not saved: somebody saved this case after you read it. Compare the two texts and save again.",
                case_id=case_id,
                head=last.seq,
            )
    return int(last.seq)


def append_entries(connection: Connection, new: Sequence[NewEntry], *, clock: Clock) -> tuple[Entry, ...]:
    """Seal and write them after the last entry of the chain."""
    last = connection.execute(_LAST).first()
    seq, previous = (last.seq, last.sha256) if last else (0, GENESIS)
    entries: list[Entry] = []
    for one in new:
        entry = sealed(one, seq=seq + 1, at=clock.now(), previous=previous)
        seq, previous = entry.seq, entry.sha256
        entries.append(entry)
    connection.execute(insert(EntryRow), [entry_values(entry) for entry in entries])
    bodies = [{"seq": entry.seq, "body": one.payload} for entry, one in zip(entries, new, strict=True)]
    connection.execute(insert(PayloadRow), bodies)
    return tuple(entries)


def project_case(
    connection: Connection,
    entries: Sequence[Entry],
    events: Sequence[Event],
    *,
    before: CaseState | None,
) -> CaseState | None:
    """Write the queue's row of the case; its state after these entries, None where they purged it.

    `before` is the state before the first of them. Raises ValueError where a case's first event does not open it.
    """
    state = before
    for entry, event in zip(entries, events, strict=True):
        state = advance(state, happened(entry, event))
        if isinstance(event, Purged):
            _purge(connection, entry)
            return None
    if state is None:
        return None
    connection.execute(delete(CaseRow).where(CaseRow.case_id == state.case_id))
    connection.execute(insert(CaseRow), [queue_values(queue_row(state))])
    return state


def project_account(connection: Connection, event: Event) -> None:
    """Write the row of the account that the event changes, if it changes one. Raises LoginTaken."""
    account_id = account_of(event)
    if account_id is None:
        return
    row = connection.execute(select(AccountRow.__table__).where(AccountRow.account_id == account_id)).first()
    write_account(connection, advance_account(read_account(row) if row else None, event))


def write_account(connection: Connection, account: Account) -> None:
    connection.execute(delete(AccountRow).where(AccountRow.account_id == account.account_id))
    try:
        connection.execute(insert(AccountRow), [account_values(account)])
    except IntegrityError:
        raise LoginTaken("Not saved: another account has this login; choose another.") from None


def _purge(connection: Connection, entry: Entry) -> None:
    """Take away every earlier payload of the case, its row, and what was typed and not saved."""
    earlier = select(EntryRow.seq).where(EntryRow.case_id == entry.case_id, EntryRow.seq < entry.seq)
    connection.execute(delete(PayloadRow).where(PayloadRow.seq.in_(earlier)))
    connection.execute(delete(CaseRow).where(CaseRow.case_id == entry.case_id))
    connection.execute(delete(UnsavedRow).where(UnsavedRow.case_id == entry.case_id))
