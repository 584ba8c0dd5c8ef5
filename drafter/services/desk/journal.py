"""How the desk writes to and reads from the record: an event of a person about a case, and the case as it stands."""

from __future__ import annotations

from drafter.domain.review.audit import Entry, new_entry
from drafter.domain.review.events import Event, StoreOpened
from drafter.domain.review.state import CaseState, ItemState
from drafter.errors import UnknownCase, UnknownItem
from drafter.ports import RecordStore


def case_state(store: RecordStore, case_id: str) -> CaseState:
    """Raises UnknownCase where the record holds no such case, or no longer."""
    state = store.state(case_id)
    if state is None:
        raise UnknownCase("There is no such case in the record; go back to the queue.")
    return state


def item_state(state: CaseState, number: int) -> ItemState:
    """Raises UnknownItem where the case has no such item."""
    try:
        return state.item(number)
    except KeyError:
        raise UnknownItem(f"The case has no item {number}; choose one that it has.") from None


def record(
    store: RecordStore, event: Event, *, actor: str, case_id: str, request_id: str, head: int | None = None
) -> Entry:
    """Appends one event; with `head`, only if the case has not moved since. Raises CaseMoved and the store's faults."""
    return store.append(new_entry(event, actor=actor, case_id=case_id, request_id=request_id), expected_head=head)


def opened_with(store: RecordStore) -> str:
    """The database that the record says it was last opened with, and its version; empty for a record in memory."""
    database = ""
    for moment in store.history(actions=("store-opened",)):
        if isinstance(moment.event, StoreOpened):
            database = moment.event.database
    return database


def known_request(store: RecordStore, case_id: str, request_id: str, *, by: str) -> Entry | None:
    """The entry that this person's request made already: a retry after a lost answer changes nothing again."""
    mine = (e for e in store.entries(case_id=case_id) if e.request_id == request_id and e.actor == by)
    return next(mine, None)
