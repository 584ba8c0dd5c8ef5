"""One transaction of the record: entries, payloads, and the rows that they add up to.

Everything here runs inside a writing transaction, so that an entry, its payload and its rows are there together or not
at all, and no row can differ from what the entries say.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from drafter.adapters.record_store.rows import account_values, entry_values, queue_values, read_account, read_entry
from drafter.adapters.record_store.secrets import remove_unsealed
from drafter.adapters.record_store.tables import AccountRow, CaseRow, EntryRow, PayloadRow, UnsavedRow
from drafter.domain.review.accounts import account_of, advance_account
from drafter.domain.review.audit import BESIDE_THE_CASE, GENESIS, Entry, NewEntry, happened, sealed
from drafter.domain.review.events import Event, Purged
from drafter.domain.review.people import Account
from drafter.domain.review.queue import queue_row
from drafter.domain.review.state import CaseState, advance
from drafter.errors import CaseMoved, CasePurged, LoginTaken, RequestReused
from drafter.ports import Clock

# Made once: a save asks each of these, and making them costs more than asking.
_LAST = select(EntryRow.seq, EntryRow.sha256).order_by(EntryRow.seq.desc()).limit(1)
_LAST_OF_CASE = (
    select(EntryRow.seq, EntryRow.action)
    .where(EntryRow.case_id == bindparam("case"))
    .order_by(EntryRow.seq.desc())
    .limit(1)
)
_CHANGED_AFTER = select(func.max(EntryRow.seq)).where(
    EntryRow.case_id == bindparam("case"),
    EntryRow.seq > bindparam("head"),
    EntryRow.action.not_in(BESIDE_THE_CASE),
)
_BY_REQUEST = select(EntryRow.__table__).where(EntryRow.request_id == bindparam("request"))
_ADD_ENTRY, _ADD_PAYLOAD, _ADD_CASE = insert(EntryRow), insert(PayloadRow), insert(CaseRow)
_MOVE_CASE = (
    update(CaseRow)
    .where(CaseRow.case_id == bindparam("case"))
    .values({column.name: bindparam(f"to_{column.name}") for column in CaseRow.__table__.c if not column.primary_key})
)


def recorded_before(connection: Connection, new: Sequence[NewEntry]) -> tuple[Entry, ...]:
    """The entries of these requests where they were recorded before, else nothing. Raises RequestReused."""
    rows = [connection.execute(_BY_REQUEST, {"request": one.request_id}).first() for one in new]
    known = {entry.request_id: entry for entry in map(read_entry, filter(None, rows))}
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
    last = connection.execute(_LAST_OF_CASE, {"case": case_id}).first()
    if last is None:
        return 0
    if last.action == "purged":
        raise CasePurged("The text of this case was removed under a retention rule; nothing can be added to it.")
    if expected_head is None or last.seq <= expected_head:
        return int(last.seq)
    if connection.execute(_CHANGED_AFTER, {"case": case_id, "head": expected_head}).scalar() is not None:
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
    connection.execute(_ADD_ENTRY, [entry_values(entry) for entry in entries])
    bodies = [{"seq": entry.seq, "body": one.payload} for entry, one in zip(entries, new, strict=True)]
    connection.execute(_ADD_PAYLOAD, bodies)
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
    values = queue_values(queue_row(state))
    moved = {f"to_{name}": value for name, value in values.items() if name != "case_id"}
    if not connection.execute(_MOVE_CASE, {"case": state.case_id, **moved}).rowcount:
        connection.execute(_ADD_CASE, [values])
    return state


def project_account(connection: Connection, event: Event) -> None:
    """Write the row of the account that the event changes, if it changes one, and take away the secrets that it puts an
    end to. Raises LoginTaken."""
    account_id = account_of(event)
    if account_id is None:
        return
    row = connection.execute(select(AccountRow.__table__).where(AccountRow.account_id == account_id)).first()
    account = advance_account(read_account(row) if row else None, event)
    write_account(connection, account)
    remove_unsealed(connection, account)


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
