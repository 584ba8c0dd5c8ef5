"""The folder that prompt editors and git share: what the program writes into it, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.adapters.prompt_folder import PromptFolder
from drafter.domain.prompting.purposes import PURPOSES
from drafter.errors import TemplateInvalid
from drafter.prompting.files import check_published
from tests.prompting_factories import make_prompts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_prompts(tmp_path)


def test_every_purpose_has_a_live_version_that_is_there(folder: Path) -> None:
    library = PromptFolder(folder)

    assert {library.live(name) for name in PURPOSES} <= set(library.labels())


def test_putting_a_version_live_changes_its_line_and_leaves_the_rest_of_the_file(folder: Path) -> None:
    before = (folder / "active.toml").read_text(encoding="utf-8").splitlines()
    PromptFolder(folder).set_live("rationale@0001")
    after = (folder / "active.toml").read_text(encoding="utf-8").splitlines()

    assert [(a, b) for a, b in zip(before, after, strict=True) if a != b] == [
        (next(line for line in before if line.startswith("rationale")), 'rationale = "0001"')
    ]
    assert PromptFolder(folder).live("rationale") == "rationale@0001"


def test_publishing_adds_one_line_and_a_second_text_under_one_name_is_refused(folder: Path) -> None:
    library = PromptFolder(folder)
    before = (folder / "published.toml").read_text(encoding="utf-8")
    library.publish("options@0020", "a" * 64)
    library.publish("options@0020", "a" * 64)

    assert (folder / "published.toml").read_text(encoding="utf-8") == f'{before}"options@0020" = "{"a" * 64}"\n'
    with pytest.raises(TemplateInvalid, match="published with another text"):
        library.publish("options@0020", "b" * 64)


@pytest.mark.parametrize("label", ["rationale", "rationale@1", "../x@0001", "secrets@0001", "rationale@0001/..", ""])
def test_a_name_that_is_no_version_reaches_no_file(folder: Path, label: str) -> None:
    for act in (PromptFolder(folder).text, PromptFolder(folder).set_live):
        with pytest.raises(TemplateInvalid, match="no such prompt version"):
            act(label)
    with pytest.raises(TemplateInvalid, match="no such prompt version"):
        PromptFolder(folder).save(label, "text")


@pytest.mark.parametrize("changed", ["rationale/0001.md", "options/0001.md", "shared/reply/0001.md"])
def test_start_up_refuses_a_published_file_that_changed_though_it_is_live_no_more(folder: Path, changed: str) -> None:
    check_published(folder)
    path = folder / changed
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    with pytest.raises(TemplateInvalid, match=r"(rationale|options)@0001 was changed; restore it"):
        check_published(folder)


def test_a_published_file_that_is_gone_is_refused_by_name(folder: Path) -> None:
    (folder / "options" / "0001.md").unlink()

    with pytest.raises(TemplateInvalid, match="options/0001.md: no such prompt version"):
        check_published(folder)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("wording.toml", "[[rule]]\nid = 'x'", "rule.0.severity"),
        ("wording.toml", "[[rule", "not readable as TOML"),
        ("release.toml", "least = 4", "least: Extra inputs"),
        ("sizes/x.json", "{}", "no figures of a dataset"),
    ],
)
def test_data_that_is_misspelt_is_refused_with_file_and_key(folder: Path, name: str, text: str, sentence: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    library = PromptFolder(folder)

    with pytest.raises(TemplateInvalid, match=name) as refused:
        (library.rules(), library.policy(), library.sizes())
    assert sentence in str(refused.value)
