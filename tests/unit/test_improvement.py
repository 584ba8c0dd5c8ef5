"""A draft never says that no improvement is documented while the record measures one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from drafter.domain.case import RecordPage
from drafter.services.intake import read_case
from guideline_corpus.edition_table import shipped_editions
from guideline_corpus.starter import load_starter
from tests.drafting_factories import draft_of, told
from tests.factories import make_criterion, make_passage, make_record

PHRASE = "objective improvement from the visits already given"
IMPROVEMENT = make_passage(
    criteria=(
        make_criterion(
            text="More visits only while they bring objective improvement",
            phrase=PHRASE,
            met_by=("functional-improvement", "prior-treatment-benefit"),
            failed_by=("no-benefit",),
        ),
    )
)
RELIEF = make_passage(
    criteria=(make_criterion(text="Relief", phrase="relief of pain", met_by=("pain-relief", "functional-improvement")),)
)
SEEN = "The patient was seen for low back pain."
SAMPLE = Path(__file__).parents[2] / "evals/samples/low-back-therapy.yaml"


def test_the_sample_of_the_readme_shows_the_improvement_that_its_record_measures():
    case = read_case(SAMPLE)
    (passage,) = [
        one
        for one in load_starter(shipped_editions())
        if (one.guideline, one.edition, one.section)
        == ("Chronic Pain Medical Treatment", "2016", "Physical medicine treatment")
    ]
    draft = draft_of(
        case.case_summary or "", passage, treatment=case.items[0].treatment, records=case.records, dates=case.dates
    )

    assert (
        'On 10/14/2016 the record states "Lumbar flexion 40 degrees at the first visit, 60 degrees today", '
        f"a measured change that is in keeping with {PHRASE}."
    ) in told(draft, "for")
    assert "do not document objective improvement" not in draft.rationale
    assert {row.status for row in draft.criteria if "objective improvement" in row.text} == {"met"}
    assert "absence-refuted" not in {finding.check for finding in draft.findings}


def test_two_days_that_measure_the_same_motion_are_quoted_with_both_days():
    draft = draft_of(
        "On 9/6/2016 lumbar flexion was 40 degrees. On 10/14/2016 lumbar flexion was 60 degrees.", IMPROVEMENT
    )

    assert told(draft, "for") == (
        'On 09/06/2016 the record states "lumbar flexion was 40 degrees", and on 10/14/2016 the record states '
        f'"lumbar flexion was 60 degrees", a measured change that is in keeping with {PHRASE}.'
    )
    assert len(draft.criteria[0].record) == 2


def test_modified_duty_after_time_off_work_is_an_improvement():
    draft = draft_of(
        f"On 9/6/2016 {SEEN} He was off work. On 10/14/2016 {SEEN} He had returned to modified duty.", IMPROVEMENT
    )

    assert draft.criteria[0].status == "met"
    assert "off work" in told(draft, "for")
    assert "returned to modified duty" in told(draft, "for")


def test_a_pain_score_that_fell_is_relief_of_pain_and_leaves_function_open():
    summary = "On 9/6/2016 low back pain was 7 out of 10. On 10/14/2016 low back pain was 4 out of 10."

    assert draft_of(summary, RELIEF).criteria[0].status == "met"
    asked = draft_of(summary, IMPROVEMENT)
    assert asked.criteria[0].status == "unclear"
    assert "which leaves open objective improvement" in asked.rationale
    assert "does not report" not in asked.rationale


@pytest.mark.parametrize(
    ("later", "form"),
    [
        ("25", "a measured change that speaks against"),
        ("40", "no measured change, which speaks against"),
    ],
)
def test_a_change_for_the_worse_or_none_speaks_against_with_both_numbers(later: str, form: str):
    draft = draft_of(
        f"On 9/6/2016 lumbar flexion was 40 degrees. On 10/14/2016 lumbar flexion was {later} degrees.", IMPROVEMENT
    )

    assert draft.criteria[0].status == "not_met"
    assert f"{form} {PHRASE}" in told(draft, "against")
    assert "40 degrees" in told(draft, "against")
    assert f"{later} degrees" in told(draft, "against")


def test_what_went_both_ways_is_told_both_ways_with_all_the_numbers():
    draft = draft_of(
        "On 10/14/2016 lumbar flexion was 60 degrees, 40 at the first visit. "
        "On 10/14/2016 the Oswestry score was 48 percent, 30 percent at the first visit.",
        IMPROVEMENT,
    )

    assert draft.criteria[0].status == "unclear"
    assert f"As to {PHRASE}, the record points both ways:" in draft.rationale
    assert all(number in draft.rationale for number in ("60 degrees, 40", "48 percent, 30"))


def test_a_denial_is_told_beside_the_figures_that_it_forgets_unless_they_are_later():
    denied = f"On {{}} {SEEN} There was no functional improvement. "
    figures = "On 10/14/2016 lumbar flexion was 60 degrees, 40 at the first visit. "

    assert draft_of(figures + denied.format("10/20/2016"), IMPROVEMENT).criteria[0].status == "unclear"
    assert draft_of(denied.format("9/20/2016") + figures, IMPROVEMENT).criteria[0].status == "met"


def test_figures_of_another_part_of_the_body_say_nothing_of_this_item():
    draft = draft_of(
        "On 10/14/2016 left shoulder flexion was 140 degrees, 90 at the first visit. He has low back pain.",
        IMPROVEMENT,
    )

    assert draft.criteria[0].status == "not_in_summary"


def test_what_two_documents_measure_is_one_change():
    records = (
        make_record(
            record_id="first", date=date(2016, 9, 6), pages=(RecordPage(page=1, text="Lumbar flexion 40 degrees."),)
        ),
        make_record(
            record_id="second", date=date(2016, 10, 14), pages=(RecordPage(page=1, text="Lumbar flexion 60 degrees."),)
        ),
    )
    draft = draft_of("He has low back pain.", IMPROVEMENT, records=records)

    assert [span.record_id for span in draft.criteria[0].record] == ["first", "second"]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("His range of motion had improved.", "met"),
        ("Lumbar motion improved from the first visit on.", "met"),
        ("His condition had not improved.", "not_met"),
    ],
)
def test_plain_words_of_improvement_count_and_their_denial_too(words: str, status: str):
    assert draft_of(f"On 10/14/2016 {SEEN} {words}", IMPROVEMENT).criteria[0].status == status
