"""A prompt editor's sentence forms: what loads, what is refused and with which sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.errors import TemplateInvalid
from drafter.settings import shipped_prompts_dir
from drafter.templates import FORM_SLOTS, active_version, load_sentence_forms, slots_of

SHIPPED = shipped_prompts_dir() / "extractive" / "0001.toml"


def edited(tmp_path: Path, old: str, new: str) -> Path:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "0002.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_the_live_version_that_ships_loads_with_every_form() -> None:
    version = active_version(prompts_dir=shipped_prompts_dir(), name="extractive")
    forms = load_sentence_forms(shipped_prompts_dir() / "extractive" / f"{version}.toml")
    assert set(forms.forms) == set(FORM_SLOTS)
    assert forms.label == f"extractive@{version}"


def test_every_slot_of_a_shipped_form_is_used_by_it_or_left_out_on_purpose() -> None:
    forms = load_sentence_forms(SHIPPED)
    left_out = {name: FORM_SLOTS[name] - slots_of(text) for name, text in forms.forms.items()}
    assert {name: slots for name, slots in left_out.items() if slots} == {}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('request = "The request is for {treatment}."', "", "the form 'request' is missing"),
        (
            "The request is for {treatment}.",
            "The request is for {traetment}.",
            "unknown slot traetment; it may use: treatment",
        ),
        ("The request is for {treatment}.", "The request is for {treatment.__class__}.", "is not a plain name"),
        ("The request is for {treatment}.", "The request is for {treatment[0]}.", "is not a plain name"),
        ("The request is for {treatment}.", "The request is for {treatment!r}.", "is not a plain name"),
        ("The request is for {treatment}.", "The request is for {treatment:>9}.", "is not a plain name"),
        ("The request is for {treatment}.", "The request is for {treatment.", "a brace is left open"),
        ('version = "0001"', 'vresion = "0001"', "key 'version'"),
        ('version = "0001"', "version = ", "not readable as TOML"),
    ],
)
def test_a_wrong_form_is_refused_with_its_name_and_the_remedy(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(TemplateInvalid, match="0002.toml") as refused:
        load_sentence_forms(edited(tmp_path, old, new))
    assert sentence in str(refused.value)


def test_a_missing_version_names_the_file_to_look_in(tmp_path: Path) -> None:
    with pytest.raises(TemplateInvalid, match="active.toml"):
        load_sentence_forms(tmp_path / "0009.toml")


def test_active_toml_without_the_purpose_says_which_line_to_add(tmp_path: Path) -> None:
    (tmp_path / "active.toml").write_text("", encoding="utf-8")
    with pytest.raises(TemplateInvalid, match="add the line extractive"):
        active_version(prompts_dir=tmp_path, name="extractive")


def test_braces_inside_a_records_words_stay_words() -> None:
    forms = load_sentence_forms(SHIPPED)
    assert "{0.__class__} {treatment}" in forms.say("request", treatment="{0.__class__} {treatment}")


@given(st.text(alphabet="{}ab.!:[]0_ ", max_size=40))
def test_any_template_text_either_names_plain_slots_or_is_refused(text: str) -> None:
    try:
        names = slots_of(text)
    except TemplateInvalid:
        return
    rendered = text.format_map(dict.fromkeys(names, "value"))
    assert rendered.count("value") >= len(names)
