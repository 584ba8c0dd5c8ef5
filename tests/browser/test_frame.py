"""The frame, sign-in, accounts and queue in a real browser: accessible in every state, usable by keyboard, without
scripts, and deaf to scripts that a text brings along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from drafter.domain.health import Health, Part
from drafter.domain.review.people import Account, ReviewerProfile
from tests.browser.conftest import PASSWORD, SCHEMES, SIZES, LiveDesk, Scheme
from tests.browser.scenes import desk_at_work, put_case
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.long

SAMPLES = REPOSITORY / "evals" / "samples"
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

    hers.goto("/import")
    assert violations(hers) == []
    hers.get_by_role("button", name="Import", exact=True).click()
    expect(hers.get_by_role("alert")).to_be_visible()
    assert violations(hers) == [], "nothing chosen"
    hers.set_input_files("#files", [SAMPLES / "knee-mri.yaml", SAMPLES / "README.md"])
    hers.get_by_role("button", name="Import", exact=True).click()
    expect(hers.get_by_role("heading", name="Import")).to_be_visible()
    assert violations(hers) == [], "while files are read"
    expect(hers.get_by_role("heading", name="Done")).to_be_visible(timeout=60_000)
    assert violations(hers) == [], "one became a case, one was refused"

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


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_on_the_page_that_says_how_the_desk_is(
    live_desk: LiveDesk, admin: Account, violations: Violations, scheme: Scheme, monkeypatch: pytest.MonkeyPatch
):
    parts = (
        Part(name="record", state="failed", told="The record cannot be reached."),
        Part(name="search", state="degraded", told="Search goes by keyword alone."),
        Part(name="disk"),
    )
    page = live_desk.visit(admin, "/operation", scheme=scheme)
    assert violations(page) == [], "all is well"
    monkeypatch.setattr(live_desk.parts.health, "look", lambda: Health(parts=parts))
    page.goto("/operation")

    expect(page.get_by_text("Search goes by keyword alone.")).to_be_visible()
    assert violations(page) == []


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


def test_pages_reflow_at_four_times_their_size(live_desk: LiveDesk, reviewer: Account):
    """1280 pixels at 400 percent are 320 (WCAG 1.4.10): nothing has to be scrolled sideways."""
    desk_at_work(live_desk, reviewer=reviewer, other=live_desk.person("reviewer"))
    page = live_desk.visit(reviewer, size=(320, 640))

    for path in ("/cases?view=all", "/import", "/account", "/account/second-factor", "/account/password", "/nowhere"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


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


def test_an_import_shows_how_far_it_is_with_and_without_scripts(live_desk: LiveDesk, reviewer: Account):
    for scripts, name in ((True, "knee-mri.yaml"), (False, "neck-opioid.yaml")):
        page = live_desk.visit(reviewer, "/import", scripts=scripts)
        page.set_input_files("#files", [SAMPLES / name])
        page.get_by_label("Assign them to me").check()
        page.get_by_role("button", name="Import", exact=True).click()
        expect(page.get_by_text("1 of 1 files became cases")).to_be_visible(timeout=60_000)
        page.get_by_role("link", name="See them in the queue").click()
        expect(page.get_by_role("link", name="SAMPLE-")).to_have_count(1 if scripts else 2)


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
    hers.goto("/import")
    named = FilePayload(name=f"{probe}.yaml", mimeType="text/plain", buffer=b"case_number: x")
    hers.set_input_files("#files", named)
    hers.get_by_label("Case summary").fill(probe)
    hers.get_by_role("button", name="Import", exact=True).click()
    expect(hers.get_by_role("heading", name="Refused")).to_be_visible(timeout=60_000)
    assert hers.evaluate("window.pwned") is None
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
