"""What a prompt editor sees of the versions in a folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from drafter.errors import TemplateInvalid
from drafter.prompting.catalogue import catalogue, difference
from drafter.settings import shipped_prompts_dir


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(shipped_prompts_dir(), tmp_path / "prompts"))
    old = folder / "rationale" / "0002.md"
    (folder / "rationale" / "0009.md").write_text(old.read_text(encoding="utf-8").replace("thin", "short"))
    return folder


def test_live_published_and_draft_versions_are_told_apart(prompts: Path) -> None:
    told = {one.label: (one.live, one.published, one.problem) for one in catalogue(prompts)}

    assert told["rationale@0002"] == (False, True, None)
    assert told["rationale@0005"][0]
    assert told["rationale@0009"] == (False, False, None)
    assert told["extractive@0001"][0]


def test_a_faulty_version_is_listed_with_its_fault_and_the_others_stay_usable(prompts: Path) -> None:
    (prompts / "rationale" / "0010.md").write_text("no front matter", encoding="utf-8")
    problems = {one.label: one.problem for one in catalogue(prompts) if one.problem}

    assert list(problems) == ["rationale@0010"]
    assert "write front matter" in (problems["rationale@0010"] or "")


def test_two_versions_are_compared_line_by_line(prompts: Path) -> None:
    changed = difference(prompts, "rationale@0002", "rationale@0009")

    assert "-would be needed and stop: a thin rationale" in changed
    assert "+would be needed and stop: a short rationale" in changed
    assert difference(prompts, "rationale@0002", "rationale@0002") == ""


@pytest.mark.parametrize("label", ["rationale@0011", "../active@0001", "rationale", "options@1/../0001"])
def test_a_version_that_is_not_there_is_refused_by_name(prompts: Path, label: str) -> None:
    with pytest.raises(TemplateInvalid, match="no such prompt version"):
        difference(prompts, "rationale@0002", label)
