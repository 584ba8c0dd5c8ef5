"""Two processes of a desk over one database keep one count of attempts, and take a one-time code, or an answer
of the identity provider, once between them."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from drafter.adapters.attempts import Attempts
from drafter.adapters.record_store.signing_in import SqlUsedCodes, SqlUsedFlows, SqlWindows
from drafter.adapters.second_factor import SecondFactor
from drafter.adapters.used_flows import UsedFlowsHere
from drafter.domain.review.sign_on import LONGEST_WAY
from drafter.errors import TooManyAttempts
from tests.web_factories import MovingClock


def test_attempts_at_either_process_count_together_until_their_window_is_over(databases):
    clock = MovingClock()
    here, there = (Attempts(an_account=3, windows=SqlWindows(one, clock=clock)) for one in databases)
    for at in (here, there, here):
        at.count(login="m.keller", address="192.0.2.1")

    for at in (here, there):
        with pytest.raises(TooManyAttempts):
            at.count(login="M.Keller", address="192.0.2.2")
    there.count(login="somebody.else", address="192.0.2.1")
    clock.pass_by(minutes=16)
    there.count(login="m.keller", address="192.0.2.1")


def test_a_sign_in_at_one_process_starts_the_count_anew_at_the_other(databases):
    clock = MovingClock()
    here, there = (Attempts(an_account=2, windows=SqlWindows(one, clock=clock)) for one in databases)
    for at in (here, there):
        at.count(login="m.keller", address="192.0.2.1")
    here.forget(login="m.keller")

    there.count(login="m.keller", address="192.0.2.1")
    assert here.worth_recording(address="192.0.2.1")
    assert not there.worth_recording(address="192.0.2.1")


def test_a_code_holds_once_for_each_purpose_whichever_process_saw_it(databases):
    clock = MovingClock()
    here, there = (SecondFactor(SqlUsedCodes(one)) for one in databases)
    secret = here.new_secret()
    code = pyotp.TOTP(secret).at(clock.now())

    assert here.accepts(secret, code, at=clock.now(), owner="a-1", purpose="sign-in")
    assert not there.accepts(secret, code, at=clock.now(), owner="a-1", purpose="sign-in")
    assert there.accepts(secret, code, at=clock.now(), owner="a-1", purpose="confirm")
    clock.pass_by(seconds=30)
    later = pyotp.TOTP(secret).at(clock.now())
    assert there.accepts(secret, later, at=clock.now(), owner="a-1", purpose="sign-in")


def test_an_answer_holds_once_whichever_process_it_came_to(databases):
    clock = MovingClock()
    here, there = (SqlUsedFlows(one, clock=clock) for one in databases)
    until = clock.now() + LONGEST_WAY

    assert here.take("a", until=until)
    assert not there.take("a", until=until)
    assert there.take("b", until=until)
    clock.pass_by(minutes=30)
    assert here.take("c", until=clock.now() + timedelta(minutes=1))


def test_one_process_remembers_an_answer_as_long_as_it_could_be_shown():
    clock = MovingClock()
    used = UsedFlowsHere(clock=clock)

    assert used.take("a", until=clock.now() + LONGEST_WAY)
    clock.pass_by(minutes=9)
    assert not used.take("a", until=clock.now() + LONGEST_WAY)
