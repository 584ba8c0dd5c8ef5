"""The record store on a database (port `drafter.ports.RecordStore`).

What is acknowledged is on the disk: `append_all` returns after the commit, and a commit is synchronous on both
databases. A state that was folded once is kept in memory and carried on; it is used only where its head is the case's
head in the database, so several programs may write to one store.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from drafter.adapters.record_store.appending import (
    append_entries,
    project_account,
    project_case,
    recorded_before,
    refuse_if_moved,
)
from drafter.adapters.record_store.audit_pages import audit_page
from drafter.adapters.record_store.commits import SharedCommits
from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.ephemeral import SqlSessions, SqlUnsavedTexts
from drafter.adapters.record_store.reading import (
    entries_after,
    head_of,
    payload_event,
    queue_page,
    recorded_after,
    state_at,
)
from drafter.adapters.record_store.rows import identity_text, read_account
from drafter.adapters.record_store.secrets import secrets_of, write_secrets
from drafter.adapters.record_store.tables import AccountRow, SecretRow
from drafter.adapters.record_store.witness import Witness
from drafter.domain.review.audit import Entry, NewEntry, happened, read_event
from drafter.domain.review.audit_page import AuditFilter, AuditPage
from drafter.domain.review.events import Event
from drafter.domain.review.people import Account, Identity
from drafter.domain.review.queue_page import QueueFilter, QueuePage
from drafter.domain.review.secrets import Secret, with_secrets
from drafter.domain.review.state import CaseState, Happened
from drafter.domain.review.told import facts_of_events
from drafter.domain.watching import UNWATCHED
from drafter.ports import Clock, Watch

_STATES_KEPT = 64
_WITH_SECRETS = select(AccountRow.__table__, SecretRow.kind, SecretRow.salt, SecretRow.value).outerjoin(
    SecretRow, SecretRow.account_id == AccountRow.account_id
)
_REMOVING = (
    "purged",
    "password-set",
    "second-factor-set",
    "identity-linked",
)  # what stood there before is to be gone from the disk too


class SqlRecordStore:
    """See `drafter.ports.RecordStore`."""

    def __init__(
        self, database: Database, *, clock: Clock, witness: Witness | None = None, watch: Watch = UNWATCHED
    ) -> None:
        self.database = database
        self._commits = SharedCommits(database)
        self.sessions = SqlSessions(database, self._commits)
        self.unsaved = SqlUnsavedTexts(database, self._commits)
        self._clock = clock
        self._witness = witness
        self._watch = watch
        self._states = _KnownStates()

    def append(self, new: NewEntry, *, expected_head: int | None = None) -> Entry:
        return self.append_all([new], expected_head=expected_head)[0]

    def append_all(
        self, new: Sequence[NewEntry], *, expected_head: int | None = None, secrets: Sequence[Secret] = ()
    ) -> tuple[Entry, ...]:
        case_id = one_case(new)
        events = [read_event(one.payload) for one in new]

        def write(connection: Connection) -> _Written:
            if before := recorded_before(connection, new):
                return _Written(entries=before, state=None, anew=False)
            written = self._append(connection, new, events, case_id=case_id, expected_head=expected_head)
            write_secrets(connection, secrets)
            return written

        with self._watch.step("record") as tell:
            written = self._commits.run(write)
            if written.anew:
                self._after_commit(written, case_id)
                tell(facts_of_events(events))
        return written.entries

    def _append(
        self,
        connection: Connection,
        new: Sequence[NewEntry],
        events: Sequence[Event],
        *,
        case_id: str | None,
        expected_head: int | None,
    ) -> _Written:
        state: CaseState | None = None
        if case_id is not None:
            head = refuse_if_moved(connection, case_id, expected_head=expected_head)
            state = state_at(connection, case_id, head=head, known=self._states.find(case_id))
        entries = append_entries(connection, new, clock=self._clock)
        if case_id is not None:
            state = project_case(connection, entries, events, before=state)
        for event in events:
            project_account(connection, event)
        if self._witness:
            self._witness.in_transaction(connection, entries)
        return _Written(entries=entries, state=state, anew=True)

    def _after_commit(self, written: _Written, case_id: str | None) -> None:
        if self._witness:
            self._witness.after_commit(self.database, written.entries)
        self._remember(case_id, written.state)
        if any(entry.action in _REMOVING for entry in written.entries):
            self.database.forget_removed()

    def entries(self, *, case_id: str | None = None, after: int = 0, actions: Sequence[str] = ()) -> Iterator[Entry]:
        while True:
            with self.database.read() as connection:
                found = entries_after(connection, case_id=case_id, after=after, actions=actions)
            if not found:
                return
            yield from found
            after = found[-1].seq

    def history(self, *, case_id: str | None = None, after: int = 0, actions: Sequence[str] = ()) -> Iterator[Happened]:
        while True:
            with self.database.read() as connection:
                found = recorded_after(connection, case_id=case_id, after=after, actions=actions)
            if not found:
                return
            yield from (happened(entry, event) for entry, event in found if event is not None)
            after = found[-1][0].seq

    def event(self, entry: Entry) -> Event | None:
        with self.database.read() as connection:
            return payload_event(connection, entry)

    def state(self, case_id: str) -> CaseState | None:
        known = self._states.find(case_id)
        if known is not None:
            with self.database.look() as connection:
                if head_of(connection, case_id) == known.head:
                    return known
        with self.database.read() as connection:
            head = head_of(connection, case_id)
            state = state_at(connection, case_id, head=head, known=self._states.find(case_id)) if head else None
        self._remember(case_id, state)
        return state

    def queue(self, asked: QueueFilter) -> QueuePage:
        with self.database.read() as connection:
            return queue_page(connection, asked)

    def audit_page(self, asked: AuditFilter) -> AuditPage:
        with self.database.read() as connection:
            return audit_page(connection, asked)

    def account(
        self, *, account_id: str | None = None, login: str | None = None, identity: Identity | None = None
    ) -> Account | None:
        asked = _WITH_SECRETS
        asked = asked.where(AccountRow.identity == identity_text(identity)) if identity is not None else asked
        asked = asked.where(AccountRow.account_id == account_id) if account_id is not None else asked
        asked = asked.where(AccountRow.login_folded == login.casefold()) if login is not None else asked
        with self.database.look() as connection:
            rows = connection.execute(asked).all() if (account_id, login, identity) != (None, None, None) else []
        held = tuple(
            Secret(account_id=row.account_id, kind=row.kind, salt=row.salt, value=row.value) for row in rows if row.kind
        )
        return with_secrets(read_account(rows[0]), held) if rows else None

    def accounts(self) -> tuple[Account, ...]:
        with self.database.read() as connection:
            rows = connection.execute(select(AccountRow.__table__).order_by(AccountRow.login_folded)).all()
            held = secrets_of(connection)
            return tuple(with_secrets(read_account(row), held) for row in rows)

    def _remember(self, case_id: str | None, state: CaseState | None) -> None:
        if state is not None:
            self._states.keep(state)
        elif case_id is not None:
            self._states.forget(case_id)

    def close(self) -> None:
        self.database.close()


@dataclass(frozen=True, kw_only=True)
class _Written:
    """The entries of a request, whether they are new, and the case's state after them."""

    entries: tuple[Entry, ...]
    state: CaseState | None
    anew: bool


def one_case(new: Sequence[NewEntry]) -> str | None:
    """The case that the entries are of, None for none. Raises ValueError for entries of two."""
    cases = {one.case_id for one in new}
    if len(cases) != 1:
        raise ValueError("entries that are recorded together are of one case or of none")
    return cases.pop()


class _KnownStates:
    """The states folded last, by case."""

    def __init__(self) -> None:
        self._states: OrderedDict[str, CaseState] = OrderedDict()
        self._turn = threading.Lock()

    def find(self, case_id: str) -> CaseState | None:
        with self._turn:
            return self._states.get(case_id)

    def keep(self, state: CaseState) -> None:
        with self._turn:
            held = self._states.get(state.case_id)
            if held is None or held.head < state.head:
                self._states[state.case_id] = state
            self._states.move_to_end(state.case_id)
            if len(self._states) > _STATES_KEPT:
                self._states.popitem(last=False)

    def forget(self, case_id: str) -> None:
        """Of a case that was purged nothing stays, in memory neither."""
        with self._turn:
            self._states.pop(case_id, None)
