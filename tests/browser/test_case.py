"""A case from the letter's file to the signed PDF in a real browser: by mouse, by keyboard alone, without scripts;
every state accessible; nothing that a case says is ever run."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from drafter.bootstrap import App
from drafter.domain.case import Case
from drafter.domain.review.people import Account
from drafter.errors import StorageFull
from drafter.services.desk.answering import waive
from drafter.services.desk.approving import approve, proof
from drafter.services.desk.deciding import decide, draft_items
from drafter.services.desk.opening import assign, declare_conflict, open_case
from drafter.services.desk.workbench import Workbench
from drafter.services.intake import read_case
from drafter.settings import read_settings
from guideline_corpus.edition_table import home_table, load_editions
from guideline_corpus.starter import load_starter
from tests.browser.conftest import PASSWORD, SCHEMES, SIZES, LiveDesk, Scheme
from tests.conftest import REPOSITORY, PublishedLetter
from tests.desk_factories import REFUTED
from tests.factories import make_case, make_item
from tests.search_factories import search_over

pytestmark = pytest.mark.long

Violations = Callable[[Page], list[str]]
SAMPLE = REPOSITORY / "evals" / "samples" / "low-back-therapy.yaml"


@pytest.fixture(scope="session")
def starter_workbench() -> Workbench:
    passages = load_starter(load_editions(home_table(Path("none"))))
    return App(read_settings(), retriever=search_over(passages)).workbench()


@pytest.fixture
def workbench(starter_workbench: Workbench) -> Workbench:
    return starter_workbench


@pytest.fixture
def reviewer(live_desk: LiveDesk) -> Account:
    return live_desk.person("reviewer", login="m.keller")


def opened(desk: LiveDesk, case: Case, holder: Account, *, declared: bool = True, drafted: bool = True) -> str:
    """A case in the record, assigned, with a draft of every item."""
    parts = desk.parts
    case_id = open_case(
        case,
        data=uuid4().bytes,
        source_name="case",
        store=parts.store,
        clock=parts.clock,
        actor=holder.account_id,
    ).case_id
    assign(case_id, to=holder, store=parts.store, actor="system", request_id=uuid4().hex)
    if declared:
        declare_conflict(case_id, clear=True, words="", store=parts.store, by=holder, request_id=uuid4().hex)
    if drafted:
        draft_items(case_id, items=(), store=parts.store, workbench=parts.workbench, by=holder, request_id=uuid4().hex)
    return case_id


def decided(desk: LiveDesk, case_id: str, holder: Account) -> None:
    """Every item upheld, every warning waived."""
    parts = desk.parts
    state = parts.store.state(case_id)
    assert state is not None
    acting: dict[str, Any] = {"store": parts.store, "by": holder}
    for item in state.items:
        decide(case_id, item.number, "upheld", workbench=parts.workbench, request_id=uuid4().hex, **acting)
    for one in proof(case_id, workbench=parts.workbench, **acting).obstacles:
        if one.kind == "warning" and one.item and one.finding_key:
            waive(case_id, one.item, one.finding_key, reason="Weighed here.", request_id=uuid4().hex, **acting)


def signed(desk: LiveDesk, case_id: str, holder: Account) -> None:
    decided(desk, case_id, holder)
    parts = desk.parts
    acting: dict[str, Any] = {"store": parts.store, "workbench": parts.workbench, "by": holder}
    seen = proof(case_id, **acting).fingerprint or ""
    approve(case_id, seen=seen, today=parts.clock.today(), request_id=uuid4().hex, **acting)


def edit(page: Page, number: int, text: str) -> None:
    """Puts `text` in place of a sentence, by mouse."""
    page.locator(f"#s{number} .prose").click()
    page.locator(f"#s{number}").get_by_role("link", name="Edit").click()
    page.locator("#sentence-text").fill(text)


def save(page: Page) -> None:
    page.locator(".editor").get_by_role("button", name="Save").click()
    expect(page.locator("#sentence-text")).to_have_count(0)


def waive_all(page: Page) -> None:
    """Waives each open warning of the item on screen."""
    while (warnings := page.locator(".find.warning:not(.done)")).count():
        one = warnings.first
        row = one.locator("xpath=ancestor::li[contains(@class, 'sent')]")
        if row.count():
            row.locator(".no").click()
        one.get_by_text("Waive...").click()
        one.locator("textarea").fill("The point was weighed and does not carry.")
        before = warnings.count()
        one.get_by_role("button", name="Waive").click()
        expect(page.locator(".find.warning:not(.done)")).to_have_count(before - 1)


def verified(home: Path, export: Path) -> str:
    """What `drafter audit verify` says of the record and the exported file."""
    ran = subprocess.run(
        [Path(sys.executable).parent / "drafter", "audit", "verify", "--export", str(export)],
        env={"DRAFTER_HOME": str(home), "PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout + ran.stderr


def test_a_letter_goes_from_its_file_to_a_signed_pdf(
    live_desk: LiveDesk, reviewer: Account, letters: tuple[PublishedLetter, ...], tmp_path: Path
):
    """By mouse, on a real published letter."""
    letter = next(one for one in letters if one.case_number == "CM16-0236134")
    page = live_desk.visit(reviewer, "/import")
    page.locator("input[type=file]").set_input_files(letter.pdf)
    page.get_by_label("Assign them to me").check()
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("link", name="See them in the queue").click()
    page.get_by_role("link", name=letter.case_number).click()
    page.get_by_label("No tie to anyone").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Draft item 1").click()
    page.locator(".sent[data-n]").first.wait_for()

    # a sentence lights its ground, and the ground leads back to its sentence
    page.locator("#s2 .prose").click()
    expect(page.locator("#record mark.lit").first).to_be_visible()
    page.locator("#record mark.lit").first.click()
    expect(page.locator(".sent.is-on")).to_have_count(1)

    # stopped by a blocker, which is then mended
    edit(page, 1, "There is no case summary of this worker, and he is 99 years old.")
    expect(page.locator("#live .find")).not_to_have_count(0)
    save(page)
    expect(page.locator("#todo")).to_contain_text("Blocker")
    expect(page.locator(".signoff a")).to_have_attribute("aria-disabled", "true")
    edit(page, 1, "")
    save(page)

    page.get_by_label("Upheld").check()
    expect(page.get_by_label("Upheld")).to_be_checked()
    expect(page.locator("#s1")).to_be_visible()
    waive_all(page)
    expect(page.locator("#approve")).to_be_visible()
    page.locator("#approve").click()
    page.get_by_label("I attest").check()
    page.get_by_label("I still have no").check()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Approve and lock").click()
    expect(page.get_by_role("heading", name="The signed letter")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("button", name="PDF").click()
    file = tmp_path / "letter.pdf"
    download.value.save_as(file)
    again = read_case(file)
    assert again.case_number == letter.case_number
    assert again.items[0].determination == "upheld"
    assert again.form == "2016-section"
    assert "no faults" in verified(live_desk.home, file)


def answer_warnings_by_keyboard(page: Page) -> None:
    warnings = page.locator(".find.warning:not(.done)")
    for left in reversed(range(warnings.count())):
        page.locator("#main").focus()
        page.keyboard.press("n")
        page.keyboard.press("w")
        page.keyboard.type("Weighed, and it does not carry.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(warnings).to_have_count(left)


def test_a_case_is_read_edited_decided_and_signed_by_keyboard_alone(live_desk: LiveDesk, reviewer: Account):
    case_id = opened(live_desk, read_case(SAMPLE).model_copy(update={"items": read_case(SAMPLE).items[:1]}), reviewer)
    page = live_desk.visit(reviewer, f"/cases/{case_id}/items/1")
    keys = page.keyboard
    keys.press("j")
    expect(page.locator("#s2.is-on")).to_be_visible()
    keys.press("Enter")
    expect(page.locator("#sentence-text")).to_be_focused()
    keys.press("Control+a")
    keys.type(REFUTED)
    expect(page.locator("#live .find.blocker")).to_be_visible()
    keys.press("Escape")  # leaves the sentence and keeps the text
    expect(page.locator("#s2 .prose")).to_have_text(REFUTED)
    expect(page.locator("#s2 .no")).to_be_focused()
    keys.press("n")
    expect(page.locator("#s2 .find.blocker")).to_be_focused()
    keys.press("Control+Enter")  # not to approval: to what is in the way
    expect(page).to_have_url(re.compile("#s2$|/items/1"))
    page.locator("#s2 .no").focus()
    keys.press("Enter")
    expect(page.locator("#sentence-text")).to_be_focused()
    keys.press("Control+a")
    keys.press("Delete")
    keys.press("Enter")
    expect(page.locator("#sentence-text")).to_have_count(0)
    expect(page.locator(".sent.is-on .no")).to_be_focused()
    keys.press("d")
    expect(page.get_by_label("Upheld")).to_be_focused()
    expect(page.get_by_label("Upheld")).not_to_be_checked()
    keys.press("Space")
    expect(page.locator(".items")).to_contain_text("upheld")
    answer_warnings_by_keyboard(page)
    page.locator("#main").focus()
    keys.press("Control+Enter")
    expect(page.get_by_role("heading", name=re.compile("Approve"))).to_be_visible()
    page.get_by_label("I attest").focus()
    keys.press("Space")
    keys.press("Tab")
    keys.press("Space")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="The signed letter")).to_be_visible()


def test_a_case_is_edited_and_decided_without_scripts(live_desk: LiveDesk, reviewer: Account):
    case_id = opened(live_desk, read_case(SAMPLE), reviewer)
    page = live_desk.visit(reviewer, f"/cases/{case_id}/items/1", scripts=False)
    page.goto(f"/cases/{case_id}/items/1?edit=0")
    page.locator("#sentence-text").fill("Her own opening.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#s1 .prose")).to_have_text("Her own opening.")
    page.get_by_label("Overturned").check()
    page.get_by_role("button", name="Choose").click()
    expect(page.get_by_label("Overturned")).to_be_checked()


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_in_any_state_of_a_case(
    live_desk: LiveDesk, reviewer: Account, violations: Violations, scheme: Scheme, size: tuple[int, int]
):
    look: dict[str, Any] = {"scheme": scheme, "size": size}
    undeclared = opened(live_desk, make_case(case_number="CM99-1"), reviewer, declared=False, drafted=False)
    bare = opened(live_desk, make_case(case_number="CM99-2"), reviewer, drafted=False)
    case_id = opened(live_desk, read_case(SAMPLE), reviewer)
    page = live_desk.visit(reviewer, f"/cases/{undeclared}", **look)
    assert violations(page) == [], "ties"
    page.goto(f"/cases/{bare}/items/1")
    assert violations(page) == [], "no draft"
    page.goto(f"/cases/{case_id}/items/1")
    assert violations(page) == [], "drafted"
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert violations(page) == [], "a sentence lit"
    edit(page, 2, REFUTED)
    expect(page.locator("#live .find.blocker")).to_be_visible()
    assert violations(page) == [], "a sentence being typed"
    save(page)
    page.locator("#s2 .no").click()
    page.get_by_text("Contest...").first.click()
    assert violations(page) == [], "a blocker being contested"
    page.locator("#find-guide").fill("epidural")
    page.locator("#find-guide").press("Enter")
    expect(page.locator("#found article").first).to_be_visible()
    assert violations(page) == [], "passages found"
    page.keyboard.press("Escape")
    page.locator("#keys-open").click()
    assert violations(page) == [], "the keys"
    for path in ("approve", "history?item=1", "letter"):
        page.goto(f"/cases/{case_id}/{path}")
        assert violations(page) == [], path
    compare(live_desk, case_id, reviewer, page)
    assert violations(page) == [], "two texts compared"
    other = opened(live_desk, read_case(SAMPLE), reviewer)
    decided(live_desk, other, reviewer)
    page.goto(f"/cases/{other}/approve")
    assert violations(page) == [], "ready to sign"
    signed(live_desk, other, reviewer)
    for path in ("letter", "amend", "items/1"):
        page.goto(f"/cases/{other}/{path}")
        assert violations(page) == [], f"signed, {path}"
    qa = live_desk.visit(live_desk.person("qa"), "/quality?share=100", **look)
    assert violations(qa) == [], "quality"
    qa.goto(f"/quality/cases/{other}")
    assert violations(qa) == [], "a second reading"


def compare(desk: LiveDesk, case_id: str, reviewer: Account, page: Page) -> None:
    """Two tabs edit one sentence; the page ends where the texts are compared."""
    page.goto(f"/cases/{case_id}/items/1")
    edit(page, 1, "From the second tab.")
    tab = desk.visit(reviewer, f"/cases/{case_id}/items/1")
    edit(tab, 1, "From the first tab.")
    save(tab)
    page.locator(".editor").get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=re.compile("was changed while you wrote"))).to_be_visible()


def test_what_is_typed_in_the_moment_a_sentence_opens_is_kept_and_checked(live_desk: LiveDesk, reviewer: Account):
    """No gap between the sentence's appearance and the page listening to it: her first keys may come in that moment."""
    case_id = opened(live_desk, read_case(SAMPLE), reviewer)
    page = live_desk.visit(reviewer, f"/cases/{case_id}/items/1")
    page.evaluate(
        """text => document.addEventListener('htmx:afterSwap', () => setTimeout(() => {
            const field = document.querySelector('#sentence-text');
            field.setRangeText(text, 0, field.value.length, 'start');
            field.dispatchEvent(new Event('input', { bubbles: true }));
        }), { once: true })""",
        REFUTED,
    )
    page.locator("#s2 .prose").click()
    page.locator("#s2").get_by_role("link", name="Edit").click()
    expect(page.locator("#live .find.blocker")).to_be_visible()
    assert page.locator("#sentence-text").evaluate("field => [field.value, field.selectionStart]") == [REFUTED, 0]


@pytest.mark.bad_input(36)
def test_of_two_tabs_nothing_is_overwritten_and_she_chooses(live_desk: LiveDesk, reviewer: Account):
    case_id = opened(live_desk, read_case(SAMPLE), reviewer)
    page = live_desk.visit(reviewer, f"/cases/{case_id}/items/1")
    compare(live_desk, case_id, reviewer, page)
    page.get_by_label("Yours").first.check()
    page.get_by_role("button", name="Save what is chosen").click()
    expect(page.locator("#s1 .prose")).to_have_text("From the second tab.")


def test_what_is_typed_is_there_again_after_the_page_was_lost(live_desk: LiveDesk, reviewer: Account):
    case_id = opened(live_desk, read_case(SAMPLE), reviewer)
    page = live_desk.visit(reviewer, f"/cases/{case_id}/items/1")
    edit(page, 3, "")
    page.locator("#sentence-text").type("Half a thought", delay=5)
    expect(page.locator("#saved")).to_have_text("Kept, not yet saved", timeout=8000)
    page.goto("/cases")
    page.goto(f"/cases/{case_id}/items/1")
    page.get_by_role("link", name="Take it up").click()
    expect(page.locator("#sentence-text")).to_have_value("Half a thought")


@pytest.mark.bad_input(35)
def test_where_storage_is_full_the_page_says_so_and_keeps_the_text(
    live_desk: LiveDesk, reviewer: Account, violations: Violations, monkeypatch: pytest.MonkeyPatch
):
    case_id = opened(live_desk, read_case(SAMPLE), reviewer)
    page = live_desk.visit(reviewer, f"/cases/{case_id}/items/1")
    edit(page, 1, "A sentence that nobody wants to lose.")

    def full(*_: Any, **__: Any) -> None:
        raise StorageFull("Storage is full; nothing was saved.")

    monkeypatch.setattr(live_desk.parts.store, "append", full)
    page.locator(".editor").get_by_role("button", name="Save").click()

    expect(page.locator("#problem")).to_contain_text("Storage is full")
    expect(page.locator("#problem")).to_be_in_viewport()
    expect(page.locator("#sentence-text")).to_have_value("A sentence that nobody wants to lose.")
    assert violations(page) == []
    monkeypatch.undo()
    save(page)
    expect(page.locator("#s1 .prose")).to_have_text("A sentence that nobody wants to lose.")


PROBES = (
    "<script>window.pwned=1</script>",
    '"><img src=x onerror="window.pwned=1">',
    "<svg/onload=window.pwned=1>",
    "javascript:window.pwned=1",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "'\"><iframe srcdoc='<script>parent.pwned=1</script>'>",
    "</textarea><script>window.pwned=1</script>",
)


@pytest.mark.parametrize("probe", PROBES)
def test_nothing_that_a_case_or_a_person_says_is_run(live_desk: LiveDesk, reviewer: Account, probe: str):
    case = make_case(
        case_number="CM99-0000666",
        case_summary=f"{probe} The worker is a 45-year-old male. Pain 6 out of 10.",
        items=(make_item(heading=probe, treatment=probe),),
    )
    case_id = opened(live_desk, case, reviewer)
    page = live_desk.visit(reviewer, f"/cases/{case_id}/items/1")
    edit(page, 1, probe)
    page.wait_for_timeout(400)
    save(page)
    for path in ("items/1", "items/1?edit=0", "history?item=1", "letter", "approve"):
        page.goto(f"/cases/{case_id}/{path}")
        page.wait_for_timeout(100)
        assert page.evaluate("window.pwned") is None, path
        assert "49${49}" not in page.content(), path
