"""The columns of a case in a real browser: dragged, moved by keys, kept; and the audit page's accessibility."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from drafter.domain.review.people import Account
from drafter.services.desk.workbench import Workbench
from drafter.services.intake import read_case
from tests.browser.conftest import SCHEMES, SIZES, LiveDesk, Scheme
from tests.browser.scenes import desk_at_work
from tests.browser.test_case import SAMPLE, opened
from tests.desk_factories import make_workbench

pytestmark = pytest.mark.long

Violations = Callable[[Page], list[str]]


@pytest.fixture
def workbench() -> Workbench:
    return make_workbench()


@pytest.fixture
def reviewer(live_desk: LiveDesk) -> Account:
    return live_desk.person("reviewer", login="m.keller")


def width(page: Page, pane: str) -> float:
    box = page.locator(f"#{pane}").bounding_box()
    assert box is not None
    return box["width"]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_edge_is_dragged_and_moved_by_keys_and_stays_where_it_was_put(
    live_desk: LiveDesk, reviewer: Account, violations: Violations, scheme: Scheme, size: tuple[int, int]
):
    case_id = opened(live_desk, read_case(SAMPLE), reviewer)
    page = live_desk.visit(reviewer, f"/cases/{case_id}/items/1", scheme=scheme, size=size)
    edge, before = page.locator("#edge-record"), width(page, "record")
    grows = 1 if size[0] >= 1340 else -1  # the record stands left of its edge, or right of it
    box = edge.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 4, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 4 + grows * 60, box["y"] + 200, steps=4)
    page.mouse.up()
    assert abs(width(page, "record") - before - 60) <= 2

    edge.focus()
    edge.press("ArrowRight")
    assert abs(width(page, "record") - before - 60 - grows * 16) <= 2
    held = width(page, "record")
    expect(edge).to_have_attribute("aria-valuenow", str(round(held)))
    assert violations(page) == []
    page.reload()
    assert abs(width(page, "record") - held) <= 1
    edge.press("Enter")
    assert abs(width(page, "record") - before) <= 2


def test_no_column_is_dragged_over_another(live_desk: LiveDesk, reviewer: Account):
    case_id = opened(live_desk, read_case(SAMPLE), reviewer)
    page = live_desk.visit(reviewer, f"/cases/{case_id}/items/1", size=(1440, 900))
    for pane in ("record", "guide"):
        page.locator(f"#edge-{pane}").focus()
        page.keyboard.press("End")

    assert width(page, "draft") >= 318
    assert width(page, "guide") >= 178


def test_without_scripts_the_columns_are_those_of_the_style_sheet(live_desk: LiveDesk, reviewer: Account):
    case_id = opened(live_desk, read_case(SAMPLE), reviewer)
    page = live_desk.visit(reviewer, f"/cases/{case_id}/items/1", scripts=False)

    expect(page.locator("#edge-record")).to_be_hidden()
    assert width(page, "record") >= 260


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_on_the_audit_page(
    live_desk: LiveDesk, reviewer: Account, violations: Violations, scheme: Scheme, size: tuple[int, int]
):
    desk_at_work(live_desk, reviewer=reviewer, other=live_desk.person("reviewer"))
    page = live_desk.visit(live_desk.person("admin", login="office"), "/audit", scheme=scheme, size=size)

    assert violations(page) == []
    page.locator("td a").first.click()
    expect(page.get_by_role("heading", name="This case")).to_be_visible()
    assert violations(page) == []
