"""What a person sees while no process of the desk answers her: the proxy's page or one line, and what she typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from drafter.services.desk.workbench import Workbench
from evals.benchmarks.desk_processes import INTERRUPTED
from tests.browser.conftest import SCHEMES, LiveDesk, Scheme
from tests.browser.scenes import put_case
from tests.desk_factories import make_workbench
from tests.review_factories import make_drafted, make_revised

pytestmark = pytest.mark.long

TYPED = "A 47-year-old woman with pain of the low back after a fall."


@pytest.fixture
def workbench() -> Workbench:
    return make_workbench()


def by_proxy(route: Route) -> None:
    """What nginx answers with where it reaches nobody."""
    route.fulfill(status=502, content_type="text/html; charset=utf-8", body=INTERRUPTED.read_text(encoding="utf-8"))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_proxys_page_is_accessible(live_desk: LiveDesk, violations: Callable[[Page], list[str]], scheme: Scheme):
    page = live_desk.page(scheme=scheme)
    page.route("**/*", by_proxy)
    page.goto("/cases")

    expect(page.get_by_role("heading", name="The review desk was interrupted")).to_be_visible()
    assert violations(page) == []


def test_a_form_that_met_nobody_is_sent_again_by_a_reload_with_what_was_typed(live_desk: LiveDesk):
    page = live_desk.visit(live_desk.person("reviewer"), "/import")
    page.route("**/import", by_proxy)
    page.locator("textarea[name=text]").fill(TYPED)
    page.locator("textarea[name=text]").evaluate("field => field.form.requestSubmit()")
    expect(page.get_by_text("No answer came")).to_be_visible()
    page.unroute("**/import")

    with page.expect_request(lambda request: request.method == "POST") as posted:
        page.reload()

    page.wait_for_url("**/imports/*")
    assert TYPED in (posted.value.post_data or "")
    expect(page.get_by_text("Pasted text")).to_be_visible()


def test_a_sentence_that_met_nobody_stays_in_its_field_and_is_saved_the_next_time(live_desk: LiveDesk):
    reviewer = live_desk.person("reviewer")
    case_id = put_case(live_desk, make_drafted(), make_revised(), number=7, holder=reviewer)
    page = live_desk.visit(reviewer, f"/cases/{case_id}/items/1")
    page.locator("#s1 .prose").click()
    page.locator("#s1").get_by_role("link", name="Edit").click()
    page.locator("#sentence-text").fill(TYPED)
    for gone in (by_proxy, lambda route: route.abort()):
        page.route("**/sentences/*", gone)
        page.locator("#sentence-text").evaluate("field => field.form.requestSubmit()")

        expect(page.locator("#problem")).to_contain_text("The desk did not answer")
        expect(page.locator("#sentence-text")).to_have_value(TYPED)
        page.unroute("**/sentences/*")

    page.locator("#sentence-text").evaluate("field => field.form.requestSubmit()")

    expect(page.locator("#sentence-text")).to_have_count(0)
    expect(page.locator("#problem")).to_be_empty()
    state = live_desk.parts.store.state(case_id)
    assert state
    assert TYPED in [sentence.statement.text for sentence in state.item(1).sentences]
