"""Prompt versions at the desk: copied, linted and previewed while typing, tried, released by a second person, taken
back; and every refusal with its reason."""

from __future__ import annotations

import html
import re
import time
from pathlib import Path
from typing import Any

import pytest

from drafter.domain.review.audit import Entry
from tests.prompt_desk_factories import make_prompt_desk
from tests.web_factories import Browser, Desk


class PromptWork:
    """An editor and a releaser at the desk, over prompts of their own."""

    def __init__(self, folder: Path, **verdict: Any) -> None:
        self.desk = Desk()
        self.prompts = make_prompt_desk(self.desk.parts, folder, **verdict)
        object.__setattr__(self.desk.parts, "prompts", self.prompts)
        self.editor = self.desk.browser(self.desk.person("prompt_editor", login="edith"))
        self.releaser = self.desk.browser(self.desk.person("qa", login="rosa"))
        self.live = self.prompts.library.live("rationale")
        self.new = self.copy()

    def copy(self) -> str:
        answer = self.editor.post(f"/prompts/{self.live}/copy")
        return str(answer.headers["location"]).removeprefix("/prompts/")

    @property
    def text(self) -> str:
        return self.prompts.library.text(self.new).text

    def save(self, text: str, *, before: str | None = None) -> Any:
        digest = before or self.prompts.library.text(self.new).digest
        return self.editor.post(f"/prompts/{self.new}/save", text=text, before=digest)

    def act(self, path: str, by: Browser, *, why: str = "read twenty drafts first", **fields: Any) -> Any:
        return by.post(f"/prompts/{self.new}/{path}", why=why, **fields)

    def tried(self) -> str:
        self.act("try", self.editor, dataset="gate-set")
        deadline = time.monotonic() + 10
        while (told := self.prompts.trying.told(self.new)) == "running":
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return told or ""

    def entries(self) -> list[Entry]:
        return list(self.desk.store.entries(actions=("label-moved",)))


@pytest.fixture
def work(tmp_path: Path) -> PromptWork:
    made = PromptWork(tmp_path)
    made.save(made.text.replace("=== system\n", "=== system\nWrite plainly.\n", 1))
    return made


def shown(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_copy_names_who_made_it_and_a_published_version_is_read_only(work):
    assert "author: edith" in work.text
    assert "readonly" in work.editor.get(f"/prompts/{work.live}").text
    assert "readonly" not in work.editor.get(f"/prompts/{work.new}").text


def test_lint_and_preview_follow_what_is_typed_and_save_nothing(work):
    before = work.text
    typed = before.replace("[[outcome]]", "[[outcom]]")
    linted = shown(work.editor.post(f"/prompts/{work.new}/lint", text=typed).text)
    assert "outcom" in linted
    assert "line" in linted
    preview = work.editor.post(f"/prompts/{work.new}/preview", text=before, sample="low-back-therapy").text
    assert "Write plainly." in preview
    assert "Difference from" in preview
    broken = shown(work.editor.post(f"/prompts/{work.new}/preview", text=typed, sample="low-back-therapy").text)
    assert "outcom" in broken
    assert work.text == before


def test_of_two_editors_the_second_is_told_and_keeps_his_text(work):
    stale = "0" * 64
    answer = work.save(work.text + "\nMine.\n", before=stale)
    assert answer.status_code == 422
    assert "saved by somebody else" in answer.text
    assert "Mine." in answer.text
    assert "Mine." not in work.text


def test_the_whole_way_from_edit_to_live_and_back_by_two_people(work):
    assert work.act("candidate", work.editor).status_code == 303
    assert work.save("anything").status_code == 422  # its text is fixed now
    assert "not tried yet" in work.act("release", work.releaser).text
    assert work.tried() == "PASS"
    own = work.act("release", work.editor)
    assert own.status_code == 422
    assert "a second person" in own.text
    assert work.act("release", work.releaser).status_code == 303
    assert work.prompts.library.live("rationale") == work.new
    assert work.act("rollback", work.releaser, why="drafts grew too long").status_code == 303
    assert work.prompts.library.live("rationale") == work.live
    history = shown(work.releaser.get("/prompts/history").text)
    assert [act in history for act in ("candidate", "release", "rollback")] == [True] * 3
    assert len(work.entries()) == 3


def test_a_fail_is_never_released(tmp_path):
    work = PromptWork(tmp_path, verdict="FAIL")
    work.save(work.text.replace("=== system\n", "=== system\nWrite plainly.\n", 1))
    work.act("candidate", work.editor)
    work.tried()
    assert "The gate said FAIL" in work.act("release", work.releaser).text
    assert "only INCONCLUSIVE is overridden" in work.act("override", work.releaser).text


def test_an_act_needs_a_reason_in_words(work):
    assert "say why" in work.act("candidate", work.editor, why="so").text
    assert work.entries() == []


def test_roles_part_the_work(work):
    reviewer = work.desk.browser(work.desk.person("reviewer"))
    assert reviewer.get("/prompts").status_code == 403
    assert work.releaser.get(f"/prompts/{work.new}").status_code == 200
    assert work.act("candidate", work.releaser).status_code == 403
    assert work.releaser.post(f"/prompts/{work.new}/save", text="x", before="0").status_code == 403


def test_a_version_that_there_is_not_is_told_as_such(work):
    assert work.editor.get("/prompts/rationale@9999").status_code == 404
    assert work.editor.get("/prompts/compare?old=rationale@9999&new=rationale@0001").status_code == 404
    compared = shown(work.editor.get(f"/prompts/compare?old={work.live}&new={work.new}").text)
    assert "Write plainly." in compared


def test_markup_in_a_template_is_shown_and_never_run(work):
    bad = work.text + "\n</textarea><script>window.pwned=1</script>\n"
    work.save(bad)
    page = work.editor.get(f"/prompts/{work.new}").text
    assert "<script>window.pwned" not in page
