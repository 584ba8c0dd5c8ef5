"""What a prompt editor is told about a text that is being written: everything at once, with place and remedy."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

import pytest

from drafter.adapters.prompt_folder import PromptFolder
from drafter.domain.prompting.lint import Linted, lint
from drafter.domain.prompting.problem import Problem
from drafter.domain.prompting.wording import WordingRules
from drafter.settings import shipped_prompts_dir

LIBRARY = PromptFolder(shipped_prompts_dir())
RULES = LIBRARY.rules()


def linted(text: str, *, name: str = "rationale", parts: Mapping[str, str] | None = None) -> Linted:
    held = LIBRARY.parts() if parts is None else parts
    return lint(text, held, name=name, version="0099", rules=RULES, sizes=LIBRARY.sizes())


def edited(old: str, new: str, *, name: str = "rationale") -> Linted:
    text = LIBRARY.text(LIBRARY.live(name)).text
    assert old in text
    return linted(text.replace(old, new, 1), name=name)


def one(found: Linted, check: str) -> Problem:
    (problem,) = [problem for problem in found.problems if problem.check == check]
    return problem


@pytest.mark.parametrize("label", [label for label in LIBRARY.labels() if label not in LIBRARY.published()])
def test_templates_that_may_still_change_have_no_error(label: str) -> None:
    name, _, version = label.partition("@")
    found = lint(LIBRARY.text(label).text, LIBRARY.parts(), name=name, version=version, rules=RULES)

    assert [problem.sentence for problem in found.problems if problem.severity == "error"] == []


def test_a_misspelt_slot_is_told_with_its_place_and_the_word_that_was_meant() -> None:
    found = one(edited("[[request]]", "[[requset]]"), "unknown-slot")

    assert (found.severity, found.words, found.instead) == ("error", "[[requset]]", "[[request]]")
    text = LIBRARY.text(LIBRARY.live("rationale")).text.replace("[[request]]", "[[requset]]", 1)
    assert found.line is not None
    assert found.column is not None
    assert text.split("\n")[found.line - 1][found.column - 1 :].startswith("[[requset]]")
    assert "did you mean [[request]]?" in found.remedy


def test_a_fault_in_a_shared_part_names_the_part_and_the_line_in_it() -> None:
    parts = dict(LIBRARY.parts())
    parts["case@0002"] = parts["case@0002"].replace("[[each record]][[key]]", "[[each record]][[kee]]")
    found = one(linted(LIBRARY.text(LIBRARY.live("rationale")).text, parts=parts), "unknown-slot")

    assert (found.part, found.instead) == ("case@0002", "[[key]]")
    assert found.line is not None
    assert "[[kee]]" in parts["case@0002"].split("\n")[found.line - 1]


@pytest.mark.parametrize(
    ("old", "new", "check", "severity"),
    [
        ("variables: [", "variables: [main_item, ", "unused-variable", "warning"),
        ("variables: [item_number, ", "variables: [", "undeclared-variable", "error"),
        ("variables: [", "variables: [requst, ", "unknown-variable", "error"),
        ("Outcome chosen by the physician: [[outcome]]\n", "", "missing-slot", "error"),
        ("reply_schema: reply@1", "reply_schema: reply@9", "unknown-schema", "error"),
        ("grounds: [items", "grounds: [itemz", "unknown-ground", "error"),
        ("name: rationale", "name: options", "front-matter", "error"),
        ("author: the project\n", "", "unreadable", "error"),
        ("=== system", "=== sistem", "unreadable", "error"),
        ("[[part case@0002]]", "[[part case@0009]]", "unreadable", "error"),
        ("[[part example@0002]]\n[[part reply@0004]]", "", "reply-not-told", "error"),
        ("A fact against", "When in doubt uphold. A fact against", "leans-to-an-outcome", "error"),
        ("A fact against", "The request is not medically necessary. A fact against", "leaks-an-outcome", "error"),
        ("A fact against", "Fill in the gaps. A fact against", "invites-invention", "error"),
        ("A fact against", "Name the patient. A fact against", "words-the-letters-avoid", "warning"),
    ],
)
def test_each_kind_of_fault_is_found(old: str, new: str, check: str, severity: str) -> None:
    found = [problem for problem in edited(old, new).problems if problem.check == check]

    assert found
    assert all(problem.severity == severity and problem.remedy for problem in found)


def test_a_wording_rule_marks_the_very_words() -> None:
    text = LIBRARY.text(LIBRARY.live("options")).text.replace(
        "Draw no conclusion", "If support is thin, lean toward it", 1
    )
    found = one(linted(text, name="options"), "leans-to-an-outcome")

    assert found.line is not None
    assert found.column is not None
    assert text.split("\n")[found.line - 1][found.column - 1 :].startswith("lean toward")


@pytest.mark.parametrize("slot", ["outcome", "verdict"])
def test_the_memo_has_no_slot_that_could_pass_an_outcome_on(slot: str) -> None:
    found = one(edited("[[request]]", f"[[request]] [[{slot}]]", name="options"), "leaks-an-outcome")

    assert found.severity == "error"
    assert "passes an outcome on" in found.message


@pytest.mark.parametrize("loop", ["record", "passages"])
def test_record_and_passages_outside_the_fence_are_errors(loop: str) -> None:
    parts = dict(LIBRARY.parts())
    block = f"[[each {loop}]][[text]]\n[[end]]\n"
    parts["case@0002"] = block + parts["case@0002"]
    found = [
        p for p in linted(LIBRARY.text(LIBRARY.live("rationale")).text, parts=parts).problems if p.check == "not-fenced"
    ]

    assert [problem.words for problem in found] == [loop]


def test_rules_are_data_and_an_excuse_holds_for_its_own_sentence_only() -> None:
    rules = WordingRules.model_validate(
        tomllib.loads(
            '[[rule]]\nid = "no-guess"\nseverity = "error"\nphrases = ["guess*"]\nunless = ["never"]\n'
            'message = "guessing"\nremedy = "leave it out"\n'
        )
    )
    text = LIBRARY.text(LIBRARY.live("options")).text
    text = text.replace("Draw no conclusion", "Never guess. Guessing is welcome. Draw no conclusion", 1)
    found = lint(text, LIBRARY.parts(), name="options", version="0099", rules=rules)

    assert [problem.words for problem in found.problems if problem.check == "no-guess"] == ["Guessing"]


def test_the_size_at_the_95th_percentile_is_told_and_too_large_a_prompt_is_a_warning() -> None:
    large = edited("A fact against", "word " * 3000 + "A fact against")

    assert one(linted(LIBRARY.text(LIBRARY.live("options")).text, name="options"), "size").severity == "note"
    assert one(large, "size").severity == "warning"
    assert large.size is not None
    assert large.size.items > 200


def test_a_purpose_that_does_not_exist_is_told_with_those_that_do() -> None:
    assert "use rationale, options, repair, grader" in one(linted("", name="reasons"), "unknown-purpose").remedy
