"""Who may do what, as the table of access says; the desk over HTTP is tried in tests/integration/test_routes.py."""

from __future__ import annotations

from typing import get_args

import pytest

from drafter.domain.review.access import ACCESS, Action, Ownership, allowed, ownership
from drafter.domain.review.people import ROLES
from tests.review_factories import make_account

PLACES: tuple[Ownership, ...] = get_args(Ownership)


def test_every_action_has_its_row_and_no_row_is_for_nothing():
    assert set(ACCESS) == set(get_args(Action))
    assert all(set(row) <= set(ROLES) and all(row.values()) for row in ACCESS.values())


@pytest.mark.parametrize("action", get_args(Action))
def test_an_inactive_account_may_do_nothing(action: Action):
    everybody = make_account(roles=ROLES, active=False)

    assert not any(allowed(everybody, action, where) for where in PLACES)


@pytest.mark.parametrize("action", ["edit-case", "answer-finding", "approve", "amend", "declare-conflict"])
def test_only_a_reviewer_works_on_a_case_and_only_on_her_own(action: Action):
    for role in ROLES:
        may = [where for where in PLACES if allowed(make_account(roles=(role,)), action, where)]
        assert may == (["own"] if role == "reviewer" else []), role


def test_nobody_countersigns_or_reads_a_second_time_what_is_her_own():
    both = make_account(roles=("reviewer", "qa"))

    assert not allowed(both, "countersign", "own")
    assert not allowed(both, "second-reading", "own")
    assert allowed(both, "countersign", "others")


def test_an_administrator_reads_no_record():
    admin = make_account(roles=("admin",))

    for action in get_args(Action):
        reads = action in ("read-case", "export", "read-history")
        assert not (reads and any(allowed(admin, action, where) for where in PLACES)), action


def test_whose_a_case_is_follows_from_its_assignment():
    account = make_account()

    assert ownership(account, assigned_to=account.account_id) == "own"
    assert ownership(account, assigned_to="somebody-else") == "others"
    assert ownership(account, assigned_to=None) == "free"
