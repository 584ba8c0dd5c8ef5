"""A way to the identity provider and back, the roles that groups give, and logins made of what it calls people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.domain.review.passwords import login_fault
from drafter.domain.review.people import Role
from drafter.domain.review.sign_on import LONGEST_WAY, Flow, flow_text, login_from, read_flow, roles_of

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
FLOW = Flow(key="a" * 43, begun=NOW, purpose="sign-in", then="/cases")


def test_state_nonce_and_verifier_are_different_and_tell_nothing_of_each_other():
    derived = {FLOW.state, FLOW.nonce, FLOW.verifier, FLOW.name}

    assert len(derived) == 4
    assert FLOW.key not in "".join(derived)
    assert len(FLOW.verifier) == 43, "as long as PKCE asks for at least"


@pytest.mark.parametrize(
    "other",
    [{"key": "b" * 43}, {"begun": NOW + timedelta(seconds=1)}, {"purpose": "confirm"}, {"then": "/accounts"}],
    ids=["another browser", "another moment", "another purpose", "another page"],
)
def test_a_way_for_anything_else_has_another_state(other: dict[str, object]):
    assert FLOW.model_copy(update=other).state != FLOW.state


def test_a_way_comes_back_from_its_cookie_and_nothing_else_does():
    assert read_flow(flow_text(FLOW)) == FLOW
    for text in ("", "x", "====", flow_text(FLOW)[:-5], "e30", "\N{SNOWMAN}"):
        assert read_flow(text) is None


@given(st.text())
def test_no_cookie_breaks_the_reader(text: str):
    read_flow(text)


def test_a_way_is_over_after_ten_minutes_and_before_it_began():
    assert not FLOW.is_over(NOW)
    assert not FLOW.is_over(NOW + LONGEST_WAY)
    assert FLOW.is_over(NOW + LONGEST_WAY + timedelta(seconds=1))
    assert FLOW.is_over(NOW - timedelta(minutes=2))


def test_groups_give_their_roles_together_and_unknown_ones_none():
    table: dict[str, tuple[Role, ...]] = {"a": ("qa",), "b": ("reviewer", "qa")}

    assert roles_of(("b", "a", "chess"), table) == ("reviewer", "qa")
    assert roles_of(("chess",), table) == ()


@given(st.text(), st.text(min_size=1))
def test_whatever_a_provider_calls_somebody_becomes_a_login(named: str, subject: str):
    assert login_fault(login_from(named, subject)) is None


def test_a_login_is_what_stands_before_an_at_sign():
    assert login_from("M.Keller@example.org", "1") == "M.Keller"
    assert login_from("", "1") == login_from("@", "1") != login_from("", "2")
