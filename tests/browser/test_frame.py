"""The frame, sign-in, accounts and queue in a real browser: accessible in every state, usable by keyboard, without
scripts, and deaf to scripts that a text brings along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from drafter.domain.review.people import Account, ReviewerProfile
from tests.browser.conftest import PASSWORD, SCHEMES, SIZES, LiveDesk, Scheme
from tests.browser.scenes import desk_at_work, put_case

pytestmark = pytest.mark.long

Violations = Callable[[Page], list[str]]


@pytest.fixture
def reviewer(live_desk: LiveDesk) -> Account:
    return live_desk.person("reviewer", login="m.keller")


@pytest.fixture
def admin(live_desk: LiveDesk) -> Account:
    return live_desk.person("admin", login="office")


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_on_any_page(
    live_desk: LiveDesk, violations: Violations, scheme: Scheme, size: tuple[int, int]
):
    look: dict[str, Any] = {"scheme": scheme, "size": size}
    first = live_desk.page(**look)
    first.goto("/")
    assert violations(first) == []
    reviewer, admin = live_desk.person("reviewer", login="m.keller"), live_desk.person("admin", login="office")
    stranger = live_desk.page(**look)
    stranger.goto("/sign-in")
    assert violations(stranger) == []
    stranger.get_by_label("Login").fill("nobody")
    stranger.get_by_label("Password", exact=True).fill("nothing")
    stranger.get_by_role("button", name="Sign in").click()
    expect(stranger.get_by_role("alert")).to_be_visible()
    assert violations(stranger) == []

    hers = live_desk.visit(reviewer, "/cases", **look)
    assert violations(hers) == [], "an empty queue"
    desk_at_work(live_desk, reviewer=reviewer, other=live_desk.person("reviewer"))
    for path in ("/cases", "/cases?view=all&order=status&descending=true", "/cases?view=signed", "/nowhere"):
        hers.goto(path)
        assert violations(hers) == [], path
    hers.goto("/cases")
    hers.keyboard.press("j")
    assert violations(hers) == [], "a row lit"
    for path in ("/account", "/account/password", "/account/second-factor"):
        hers.goto(path)
        assert violations(hers) == [], path

    office = live_desk.visit(admin, "/cases", **look)
    office.get_by_role("link", name="Assign").first.click()
    assert violations(office) == []
    office.goto(f"/accounts/{reviewer.account_id}")
    assert violations(office) == []
    office.get_by_role("button", name="Reset").click()
    expect(office.get_by_text("shown this once")).to_be_visible()
    assert violations(office) == []
    office.goto("/accounts")
    assert violations(office) == []


def test_the_queue_is_walked_and_narrowed_by_keyboard_alone(live_desk: LiveDesk, reviewer: Account):
    desk_at_work(live_desk, reviewer=reviewer, other=live_desk.person("reviewer"))
    page = live_desk.visit(reviewer, "/cases")

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr.is-on th")).to_contain_text("CM99-")
    second = page.locator("tbody tr").nth(1)
    expect(second).to_have_class("is-on")
    page.keyboard.press("/")
    page.keyboard.type("functional 4127")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    expect(page).to_have_url(f"{live_desk.address}/cases?view=free")


def test_a_case_is_taken_without_scripts(live_desk: LiveDesk, reviewer: Account):
    put_case(live_desk, number=7)
    page = live_desk.visit(reviewer, "/cases?view=free", scripts=False)

    page.get_by_role("button", name="Take CM99-0000007").click()

    page.goto("/cases?view=mine")
    expect(page.get_by_role("row")).to_have_count(2)


def test_single_keys_can_be_turned_off_and_stay_off(live_desk: LiveDesk, reviewer: Account):
    put_case(live_desk, number=7, holder=reviewer)
    page = live_desk.visit(reviewer, "/cases")

    page.keyboard.press("?")
    page.goto("/cases")
    page.keyboard.press("j")

    expect(page.locator("tr.is-on")).to_have_count(0)


PROBES = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "'\"><svg onload=window.pwned=1>",
    "{{ 7*7 }}{% raw %}",
    "javascript:window.pwned=1//",
)


@pytest.mark.parametrize("probe", PROBES)
def test_a_script_in_any_shown_text_stays_text(live_desk: LiveDesk, admin: Account, probe: str):
    reviewer = live_desk.person("reviewer", login="m.keller")
    profile = ReviewerProfile(specialty=probe, licensure=probe, name=probe, licence_number=probe)
    live_desk.parts.accounts.set_profile(reviewer, profile, actor="system")
    put_case(live_desk, number=8, holder=reviewer, priority=probe)
    case = put_case(live_desk, number=9)
    hostile = put_case(live_desk, number=10, case_summary=probe)
    assert live_desk.parts.store.state(hostile)

    def looked_at(page: Page, path: str) -> None:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.pwned") is None, path

    office = live_desk.visit(admin)
    for path in ("/cases", "/accounts", f"/accounts/{reviewer.account_id}", f"/cases/{case}/assign"):
        looked_at(office, path)
    hers = live_desk.visit(reviewer, "/cases")
    hers.get_by_label("Find a case").fill(probe)
    hers.wait_for_load_state("networkidle")
    for path in ("/cases?view=all", "/account", f"/cases?view={probe}"):
        looked_at(hers, path)
    stranger = live_desk.page()
    looked_at(stranger, "/sign-in")
    stranger.get_by_label("Login").fill(probe)
    stranger.get_by_label("Password", exact=True).fill(PASSWORD)
    stranger.get_by_role("button", name="Sign in").click()
    assert stranger.evaluate("window.pwned") is None


def test_a_page_of_another_site_cannot_act_for_who_is_signed_in(live_desk: LiveDesk, reviewer: Account):
    case = put_case(live_desk, number=7)
    page = live_desk.visit(reviewer, "/cases")
    # The same machine under another name is another site to the browser, which sends its cookies all the same.
    elsewhere = live_desk.address.replace("127.0.0.1", "localhost")

    page.route(
        f"{elsewhere}/evil",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f"""
        <form method=post action="{live_desk.address}/cases/{case}/take"><input name=csrf value=x></form>
        <script>document.forms[0].submit()</script>""",
        ),
    )
    page.goto(f"{elsewhere}/evil")
    page.wait_for_url(f"{live_desk.address}/**")

    expect(page.get_by_text("did not come from a page of this desk")).to_be_visible()
    state = live_desk.parts.store.state(case)
    assert state is not None
    assert state.assigned_to is None
