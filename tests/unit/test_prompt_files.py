"""Prompt files: what a prompt editor may write, and what start-up refuses with file and place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from drafter.errors import TemplateInvalid
from drafter.prompting.files import load_prompt
from drafter.settings import shipped_prompts_dir


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    """A copy of the prompts that ship, to be edited."""
    return Path(shutil.copytree(shipped_prompts_dir(), tmp_path / "prompts"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("name", ["rationale", "options"])
@pytest.mark.parametrize("version", ["0001", "0002"])
def test_the_prompts_that_ship_load_and_are_the_published_ones(name: str, version: str) -> None:
    template = load_prompt(prompts_dir=shipped_prompts_dir(), name=name, version=version)
    published = (shipped_prompts_dir() / "published.toml").read_text(encoding="utf-8")

    assert f'"{template.label}" = "{template.digest}"' in published


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[[request]]", "[[requset]]", "[[requset]] is no slot here"),
        ("[[request]]", "[[request.__class__]]", "a slot is a plain name"),
        ("[[each record]]", "[[each secrets]]", "loops go over"),
        ("Fence [[fence]]\nRecord", "Record", "the record is not fenced"),
        ("[[part voice@0001]]", "[[part voice@0099]]", "0099.md: no such prompt version"),
        ("author: the project\n", "", "key 'author'"),
        ("=== user", "user", "write front matter"),
        ("[[part voice@0001]]", "[[each record]][[text]][[end]]", "show it in the user part"),
    ],
)
def test_a_faulty_file_is_refused_with_its_name_and_the_remedy(
    prompts: Path, old: str, new: str, sentence: str
) -> None:
    edit(prompts / "rationale" / "0002.md", old, new)

    with pytest.raises(TemplateInvalid) as refused:
        load_prompt(prompts_dir=prompts, name="rationale", version="0002")
    assert "rationale" in str(refused.value) or "shared" in str(refused.value)
    assert sentence in str(refused.value)


@pytest.mark.parametrize("changed", ["rationale/0002.md", "shared/voice/0001.md"])
def test_a_published_version_that_was_changed_is_refused_by_name(prompts: Path, changed: str) -> None:
    edit(prompts / changed, "the", "teh")

    with pytest.raises(TemplateInvalid, match="published version rationale@0002 was changed"):
        load_prompt(prompts_dir=prompts, name="rationale", version="0002")


def test_a_copy_with_a_new_number_may_be_edited(prompts: Path) -> None:
    shutil.copy(prompts / "rationale" / "0002.md", prompts / "rationale" / "0009.md")
    edit(prompts / "rationale" / "0009.md", "a thin rationale", "a short rationale")

    assert load_prompt(prompts_dir=prompts, name="rationale", version="0009").label == "rationale@0009"
