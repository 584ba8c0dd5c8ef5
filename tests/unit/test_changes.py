"""What the record measures twice of the same thing, on two days."""

from __future__ import annotations

import pytest

from drafter.domain.drafting.brief import ReadField
from drafter.domain.drafting.changes import Change, measured_changes
from drafter.domain.reading.read import read
from guideline_corpus.vocabulary import load_vocabulary
from tests.factories import make_case


def changes(summary: str) -> list[Change]:
    fields = make_case(case_summary=summary).record_fields()
    record = [ReadField(source=field, reading=read(field.text, vocabulary=load_vocabulary())) for field in fields]
    return list(measured_changes(record))


def went(summary: str) -> list[tuple[str, str]]:
    return [(change.measure.name, change.went) for change in changes(summary)]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("Lumbar flexion was 40 degrees.", "Lumbar flexion was 60 degrees.", ("flexion", "better")),
        ("Lumbar flexion was 60 degrees.", "Lumbar flexion was 40 degrees.", ("flexion", "worse")),
        ("Lumbar flexion was 40 degrees.", "Lumbar flexion was 40 degrees.", ("flexion", "same")),
        ("The patient is off work.", "The patient is working modified duty.", ("work status", "better")),
        ("The patient is on modified duty.", "The patient returned to full duty.", ("work status", "better")),
        ("The patient is working full duty.", "The patient is off work.", ("work status", "worse")),
        ("He is restricted to no lifting over 10 pounds.", "A 20 pound lifting limit.", ("lifting limit", "better")),
        ("Oswestry score was 48 percent.", "Oswestry score was 30 percent.", ("Oswestry", "better")),
        ("Low back pain was 7 out of 10.", "Low back pain was 4 out of 10.", ("pain", "better")),
    ],
)
def test_two_days_that_measure_the_same_thing_are_a_change(first: str, second: str, told: tuple[str, str]):
    assert went(f"On 9/6/2016 the patient was seen. {first} On 10/14/2016 the patient was seen. {second}") == [told]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Left shoulder flexion was 90 degrees.", "Right shoulder flexion was 140 degrees."),
        ("Lumbar flexion was 40 degrees.", "Cervical flexion was 60 degrees."),
        ("Lumbar flexion was 40 degrees.", "Lumbar extension was 60 degrees."),
        ("Flexion was 40 degrees.", "Flexion was 60 degrees."),
        ("Lumbar flexion was 40 degrees.", "Lumbar flexion was 45 degrees."),
        ("Lumbar flexion was 40 degrees.", "Lumbar flexion was 40 degrees. Passive lumbar flexion was 60 degrees."),
        ("The patient is off work.", "The plan is therapy to progress to full duty."),
        ("The patient is off work.", "The physician recommended modified duty."),
        ("The patient is working full duty.", "The patient is off work after surgery."),
        ("Strength of the right knee was 3/5.", "Strength of the right knee was 5/5."),
    ],
)
def test_another_part_side_or_motion_a_plan_and_a_day_that_tells_two_values_are_none(first: str, second: str):
    assert went(f"On 9/6/2016 the patient was seen. {first} On 10/14/2016 the patient was seen. {second}") == []


def test_a_value_of_years_ago_says_nothing_of_the_care_under_review():
    assert went("On 9/6/2014 lumbar flexion was 40 degrees. On 10/14/2016 lumbar flexion was 60 degrees.") == []


def test_modified_duty_after_weeks_off_work_is_told_by_one_sentence_too():
    (change,) = changes("He was off work in September and has returned to modified duty.")

    assert (change.measure.name, change.went) == ("work status", "better")


def test_what_the_claims_administrator_says_measures_nothing():
    summary = (
        "On 9/6/2016 lumbar flexion was 40 degrees. On 10/28/2016 utilization review non-certified the request because "
        "lumbar flexion was 60 degrees."
    )

    assert went(summary) == []
