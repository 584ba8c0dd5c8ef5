"""Accounts: what they may be called, how they are kept, and that somebody can always administer the desk."""

from __future__ import annotations

import re

import pytest

from drafter.adapters.passwords import Passwords
from drafter.domain.review.passwords import login_fault, password_fault
from drafter.domain.review.people import ReviewerProfile, Role
from drafter.errors import AccountInvalid, LoginTaken, UnknownAccount
from drafter.services.access.accounts import Accounts, first_administrator, temporary_password
from tests.fakes import FakeRecordStore

PASSWORD = "seven lamps on a quiet shelf"


@pytest.fixture
def accounts() -> Accounts:
    return Accounts(store=FakeRecordStore(), passwords=Passwords(cheap=True))


def test_a_new_account_has_a_temporary_password_that_nobody_keeps(accounts: Accounts):
    account, password = accounts.add(login="m.keller", roles=("reviewer",), actor="system")

    assert account.must_choose_password
    assert password not in account.password_hash
    assert Passwords().matches(password, account.password_hash)


def test_a_login_is_one_whatever_the_case_of_its_letters(accounts: Accounts):
    accounts.add(login="m.keller", roles=("reviewer",), actor="system")

    with pytest.raises(LoginTaken):
        accounts.add(login="M.Keller", roles=("qa",), actor="system")
    assert accounts.named("M.KELLER").login == "m.keller"


@pytest.mark.parametrize("login", ["", "x", "two words", "-minus", "a/b", "ü.ber", "a" * 65, "<b>"])
def test_a_login_that_reads_differently_elsewhere_is_refused(login: str):
    assert login_fault(login)


@pytest.mark.parametrize(
    ("password", "second_factor", "good"),
    [
        ("fourteen chars", False, False),
        ("fifteen chars..", False, True),
        ("seven 7", True, False),
        ("eight ch", True, True),
        ("aaaaaaaaaaaaaaaaaaaa", False, False),
        ("passwordpassword", False, False),
        ("m.keller.m.keller", False, False),
        ("x" * 300, False, False),
        (PASSWORD, False, True),
    ],
)
def test_a_password_is_as_long_as_what_stands_beside_it_asks(password: str, second_factor: bool, good: bool):
    assert (password_fault(password, login="m.keller", second_factor=second_factor) is None) == good


@pytest.mark.parametrize("roles", [(), ("surgeon",)])
def test_an_account_without_a_role_of_the_desk_is_refused(accounts: Accounts, roles: tuple[Role, ...]):
    with pytest.raises(AccountInvalid, match="one or more of the roles"):
        accounts.add(login="nobody", roles=roles, actor="system")


def test_the_last_administrator_stays_one(accounts: Accounts):
    first = first_administrator(accounts, login="office", password=PASSWORD)
    with pytest.raises(AccountInvalid, match="only administrator"):
        accounts.change_roles(first, ("qa",), actor=first.account_id)
    second, _ = accounts.add(login="deputy", roles=("admin",), actor=first.account_id)

    accounts.deactivate(first, actor=second.account_id)

    with pytest.raises(AccountInvalid, match="only administrator"):
        accounts.deactivate(second, actor=second.account_id)


def test_there_is_a_first_administrator_once(accounts: Accounts):
    first_administrator(accounts, login="office", password=PASSWORD)

    with pytest.raises(AccountInvalid, match="accounts already"):
        first_administrator(accounts, login="other", password=PASSWORD)


def test_a_reset_takes_the_second_factor_away_and_says_who_did_it(accounts: Accounts):
    account, _ = accounts.add(login="m.keller", roles=("reviewer",), actor="system", password=PASSWORD)
    accounts.turn_on_second_factor(account, "JBSWY3DPEHPK3PXP")

    accounts.reset(accounts.named("m.keller"), actor="office-1")

    after = accounts.named("m.keller")
    assert (after.totp_secret, after.must_choose_password) == (None, True)
    last = list(accounts._store.entries())[-2:]
    assert [(entry.actor, entry.action) for entry in last] == [
        ("office-1", "password-set"),
        ("office-1", "second-factor-set"),
    ]


def test_a_profile_without_what_a_letter_prints_is_refused(accounts: Accounts):
    account, _ = accounts.add(login="m.keller", roles=("reviewer",), actor="system")

    with pytest.raises(AccountInvalid, match="specialty and state"):
        accounts.set_profile(account, ReviewerProfile(specialty=" ", licensure="California"), actor="system")


def test_who_is_not_there_is_told_as_such(accounts: Accounts):
    with pytest.raises(UnknownAccount):
        accounts.named("nobody")


def test_a_temporary_password_can_be_read_out_and_is_never_the_same():
    made = {temporary_password() for _ in range(50)}

    assert len(made) == 50
    assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){4}[a-hjkmnp-z2-9]{4}", one) for one in made)
