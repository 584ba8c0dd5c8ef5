"""Signing in at an identity provider, signing a letter by it and signing out, in a real browser with every page's own
headers: none of them stands in the way there or back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from drafter.domain.review.people import Account, ReviewerProfile
from drafter.services.desk.deciding import decide, draft_items
from drafter.services.desk.workbench import Workbench
from drafter.sign_on_settings import AccessSettings
from tests.browser.conftest import SCHEMES, LiveDesk, Scheme
from tests.desk_factories import make_workbench, opened_case
from tests.identity_provider import PASSWORD, Provider, running_provider
from tests.sign_on_factories import access_by

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as running:
        running.person("m.keller", "IMR reviewers")
        yield running


@pytest.fixture
def access(provider: Provider) -> AccessSettings:
    return access_by(provider.issuer, passwords_for="administrators")


@pytest.fixture
def workbench() -> Workbench:
    return make_workbench()


@pytest.fixture
def page(live_desk: LiveDesk, provider: Provider) -> Page:
    provider.client(returns_to=live_desk.address)
    live_desk.person("admin", login="office")
    return live_desk.page()


def signs_in(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_role("link", name="Sign in with Example Health").click()
    page.locator("input[name=login]").fill("m.keller")
    page.locator("input[name=login]").press("Enter")
    shows_password(page)


def shows_password(page: Page) -> None:
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")


def ready_case(desk: LiveDesk, holder: Account) -> str:
    """A case of hers that lacks nothing but her signature."""
    parts = desk.parts
    case_id = opened_case(parts.store, to=holder)
    draft_items(case_id, items=(), store=parts.store, workbench=parts.workbench, by=holder, request_id=uuid4().hex)
    decide(case_id, 1, "upheld", store=parts.store, workbench=parts.workbench, by=holder, request_id=uuid4().hex)
    return case_id


def test_from_the_first_sign_in_to_a_signed_letter_and_out(live_desk: LiveDesk, provider: Provider, page: Page):
    signs_in(page)
    expect(page.get_by_role("heading", name="Cases")).to_be_visible()
    account = next(one for one in live_desk.parts.accounts.all() if one.login == "m.keller")
    profile = ReviewerProfile(specialty="Occupational Medicine", licensure="California")
    live_desk.parts.accounts.set_profile(account, profile, actor="system")
    case_id = ready_case(live_desk, live_desk.parts.accounts.named(account.account_id))

    page.goto(f"/cases/{case_id}/approve")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Confirm at Example Health").click()
    page.wait_for_url(f"{provider.issuer}/**")
    shows_password(page)

    expect(page.get_by_text("You have confirmed at Example Health who you are")).to_be_visible()
    assert all(box.is_checked() for box in page.get_by_role("checkbox").all())
    assert "code=" not in page.url
    page.get_by_role("button", name="Approve and lock").click()
    page.wait_for_url(f"**/cases/{case_id}/letter")

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{live_desk.address}/sign-in**")
    page.goto(f"{live_desk.address}/cases")
    assert page.url.startswith(f"{live_desk.address}/sign-in")
    page.get_by_role("link", name="Sign in with Example Health").click()
    expect(page.locator("input[name=login]")).to_be_visible()  # signed out there too: it asks who she is


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_on_the_pages_of_sign_on(
    live_desk: LiveDesk, provider: Provider, page: Page, scheme: Scheme, violations: Callable[[Page], list[str]]
):
    stranger = live_desk.page(scheme=scheme)
    stranger.goto("/sign-in")
    assert violations(stranger) == []
    stranger.goto("/sign-in/provider/answer?state=x&code=y")
    expect(stranger.get_by_role("alert")).to_be_visible()
    assert violations(stranger) == [], "refused"

    signs_in(stranger)
    stranger.goto("/account")
    assert violations(stranger) == [], "an account without a password"
    account = next(one for one in live_desk.parts.accounts.all() if one.login == "m.keller")
    profile = ReviewerProfile(specialty="Occupational Medicine", licensure="California")
    live_desk.parts.accounts.set_profile(account, profile, actor="system")
    case_id = ready_case(live_desk, live_desk.parts.accounts.named(account.account_id))
    stranger.goto(f"/cases/{case_id}/approve")
    expect(stranger.get_by_role("button", name="Confirm at Example Health")).to_be_visible()
    assert violations(stranger) == [], "before a signature"
