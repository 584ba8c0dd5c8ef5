"""Opening a case at the desk: once, without its own answer, taken or assigned by who may."""

from __future__ import annotations

from typing import Any

import pytest

from drafter.errors import NotAllowed, NothingToRead
from drafter.services.desk.journal import case_state
from drafter.services.desk.opening import assign, declare_conflict, open_case, take
from tests.desk_factories import OTHER, QA, REVIEWER, opened_case
from tests.factories import make_case, make_item
from tests.fakes import FakeRecordStore, TickingClock


def test_the_same_file_twice_is_one_case():
    store = FakeRecordStore()
    given: dict[str, Any] = {"source_name": "a.pdf", "store": store, "clock": TickingClock(), "actor": "reviewer-1"}
    first = open_case(make_case(), data=b"x", **given)
    again = open_case(make_case(), data=b"x", **given)
    assert (first.known, again.known, again.case_id) == (False, True, first.case_id)


def test_a_published_letters_own_answer_never_enters_the_record():
    store = FakeRecordStore()
    case = make_case(items=(make_item(determination="overturned", rationale="Because it is so."),))
    state = case_state(store, opened_case(store, case))
    assert state.case.items[0].determination is None
    assert state.case.items[0].rationale is None


def test_a_case_without_a_treatment_in_dispute_is_refused():
    with pytest.raises(NothingToRead, match="names no treatment"):
        opened_case(FakeRecordStore(), make_case(items=()))


def test_a_free_case_is_taken_once():
    store = FakeRecordStore()
    opened = open_case(make_case(), data=b"x", source_name="a", store=store, clock=TickingClock(), actor="admin-1")
    take(opened.case_id, by=REVIEWER, store=store, request_id="a")
    with pytest.raises(NotAllowed, match="Another reviewer"):
        take(opened.case_id, by=OTHER, store=store, request_id="b")


def test_a_case_goes_back_to_the_queue_where_its_reviewer_has_a_tie(desk):
    declare_conflict(desk.case_id, clear=False, words="I treated him.", store=desk.store, by=REVIEWER, request_id="x")
    assert desk.state.assigned_to is None


def test_a_case_is_assigned_to_reviewers_only(desk):
    with pytest.raises(NotAllowed, match="no active reviewer"):
        assign(desk.case_id, to=QA, store=desk.store, actor="admin-1", request_id="x")
