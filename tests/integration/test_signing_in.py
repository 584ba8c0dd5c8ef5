"""Coming in: first start, password, second factor, sessions that end, attempts that run out."""

from __future__ import annotations

import re
from typing import Any

import pyotp
import pytest
from argon2.exceptions import VerifyMismatchError

from drafter.adapters.attempts import Attempts
from tests.web_factories import PASSWORD, Desk

NEW = "nine kettles under a bridge"


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_first_start_makes_the_administrator_and_nobody_after(desk: Desk):
    browser, code = desk.browser(), desk.parts.first_code
    assert browser.get("/").headers["location"] == "/first-run"
    assert browser.get("/sign-in").headers["location"] == "/first-run"

    made = browser.post("/first-run", on="/first-run", code=code, login="root", password=PASSWORD, again=PASSWORD)

    assert made.headers["location"] == "/accounts"
    assert browser.get("/accounts").status_code == 200
    late = desk.browser()
    assert late.get("/first-run").headers["location"] == "/sign-in"
    again = late.post("/first-run", on="/sign-in", code=code, login="evil", password=PASSWORD, again=PASSWORD)
    assert again.status_code == 422
    assert [account.login for account in desk.parts.accounts.all()] == ["root"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"code": "0000-0000-0000"}, "The code is another one"),
        ({"again": "something else entirely"}, "The two passwords differ"),
        ({"password": "too short", "again": "too short"}, "use 15 or more"),
        ({"password": "password password", "again": "password password"}, "easy to foresee"),
        ({"login": "two words"}, "A login is"),
    ],
)
def test_a_first_start_that_is_wrong_says_why(desk: Desk, changed: dict[str, str], said: str):
    told: dict[str, Any] = {
        "code": desk.parts.first_code or "",
        "login": "root",
        "password": PASSWORD,
        "again": PASSWORD,
    } | changed

    answer = desk.browser().post("/first-run", on="/first-run", **told)

    assert answer.status_code == 422
    assert said in answer.text
    assert desk.parts.accounts.all() == ()


@pytest.mark.parametrize(("login", "password"), [("nobody", PASSWORD), ("her", "wrong"), ("her", ""), ("", "")])
def test_a_refusal_never_says_what_was_wrong(desk: Desk, login: str, password: str):
    desk.person("reviewer", login="her")

    answer = desk.browser().sign_in(login, password=password)

    assert answer.status_code == 401
    assert "Login, password or one-time code is wrong." in answer.text


def test_an_unknown_login_costs_the_same_work_as_a_known_one(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    verified: list[str] = []

    def verify(_: object, kept: str, given: str) -> bool:
        verified.append(kept)
        raise VerifyMismatchError

    hasher = type(desk.parts.sign_in._passwords._hasher)
    monkeypatch.setattr(hasher, "verify", verify)
    desk.person("reviewer", login="her")
    browser = desk.browser()

    browser.sign_in("nobody")
    browser.sign_in("her")

    assert len(verified) == 2
    assert all(kept.startswith("$argon2id$") for kept in verified)


def test_sign_ins_and_refusals_are_on_record(desk: Desk):
    account = desk.person("reviewer")
    browser = desk.browser()

    browser.sign_in(account.login, password="wrong")
    browser.sign_in("nobody at all")
    browser.sign_in(account.login)

    happened = [one.event for one in desk.store.history(actions=("sign-in-refused", "signed-in"))]
    assert [getattr(one, "why", "in") for one in happened] == ["password", "unknown", "in"]


def test_a_session_that_somebody_planted_is_none_and_signing_in_makes_another(desk: Desk):
    account = desk.person("reviewer")
    key = desk.browser(account).client.cookies["desk"]
    victim = desk.browser()
    page = victim.get("/sign-in", headers={"Cookie": "desk=planted"})
    token = re.search(r'name="csrf" value="(\w+)"', page.text)
    assert token

    answer = victim.client.post(
        "/sign-in",
        data={"csrf": token[1], "login": account.login, "password": PASSWORD},
        headers={"Origin": victim.origin, "Cookie": f"desk=planted; desk-guest={victim.client.cookies['desk-guest']}"},
    )

    given = re.search(r"desk=([\w-]{43});", " ".join(answer.headers.get_list("set-cookie")))
    assert given
    assert given[1] not in ("planted", key)
    thief = desk.browser()
    thief.client.cookies.set("desk", "planted")
    assert thief.get("/cases").status_code == 303


def test_a_session_ends_after_fifteen_minutes_of_nothing(desk: Desk):
    browser = desk.browser(desk.person("reviewer"))
    for _ in range(5):
        desk.clock.pass_by(minutes=14)
        assert browser.get("/cases").status_code == 200

    desk.clock.pass_by(minutes=15, seconds=1)

    assert browser.get("/cases").headers["location"] == "/sign-in?then=/cases"


def test_a_session_ends_after_twelve_hours_whatever_happens(desk: Desk):
    browser = desk.browser(desk.person("reviewer"))
    for _ in range(12 * 6):
        desk.clock.pass_by(minutes=10)
        assert browser.get("/cases").status_code == 200

    desk.clock.pass_by(minutes=1)

    assert browser.get("/cases").status_code == 303


def test_signing_in_leads_back_to_where_one_was_and_never_elsewhere(desk: Desk):
    account = desk.person("reviewer")

    def leads(then: str) -> str:
        browser = desk.browser()
        answer = browser.post("/sign-in", on="/sign-in", login=account.login, password=PASSWORD, then=then)
        return str(answer.headers["location"])

    assert leads("/cases/abc/assign") == "/cases/abc/assign"
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/sign-in"):
        assert leads(elsewhere) == "/"


def test_signing_out_ends_the_session_itself(desk: Desk):
    browser = desk.browser(desk.person("reviewer"))
    key = browser.client.cookies["desk"]

    browser.post("/sign-out")

    thief = desk.browser()
    thief.client.cookies.set("desk", key)
    assert thief.get("/cases").status_code == 303


def test_over_https_cookies_are_for_this_host_alone():
    desk = Desk(secure=True)
    desk.person("reviewer", login="her")

    answer = desk.browser().sign_in("her")

    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("__Host-desk="))
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert answer.headers["strict-transport-security"]


def test_attempts_on_one_account_run_out_and_the_right_password_waits_too():
    desk = Desk(attempts=Attempts(an_account=3, an_address=100))
    desk.person("reviewer", login="her")
    browser = desk.browser()
    for _ in range(3):
        assert browser.sign_in("her", password="wrong").status_code == 401

    answer = browser.sign_in("HER")

    assert answer.status_code == 429
    assert "Wait up to 15 minutes" in answer.text


def test_attempts_from_one_address_run_out_over_all_accounts():
    desk = Desk(attempts=Attempts(an_account=100, an_address=5))
    desk.person("reviewer", login="her")
    browser = desk.browser()
    for number in range(5):
        browser.sign_in(f"guess-{number}", password="wrong")

    assert browser.sign_in("her").status_code == 429


def test_a_second_factor_is_set_up_with_a_code_and_asked_for_ever_after(desk: Desk):
    account = desk.person("reviewer", login="her")
    browser = desk.browser(account)
    page = browser.get("/account/second-factor").text
    secret = re.search(r'class="once"[^>]*>([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]
    assert "<svg" in page

    wrong = browser.post("/account/second-factor", on="/account/second-factor", code="000000")
    assert wrong.status_code == 422
    assert secret in wrong.text.replace(" ", "")
    code = pyotp.TOTP(secret).at(desk.clock.now())
    assert browser.post("/account/second-factor", on="/account/second-factor", code=code).status_code == 303

    assert desk.browser().sign_in("her").status_code == 401
    assert desk.browser().sign_in("her", code=code).status_code == 303
    assert desk.browser().sign_in("her", code=code).status_code == 401, "a code holds once"
    desk.clock.pass_by(seconds=60)
    assert desk.browser().sign_in("her", code=pyotp.TOTP(secret).at(desk.clock.now())).status_code == 303


def test_a_short_password_cannot_stand_without_the_second_factor(desk: Desk):
    account = desk.person("reviewer", login="her")
    desk.parts.accounts.turn_on_second_factor(account, pyotp.random_base32())
    account = desk.parts.accounts.named("her")
    desk.parts.accounts.choose_password(account, old=PASSWORD, new="tin whistle")
    code = pyotp.TOTP(account.totp_secret or "").at(desk.clock.now())
    browser = desk.browser(account, password="tin whistle", code=code)

    answer = browser.post("/account/second-factor/off", password="tin whistle")

    assert answer.status_code == 422
    assert "use 15 or more" in answer.text
    assert desk.parts.accounts.named("her").totp_secret


def test_a_temporary_password_opens_the_choice_of_a_new_one_and_ends_there(desk: Desk):
    admin, her = desk.browser(desk.person("admin")), desk.person("reviewer", login="her")
    old = desk.browser(her)
    page = admin.post(f"/accounts/{her.account_id}/reset").text
    temporary = re.search(r'class="once">([a-z0-9-]+)<', page)[1]  # type: ignore[index]
    assert old.get("/cases").status_code == 303, "her sessions have ended"

    browser = desk.browser()
    browser.sign_in("her", password=temporary)
    assert browser.get("/cases").headers["location"] == "/account/password"
    chosen = browser.post("/account/password", on="/account/password", old=temporary, new=NEW, again=NEW)

    assert chosen.headers["location"] == "/"
    assert browser.get("/cases").status_code == 200
    assert desk.browser().sign_in("her", password=temporary).status_code == 401


def test_the_last_administrator_cannot_be_taken_away(desk: Desk):
    her = desk.person("admin", login="her")
    browser = desk.browser(her)

    answer = browser.post(f"/accounts/{her.account_id}/deactivate")

    assert answer.status_code == 422
    assert "her is the only administrator" in answer.text


def test_a_poll_of_the_page_does_not_keep_a_session_alive(desk: Desk):
    key = desk.browser(desk.person("reviewer")).client.cookies["desk"]
    for _ in range(3):
        desk.clock.pass_by(minutes=6)
        left = desk.parts.sign_in.visitor(key, keeps_alive=False)

    assert left is None


@pytest.mark.bad_input(39)
def test_a_session_that_ended_while_typing_leads_back_to_the_very_item(desk: Desk):
    reviewer = desk.person("reviewer")
    browser, case_id = desk.browser(reviewer), desk.case(assigned_to=reviewer)
    token = browser.token("/account")
    desk.clock.pass_by(minutes=16)

    path = f"/cases/{case_id}/items/1/sentences/0"
    answer = browser.client.post(path, data={"csrf": token, "text": "typed"}, headers={"Origin": browser.origin})

    assert answer.status_code == 401
    assert f"/sign-in?then=/cases/{case_id}/items/1" in answer.text


def test_signing_out_everywhere_ends_every_session_of_the_account(desk: Desk):
    account = desk.person("reviewer")
    here, there = desk.browser(account), desk.browser(account)

    here.post("/account/sessions/end")

    assert there.get("/cases").status_code == 303
    assert here.get("/cases").status_code == 303
