"""What a prompt editor may write in a template, and what is refused with its place."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafter.domain.prompting.language import parse, render, runs
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


def test_a_template_filled_again_keeps_nothing_of_the_case_before() -> None:
    parsed = parse("Item [[number]]\n[[note]]\n[[each criteria]]- [[criterion_key]] [[note]]\n[[end]]End")
    first = render(parsed, slots={"number": "1", "note": "Hurt knee."}, loops={"criteria": ROWS})

    assert render(parsed, slots={"number": "2", "note": ""}, loops={"criteria": ROWS[:1]}) == "Item 2\n- C1 \nEnd"
    assert render(parsed, slots={"number": "1", "note": "Hurt knee."}, loops={"criteria": ROWS}) == first


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


PARTS = {"voice@0001": "Plain [[request]]."}
PAYLOADS = [
    "{request.__class__.__mro__}",
    "{request.__init__.__globals__[os].environ}",
    "{request!r:>{width}}",
    "{0.__class__}",
    "{request[0]}",
    "{request:{request.__class__}}",
    "{{ request.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{%raw%}{{ 7*7 }}{%endraw%}",
    "{{#record}}{{text}}{{/record}}",
    "${request.__class__}",
    "${7*7}",
    "<%= 7*7 %>",
    "[[request.__class__]]",
    "[[request[0]]]",
    "[[request!r]]",
    "[[request:>10]]",
    "[[ [[request]] ]]",
    "[[request()]]",
    "[[each record]][[text.__class__]][[end]]",
    "[[each record.items]][[text]][[end]]",
    "[[each __globals__]][[text]][[end]]",
    "[[part ../../etc/passwd@0001]]",
    "[[part voice@0001.__class__]]",
    "%(request)s %s %d",
    "{request}",
    "{lc}: 1, {type}: constructor",
    "f'{request}'",
    "__import__('os').system('true')",
]


def outcome(text: str, *, slots: dict[str, str], record: list[dict[str, str]]) -> str | TemplateInvalid:
    """What a template renders to, or its refusal."""
    try:
        return render(parse(text, parts=PARTS), slots=slots, loops={"record": record, "passages": []})
    except TemplateInvalid as refused:
        return refused


@pytest.mark.bad_input(40)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_of_other_template_languages_have_no_effect(payload: str) -> None:
    """In the manner of the advisories on LangChain's templates (CVE-2025-65106, CVE-2025-68664)."""
    result = outcome(payload, slots={"request": "R", "width": "99"}, record=[{"text": "T"}])

    assert result == payload or (isinstance(result, TemplateInvalid) and result.line and result.column)
    assert render(parse("[[request]]"), slots={"request": payload}, loops={}) == payload


FRAGMENTS = st.one_of(
    st.sampled_from(
        [
            "[[", "]]", "[[request]]", "[[each record]]", "[[text]]", "[[end]]", "[[part voice@0001]]",
            "[[no_value]]",
            "[[each passages]]", "{", "}", "{{", "}}", "{%", "%}", "$", "{x.__class__}", "[0]",
            ".__class__", "!r", ":>9",
            "\n", "|", "<%", *PAYLOADS,
        ]
    ),
    st.text(max_size=12),
)  # fmt: skip
TEXTS = st.lists(FRAGMENTS, max_size=9).map("".join).filter(lambda text: "«" not in text)
HELD = ("«request»", "«text»")  # what the slots hold; marks that no generated text has


def rendered_or_refused(text: str) -> None:
    result = outcome(text, slots={"request": HELD[0]}, record=[{"text": HELD[1]}])
    if isinstance(result, TemplateInvalid):
        lines = (PARTS[result.part] if result.part else text).split("\n")
        assert 1 <= (result.line or 0) <= len(lines)
        assert 1 <= (result.column or 0) <= len(lines[(result.line or 0) - 1]) + 1
        return
    own = result
    for held in HELD:
        own = own.replace(held, "")
    left = text + PARTS["voice@0001"]
    assert set(own) <= set(left)
    assert "class" not in own or "class" in left
    assert len(result) <= len(text) * 20 + 20


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_any_text_renders_with_only_its_slots_or_is_refused_with_its_place(text: str) -> None:
    rendered_or_refused(text)


@pytest.mark.long
@given(TEXTS)
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_ten_thousand_texts_render_with_only_their_slots_or_are_refused_with_their_place(text: str) -> None:
    rendered_or_refused(text)


def test_every_stretch_knows_its_origin_and_the_stretches_joined_are_the_text() -> None:
    text = "Item [[request]]\n[[each record]]- [[text]]\n[[end]]\n[[note]]\nEnd"
    given = {"slots": {"request": "x", "note": ""}, "loops": {"record": [{"text": "one"}, {"text": "two"}]}}
    found = runs(parse(text), **given)  # type: ignore[arg-type]

    assert "".join(run.text for run in found) == render(parse(text), **given)  # type: ignore[arg-type]
    assert [run.text for run in found if run.origin == "record" and run.name] == ["one", "two"]
    assert [(run.text, run.place.line) for run in found if run.origin == "slot" and run.text] == [("x", 1)]
