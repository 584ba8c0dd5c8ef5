"""What the desk forbids browsers, other sites and large bodies, whatever the page."""

from __future__ import annotations

import json
import logging
import re

import pytest

from drafter.errors import StorageFull
from tests.web_factories import HOST, PASSWORD, Desk

CANARY = "Zebulon Quince, SSN 219-09-9999"


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("path", ["/sign-in", "/cases", "/nowhere", "/static/desk.css", "/health"])
def test_every_answer_forbids_frames_foreign_scripts_and_sniffing(desk: Desk, path: str):
    browser = desk.browser(desk.person("reviewer"))

    headers = browser.get(path).headers

    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"


def test_no_page_is_kept_by_a_cache_but_style_sheets_are(desk: Desk):
    browser = desk.browser(desk.person("reviewer"))
    sheet = re.search(r'href="(/static/desk\.css\?v=\w+)"', browser.get("/cases").text)
    assert sheet

    assert browser.get("/cases").headers["cache-control"] == "no-store"
    assert "immutable" in browser.get(sheet[1]).headers["cache-control"]


def test_a_nonce_is_used_once_and_every_script_has_it(desk: Desk):
    browser = desk.browser(desk.person("reviewer"))
    answers = [browser.get("/cases") for _ in range(2)]
    nonces = [re.search(r"'nonce-([^']+)'", answer.headers["content-security-policy"])[1] for answer in answers]  # type: ignore[index]

    assert nonces[0] != nonces[1]
    for answer, nonce in zip(answers, nonces, strict=True):
        scripts = re.findall(r"<script[^>]*>", answer.text)
        assert scripts
        assert all(f'nonce="{nonce}"' in script and "src=" in script for script in scripts)
        assert not re.search(r"\son[a-z]+=|\sstyle=", answer.text)


@pytest.mark.bad_input(40)
def test_a_form_of_another_site_is_refused_and_put_on_record(desk: Desk):
    account = desk.person("reviewer")
    browser = desk.browser(account)
    case_id = desk.case()

    answer = browser.post(f"/cases/{case_id}/take", headers={"Origin": "https://elsewhere.example"})

    assert answer.status_code == 403
    assert desk.store.state(case_id).assigned_to is None  # type: ignore[union-attr]
    refused = list(desk.store.history(actions=("access-refused",)))[-1]
    assert (refused.actor, refused.event.why) == (account.account_id, "origin")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "headers", [{"Origin": "null"}, {"Origin": f"https://{HOST}"}, {"Origin": f"http://{HOST}:81"}]
)
def test_only_the_very_origin_of_the_desk_will_do(desk: Desk, headers: dict[str, str]):
    browser = desk.browser(desk.person("reviewer"))

    assert browser.post("/cases/find", headers=headers, find="x").status_code == 403


def test_a_browser_that_names_no_origin_says_whence_it_comes(desk: Desk):
    browser = desk.browser(desk.person("reviewer"))
    token = browser.token("/account")

    answer = browser.client.post("/cases/find", data={"csrf": token}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


@pytest.mark.parametrize("token", ["", "0" * 64, "é\ud800".encode("utf-8", "surrogatepass").decode("latin-1")])
def test_a_form_without_the_token_of_its_session_changes_nothing(desk: Desk, token: str):
    browser, case_id = desk.browser(desk.person("reviewer")), desk.case()

    answer = browser.client.post(f"/cases/{case_id}/take", data={"csrf": token}, headers={"Origin": browser.origin})

    assert answer.status_code == 403
    assert desk.store.state(case_id).assigned_to is None  # type: ignore[union-attr]


def test_the_token_of_another_session_is_no_token_here(desk: Desk):
    mine, hers = (desk.browser(desk.person("reviewer")) for _ in range(2))

    answer = mine.client.post("/cases/find", data={"csrf": hers.token("/account")}, headers={"Origin": mine.origin})

    assert answer.status_code == 403


def test_signing_in_needs_the_token_of_the_page_that_asked(desk: Desk):
    account = desk.person("reviewer")
    browser = desk.browser()

    answer = browser.client.post(
        "/sign-in",
        data={"csrf": "0" * 64, "login": account.login, "password": PASSWORD},
        headers={"Origin": browser.origin},
    )

    assert answer.status_code == 403
    assert "desk" not in browser.client.cookies


def test_another_name_of_the_machine_is_no_way_to_the_desk(desk: Desk):
    assert desk.browser().get("/sign-in", headers={"Host": "rebound.example"}).status_code == 400


def test_a_body_over_its_limit_is_refused_before_it_is_read(desk: Desk):
    browser = desk.browser(desk.person("reviewer"))
    token = browser.token("/account")

    answer = browser.client.post(
        "/cases/find", data={"csrf": token, "find": "x" * 100_000}, headers={"Origin": browser.origin}
    )

    assert answer.status_code == 413
    assert "too large" in answer.text


def test_a_body_that_hides_its_length_is_counted(desk: Desk):
    browser = desk.browser(desk.person("reviewer"))

    answer = browser.client.post(
        "/cases/find",
        content=(b"x" * 10_000 for _ in range(50)),
        headers={"Origin": browser.origin, "Content-Type": "application/x-www-form-urlencoded"},
    )

    assert answer.status_code == 413


def test_the_error_page_says_what_happened_was_kept_and_is_to_do(desk: Desk):
    answer = desk.browser(desk.person("reviewer")).get("/nowhere")

    assert answer.status_code == 404
    for words in ("What happened", "What was kept", "What to do", answer.headers["x-request-id"]):
        assert words in answer.text


def test_an_unforeseen_fault_shows_and_logs_no_text_of_the_case(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    browser = desk.browser(desk.person("reviewer"))

    def fail(*_: object, **__: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(desk.store, "queue", fail)
    with caplog.at_level(logging.DEBUG):
        answer = browser.get("/cases")

    assert answer.status_code == 500
    assert "Zebulon" not in answer.text + caplog.text
    assert "ValueError at" in caplog.text
    assert answer.headers["x-request-id"] in answer.text


@pytest.mark.bad_input(35)
def test_full_storage_is_told_with_what_was_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    browser, case_id = desk.browser(desk.person("reviewer")), desk.case()

    def full(*_: object, **__: object) -> None:
        raise StorageFull("Not saved: storage is full.")

    token = browser.token("/account")
    monkeypatch.setattr(desk.store, "append", full)
    answer = browser.client.post(f"/cases/{case_id}/take", data={"csrf": token}, headers={"Origin": browser.origin})

    assert answer.status_code == 507
    assert "Not saved: storage is full." in answer.text
    assert "still on the page" in answer.text


def test_the_access_log_holds_ids_and_times_only(desk: Desk, caplog: pytest.LogCaptureFixture):
    account = desk.person("reviewer", login="quince")
    browser, case_id = desk.browser(account), desk.case()
    caplog.set_level(logging.INFO, logger="drafter.web.access")

    browser.post("/cases/find", find=CANARY)
    browser.post(f"/cases/{case_id}/take")

    lines = [json.loads(record.message) for record in caplog.records if record.name == "drafter.web.access"]
    assert lines[-1]["route"] == "queue.take_case"
    assert (lines[-1]["account"], lines[-1]["case"], lines[-1]["status"]) == (account.account_id, case_id, 303)
    assert all(word not in caplog.text for word in ("quince", "Quince", "219-09"))


def test_what_is_looked_for_never_stands_in_an_address(desk: Desk):
    browser = desk.browser(desk.person("reviewer"))
    desk.case()

    answer = browser.post("/cases/find", find="lumbar spine")

    assert "lumbar" not in answer.headers["location"]
    assert "1 of 1 cases" in browser.get(answer.headers["location"]).text


def test_a_field_that_is_missing_is_named_and_nothing_typed_is_repeated(desk: Desk):
    browser = desk.browser(desk.person("admin"))

    answer = browser.post("/accounts", login=CANARY * 10, roles="admin")

    assert answer.status_code == 422
    assert "Missing or wrong: login." in answer.text
    assert "Zebulon" not in answer.text
