"""The rows that the entries add up to, made anew: to be compared with those that stand, or to take their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select

from drafter.adapters.record_store.reading import streamed
from drafter.adapters.record_store.rows import account_values, queue_values
from drafter.adapters.record_store.secrets import secret_faults
from drafter.adapters.record_store.tables import AccountRow, CaseRow, EntryRow, PayloadRow
from drafter.domain.review.accounts import ACCOUNT_ACTIONS, account_of, advance_account
from drafter.domain.review.audit import read_event
from drafter.domain.review.faults import FaultName, RecordFault
from drafter.domain.review.people import Account
from drafter.domain.review.queue import queue_row
from drafter.domain.review.state import CaseState, Happened, advance

_RECORDED = select(EntryRow.seq, EntryRow.at, EntryRow.actor, EntryRow.case_id, PayloadRow.body).outerjoin(
    PayloadRow, PayloadRow.seq == EntryRow.seq
)
_FAULTS: Mapping[tuple[str, str], FaultName] = {
    ("case", "altered"): "case-row-altered",
    ("case", "missing"): "case-row-missing",
    ("case", "foreign"): "case-row-foreign",
    ("account", "altered"): "account-altered",
    ("account", "missing"): "account-missing",
    ("account", "foreign"): "account-foreign",
}

Values = dict[str, Any]


def write_projections(connection: Connection) -> None:
    """Fill the empty tables of cases and accounts. Raises ValueError or KeyError where events do not add up."""
    for row in _rows_of_cases(connection):
        connection.execute(insert(CaseRow), [row])
    for row in _rows_of_accounts(connection):
        connection.execute(insert(AccountRow), [row])


def projection_faults(connection: Connection) -> Iterator[RecordFault]:
    """Where a row of a case or an account is not what the entries add up to; columns are named, values are not.

    For a chain that holds. Raises ValueError or KeyError where events do not add up.
    """
    cases = {row.case_id: dict(row._mapping) for row in connection.execute(select(CaseRow.__table__))}
    yield from _differences("case", "case_id", _rows_of_cases(connection), cases)
    accounts = {row.account_id: dict(row._mapping) for row in connection.execute(select(AccountRow.__table__))}
    yield from _differences("account", "account_id", _rows_of_accounts(connection), accounts)
    yield from secret_faults(connection)


def _differences(
    what: Literal["case", "account"], key: str, computed: Iterator[Values], standing: dict[str, Values]
) -> Iterator[RecordFault]:
    for values in computed:
        name = values[key]
        found = standing.pop(name, None)
        if found is None:
            yield RecordFault(fault=_FAULTS[what, "missing"], message=f"the row of {what} {name} is missing")
        elif found != values:
            columns = ", ".join(column for column in values if found[column] != values[column])
            message = f"the row of {what} {name} is not what its entries add up to: {columns}"
            yield RecordFault(fault=_FAULTS[what, "altered"], message=message)
    for name in standing:
        yield RecordFault(fault=_FAULTS[what, "foreign"], message=f"no entry knows of {what} {name}, which has a row")


def _rows_of_cases(connection: Connection) -> Iterator[Values]:
    """The queue's row of every case that was not purged, by case id."""
    asked = _RECORDED.where(EntryRow.case_id.is_not(None)).order_by(EntryRow.case_id, EntryRow.seq)
    for _, rows in groupby(streamed(connection, asked), key=lambda row: row.case_id):
        state: CaseState | None = None
        for row in rows:
            moment = _happened(row)
            state = None if moment is None else advance(state, moment)
            if moment is None:
                break
        if state is not None and not state.purged:
            yield queue_values(queue_row(state))


def _rows_of_accounts(connection: Connection) -> Iterator[Values]:
    accounts: dict[str, Account] = {}
    asked = _RECORDED.where(EntryRow.action.in_(ACCOUNT_ACTIONS)).order_by(EntryRow.seq)
    for row in streamed(connection, asked):
        moment = _happened(row)
        if moment and (account_id := account_of(moment.event)):
            accounts[account_id] = advance_account(accounts.get(account_id), moment.event)
    yield from map(account_values, accounts.values())


def _happened(row: Row[Any]) -> Happened | None:
    """None where the payload was purged. That the payload is the entry's is for whoever reads the chain to say."""
    if row.body is None:
        return None
    at = datetime.fromisoformat(row.at)
    event = read_event(row.body)
    return Happened.model_construct(seq=row.seq, at=at, actor=row.actor, case_id=row.case_id, event=event)
