from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from guideline_corpus.criteria import criteria_of, criteria_within, limit_in
from guideline_corpus.model import Limit
from guideline_corpus.readers.html import read_html


def criteria(page: str) -> list[tuple[str, str]]:
    source = read_html(f"<h1>T</h1>{page}")
    return [(span.role, source.text[span.start : span.end]) for span in criteria_of(source)]


def test_items_of_a_list_under_words_that_make_them_criteria_are_required():
    page = "<p>Surgery is indicated when all of the following are shown:</p><ul><li>Positive MRI</li><li>Pain</li></ul>"

    assert criteria(page) == [("requires", "Positive MRI"), ("requires", "Pain")]


def test_items_of_a_list_of_contraindications_exclude():
    page = "<p><b>Contraindications</b></p><ul><li>Pregnancy</li><li>Local infection</li></ul>"

    assert criteria(page) == [("excludes", "Pregnancy"), ("excludes", "Local infection")]


def test_items_under_a_plain_label_that_forbids_exclude():
    assert criteria("<p>DO NOT USE</p><ul><li>Meperidine for chronic pain</li></ul>") == [
        ("excludes", "Meperidine for chronic pain")
    ]


def test_the_inner_list_takes_the_role_of_its_own_lead_in():
    page = (
        "<p>Workers must have the following:</p><ul><li>Signs of strain, but none of these contraindications:"
        "<ul><li>Fever</li></ul></li><li>A home programme</li></ul>"
    )

    assert criteria(page) == [("excludes", "Fever"), ("requires", "A home programme")]


def test_a_list_of_topics_is_no_list_of_criteria():
    page = (
        "<p>The following therapies are listed in alphabetical order. See the original guideline document for their "
        "indications.</p><ul><li>Massage</li></ul>"
        "<p>Refer to the original document for indications on the following topics:</p><ul><li>Fusion</li></ul>"
    )

    assert criteria(page) == []


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("Low level laser is not recommended for neck pain.", "excludes"),
        ("Chronic use is generally not recommended due to risk.", "excludes"),
        ("It should not be used in the first week of care.", "excludes"),
        ("Collars are contraindicated after the first week.", "excludes"),
        ("The worker must have a home programme before the second visit.", "requires"),
        ("Injections are indicated only in radicular pain.", "requires"),
        ("Repeat only if function improved for six months.", "requires"),
        ("A pump should only be used after imaging studies have shown the lesion.", "requires"),
        ("The patient should not have osteoporosis.", "requires"),
        ("To include all of the following: pain, weakness and a positive test.", "requires"),
        ("Ask for authorization no later than four weeks after the injury.", "requires"),
        ("The evidence does not support its use as first treatment.", "excludes"),
        ("The insurer will not pay for the drug after six weeks.", "excludes"),
        ("An evaluation should be performed on patients not making progress.", "notes"),
        ("A maximum of 6 visits may be authorized.", "limits"),
        ("Treatment should last no more than 3 weeks.", "limits"),
        ("Massage is recommended as an adjunct to exercise.", "notes"),
        ("The device is considered investigational.", "notes"),
    ],
)
def test_a_sentence_that_sets_a_rule_is_a_criterion_in_its_own_words(sentence: str, role: str):
    assert criteria(f"<p>Some words come first here. {sentence} And some follow.</p>") == [(role, sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Twelve weeks of exercise reduced pain in a randomized trial (Design: randomized clinical trial).",
        "There is good evidence that patients must not expect relief from the device.",
        "Refer to the original guideline document for what is not recommended.",
        "The effect lasted for up to 12 weeks in most workers.",
        "This form of care is rarely contraindicated in workers.",
        "Consider a taper, but this is not required of all workers.",
    ],
)
def test_what_a_study_found_and_what_stands_elsewhere_is_no_rule(sentence: str):
    assert criteria(f"<p>{sentence}</p>") == []


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("no more than 6 visits over 2 weeks", Limit(quantity="visits", at_most=6)),
        ("up to 4-6 sessions", Limit(quantity="visits", at_most=6)),
        ("limited to two injections", Limit(quantity="injections", at_most=2)),
        ("should not exceed twelve weeks", Limit(quantity="weeks", at_most=12)),
        ("maximum of 3 visits per week", Limit(quantity="visits_per_week", at_most=3)),
        ("Glucocorticoid injections (no more than 2)", Limit(quantity="injections", at_most=2)),
        ("short use (e.g., ≤14 days)", Limit(quantity="days", at_most=14)),
        ("at least 6 visits", None),
        ("beyond 15 treatments needs a reason", None),
        ("for many weeks", None),
    ],
)
def test_only_an_upper_bound_that_the_text_states_becomes_a_limit(text: str, limit: Limit | None):
    assert limit_in(text) == limit


def test_lines_of_a_criteria_table_are_noted_without_its_first_column_and_connectives():
    page = (
        "<table><tr><th colspan='3'>Criteria for Release</th></tr><tr><td>Open Release Surgery</td>"
        "<td>Splinting at night<br>Injections (no more than 2)</td><td>AND</td></tr></table>"
    )

    assert criteria(page) == [("notes", "Splinting at night"), ("limits", "Injections (no more than 2)")]


def test_every_criterion_of_the_public_guidelines_is_an_exact_stretch_of_them(guidelines: tuple[Path, ...]):
    for path in guidelines:
        source = read_html(path.read_text(encoding="utf-8"))
        spans = criteria_of(source)
        assert len(spans) >= 5, path.name
        assert all(one.end <= other.start for one, other in pairwise(spans))
        for criterion in criteria_within(spans, text=source.text, start=0, end=len(source.text)):
            assert criterion.source == "official"
            assert criterion.text == source.text[criterion.start : criterion.end]
            assert criterion.text.strip() == criterion.text != ""
