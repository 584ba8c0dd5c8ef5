"""What a prompt editor may write in a template, and what is refused with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.domain.prompting.language import parse, render
from drafter.errors import TemplateInvalid

ROWS = [{"criterion_key": "C1"}, {"criterion_key": "C2"}]


def test_slots_loops_and_parts_are_filled() -> None:
    text = "[[part voice@0001]]\nItem [[number]]\n[[each criteria]]\n- [[criterion_key]]\n[[end]]\nEnd"
    parsed = parse(text, parts={"voice@0001": "Plain words."})

    assert (
        render(parsed, slots={"number": "2"}, loops={"criteria": ROWS}) == "Plain words.\nItem 2\n- C1\n\n- C2\n\nEnd"
    )


def test_a_line_of_empty_slots_is_left_out() -> None:
    assert render(parse("a\n[[note]]\nb"), slots={"note": ""}, loops={}) == "a\nb"


def test_a_value_is_never_read_as_template() -> None:
    assert render(parse("[[note]]"), slots={"note": "[[note]] {x.__class__}"}, loops={}) == "[[note]] {x.__class__}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a\n[[x.__class__]]", "line 2, column 1: [[x.__class__]]: a slot is a plain name"),
        ("{x.__class__}", "line 1, column 1: '{x.__class__}' is another template language"),
        ("{{ 7 * 7 }}", "is another template language"),
        ("[[open", "is not closed on its line"),
        ("a ]]", "closes nothing"),
        ("[[each secrets]][[end]]", "loops go over items, record, arguments, passages, criteria, statements only"),
        ("[[each record]]", "is never closed"),
        ("[[end]]", "without [[each"),
        ("[[part voice]]", "write [[part NAME@0001]]"),
        ("[[part voice@0002]]", "there is no such part"),
    ],
)
def test_a_wrong_template_is_refused_with_place_and_remedy(text: str, sentence: str) -> None:
    with pytest.raises(TemplateInvalid) as refused:
        parse(text, parts={})
    assert sentence in str(refused.value)


@given(st.text(alphabet="[]{}ab_. \n%each", max_size=60))
def test_any_text_renders_with_its_slots_or_is_refused(text: str) -> None:
    try:
        parsed = parse(text, parts={})
    except TemplateInvalid:
        return
    values = {slot.name: "v" for slot in parsed.slots()}
    render(parsed, slots=values, loops={})
