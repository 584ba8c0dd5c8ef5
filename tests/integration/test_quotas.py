"""Somebody does within a day what her role may and no more; a refusal says so, loses nothing, and counts everywhere."""

from __future__ import annotations

from typing import Any

import pytest

from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.signing_in import SqlWindows
from drafter.domain.review.people import Account
from drafter.domain.review.quotas import quota_of
from drafter.errors import QuotaReached
from drafter.services.access.quotas import Quotas
from drafter.sign_on_settings import AccessSettings
from tests.review_factories import make_account
from tests.web_factories import Browser, Desk, MovingClock

TABLE: Any = {"drafts": {"reviewer": 2}, "imports": {"reviewer": 3, "admin": 5}, "exports": {"reviewer": 0}}


@pytest.fixture
def desk() -> Desk:
    return Desk(access=AccessSettings(quotas=TABLE))


@pytest.fixture
def reviewer(desk: Desk) -> Account:
    return desk.person("reviewer")


def sent(browser: Browser, path: str, page: str, **headers: str) -> Any:
    return browser.post(path, on=page, headers=headers)


def test_drafts_are_counted_and_one_too_many_is_refused_with_what_was_kept(desk: Desk, reviewer: Account):
    case_id = desk.drafted(to=reviewer)
    browser, page = desk.browser(reviewer), f"/cases/{case_id}/items/1"
    assert [sent(browser, f"{page}/draft", page).status_code for _ in range(2)] == [303, 303]
    before = desk.parts.store.state(case_id)

    refused = sent(browser, f"{page}/draft", page)

    assert refused.status_code == 429
    assert "Your role may have 2 drafts within 24 hours" in refused.text
    assert "what you typed is still on the page" in refused.text
    assert desk.parts.store.state(case_id) == before
    fragment = sent(browser, f"{page}/draft", page, **{"HX-Request": "true"})
    assert fragment.headers["hx-retarget"] == "#problem", "beside the text, which stays"


def test_a_program_that_sends_a_draft_again_under_its_key_is_counted_once(desk: Desk, reviewer: Account):
    case_id = desk.drafted(to=reviewer)
    browser = desk.browser(reviewer)

    def drafted(key: str) -> int:
        headers = {"Origin": browser.origin, "X-CSRF-Token": browser.token("/account"), "Idempotency-Key": key}
        return int(browser.client.post(f"/api/v1/cases/{case_id}/items/1/draft", headers=headers).status_code)

    assert [drafted(key) for key in ("one", "one", "one", "two", "one", "three")] == [200, 200, 200, 200, 200, 429]


def test_files_of_an_import_count_each_and_pasted_text_is_not_lost(desk: Desk, reviewer: Account):
    browser = desk.browser(reviewer)
    token = browser.token("/import")

    def brought(count: int, text: str = "") -> Any:
        files = [("files", (f"{n}.txt", b"no case")) for n in range(count)]
        data = {"csrf": token, "text": text, "treatments": "Physical therapy"}
        return browser.client.post("/import", data=data, files=files, headers={"Origin": browser.origin})

    assert brought(2).status_code == 303
    refused = brought(1, text="A summary that took an hour to type.")

    assert refused.status_code == 422
    assert "This would be 2 at once" in refused.text
    assert "A summary that took an hour to type." in refused.text
    assert "Physical therapy" in refused.text
    assert brought(1).status_code == 303, "what still fits"


def test_an_export_beyond_the_quota_is_refused(desk: Desk, reviewer: Account):
    case_id = desk.drafted(to=reviewer)

    assert desk.browser(reviewer).post(f"/cases/{case_id}/export/pdf").status_code == 429
    qa = desk.person("qa")
    assert desk.browser(qa).post(f"/cases/{case_id}/export/pdf").status_code == 403, (
        "not limited; nothing is signed yet"
    )


def test_of_several_roles_the_most_holds_and_a_role_that_is_not_named_has_no_limit():
    reviewer, both = make_account(), make_account(roles=("reviewer", "admin"))
    unlimited = make_account(roles=("reviewer", "qa"))

    assert quota_of(reviewer, "imports", TABLE) == 3
    assert quota_of(both, "imports", TABLE) == 5
    assert quota_of(unlimited, "imports", TABLE) is None
    assert quota_of(reviewer, "drafts", {}) is None


def test_processes_count_together_and_a_day_later_anew(databases: tuple[Database, Database]):
    clock, person = MovingClock(), make_account()
    here, there = (Quotas(TABLE, windows=SqlWindows(one, clock=clock)) for one in databases)
    here.count(person, "imports", cost=2)

    with pytest.raises(QuotaReached):
        there.count(person, "imports", cost=2)
    there.count(person, "imports")
    with pytest.raises(QuotaReached):
        here.count(person, "imports")
    there.count(make_account(account_id="another"), "imports")

    clock.pass_by(hours=25)
    here.count(person, "imports", cost=3)
