"""The queue: which cases each view holds, and how its dates are told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from drafter.domain.review.audit import new_entry
from drafter.domain.review.events import CaseAssigned
from drafter.services.queue import AskedQueue, View, counts, look, own_burning, views_of
from drafter.web.wording import days_left
from tests.factories import make_case, make_item
from tests.fakes import FakeRecordStore
from tests.review_factories import make_account, make_blocker, make_drafted, make_opened, make_revised

TODAY = date(2016, 11, 9)
HER = make_account()


@pytest.fixture(scope="module")
def store() -> FakeRecordStore:
    """Hers: late, blocked, decided. Free: one, due in a week. Somebody else's: late."""
    store, number = FakeRecordStore(), 0
    blocked = make_revised(determination=None, findings=(make_blocker(),))
    for case_id, days, holder, events in (
        ("late", -3, HER.account_id, ()),
        ("blocked", 2, HER.account_id, (make_drafted(), blocked)),
        ("decided", 5, HER.account_id, (make_drafted(), make_revised())),
        ("free", 7, None, ()),
        ("others", -1, "reviewer-2", ()),
    ):
        case = make_case(case_number=case_id.upper(), items=(make_item(treatment=f"MRI, {case_id} knee"),))
        opened = make_opened(case=case, due=TODAY + timedelta(days=days))
        for event in (opened, CaseAssigned(account_id=holder), *events):
            number += 1
            store.append(new_entry(event, actor="system", request_id=str(number), case_id=case_id))
    return store


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("mine", ["late", "blocked", "decided"]),
        ("free", ["free"]),
        ("overdue", ["late", "others"]),
        ("blocked", ["blocked"]),
        ("signed", []),
        ("all", ["late", "others", "blocked", "decided", "free"]),
    ],
)
def test_a_view_holds_its_cases_soonest_due_first(store: FakeRecordStore, view: View, expected: list[str]):
    found = look(store, AskedQueue(view=view), person=HER, today=TODAY)

    assert [row.case_id for row in found.rows] == expected
    assert counts(store, person=HER, today=TODAY)[view] == len(expected)


def test_words_are_looked_for_in_numbers_and_treatments(store: FakeRecordStore):
    found = look(store, AskedQueue(view="all"), person=HER, today=TODAY, text="MRI decided")

    assert [row.case_id for row in found.rows] == ["decided"]


def test_a_status_outside_of_a_view_finds_nothing(store: FakeRecordStore):
    assert look(store, AskedQueue(view="mine", status="approved"), person=HER, today=TODAY).found == 0


def test_what_burns_is_counted_for_the_person_alone(store: FakeRecordStore):
    assert own_burning(store, person=HER, today=TODAY) == (1, 1)


def test_who_reviews_no_cases_has_none_of_her_own():
    assert "mine" not in views_of(make_account(roles=("qa",)))


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "Due today"), (1, "1 day left"), (9, "9 days left"), (-1, "1 day overdue"), (-4, "4 days overdue")],
)
def test_how_long_there_is_left_is_said_in_words(days: int, words: str):
    assert days_left(TODAY + timedelta(days=days), TODAY) == words
