"""A prompt version in a real browser: edited with lint and preview, tried, released by a second person, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SCHEMES, LiveDesk, Scheme
from tests.prompt_desk_factories import make_prompt_desk

pytestmark = pytest.mark.long

Violations = Callable[[Page], list[str]]


def signed(page: Page, act: str, why: str) -> None:
    """Does an act with its reason."""
    page.get_by_text(f"{act}...").click()
    page.locator("details[open] textarea").fill(why)
    page.locator("details[open]").get_by_role("button", name=act).click()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_version_goes_from_a_changed_word_to_live_and_back(
    live_desk: LiveDesk, violations: Violations, tmp_path: Path, scheme: Scheme
):
    prompts = make_prompt_desk(live_desk.parts, tmp_path / "prompt-desk")
    object.__setattr__(live_desk.parts, "prompts", prompts)
    live = prompts.library.live("rationale")
    editor = live_desk.visit(live_desk.person("prompt_editor", login="edith"), "/prompts", scheme=scheme)
    assert violations(editor) == [], "the list"
    editor.get_by_role("link", name=live, exact=True).first.click()
    assert violations(editor) == [], "the live version"
    editor.get_by_role("button", name="Copy to change").click()
    expect(editor.get_by_role("heading", level=1)).not_to_have_text(live)
    new = editor.get_by_role("heading", level=1).inner_text()

    text = editor.locator("#text")
    right = text.input_value().replace("=== system\n", "=== system\nWrite plainly, about this worker.\n", 1)
    text.fill(right.replace("[[outcome]]", "[[outcom]]"))
    expect(editor.locator("#lint")).to_contain_text("outcom")
    expect(editor.locator("#lint")).to_contain_text("Error")
    assert violations(editor) == [], "an error"
    text.fill(right)
    expect(editor.locator("#lint")).not_to_contain_text("Error")
    expect(editor.locator("#preview")).to_contain_text("Write plainly, about this worker.")
    assert violations(editor) == [], "a preview"
    editor.get_by_role("button", name="Save").click()
    expect(editor.locator("#text")).to_have_value(re.compile("Write plainly"))

    signed(editor, "Propose", "plainer words for workers")
    expect(editor.get_by_text("A candidate: its text is fixed")).to_be_visible()
    editor.get_by_role("button", name="Try on these cases").click()
    expect(editor.get_by_text("PASS").first).to_be_visible(timeout=15_000)
    assert violations(editor) == [], "tried"
    signed(editor, "Release", "I like my own words")
    expect(editor.get_by_role("alert")).to_contain_text("a second person")

    second = live_desk.visit(live_desk.person("qa", login="rosa"), f"/prompts/{new}", scheme=scheme)
    signed(second, "Release", "read twenty of its drafts")
    expect(second.get_by_text("Released", exact=False).first).to_be_visible()
    assert prompts.library.live("rationale") == new
    signed(second, "Roll back", "drafts grew too long")
    second.goto("/prompts/history")
    expect(second.locator("table")).to_contain_text("rollback")
    assert violations(second) == [], "the history"
    assert prompts.library.live("rationale") == live
    second.goto(f"/prompts/compare?old={live}&new={new}")
    expect(second.locator(".rendered")).to_contain_text("Write plainly")
    assert violations(second) == [], "two versions compared"
