"""What a sentence measures of function and pain, and which changes it tells by itself."""

from __future__ import annotations

import pytest

from drafter.domain.reading.measures import Value, measured, standing
from drafter.domain.reading.read import read
from guideline_corpus.vocabulary import load_vocabulary


def steps(text: str) -> list[tuple[str, float, float, str | None]]:
    """Measure, earlier value, later value and which way it went, for each change that the text tells."""
    found: list[tuple[str, float, float, str | None]] = []
    for sentence in read(text, vocabulary=load_vocabulary()).sentences:
        for before, after, called in measured(sentence)[1]:
            went = standing(after.measure, before.number, after.number, called=called)
            found.append((after.measure.name, before.number, after.number, went))
    return found


def values(text: str) -> list[Value]:
    sentences = read(text, vocabulary=load_vocabulary()).sentences
    return [value for sentence in sentences for value in measured(sentence)[0]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Lumbar flexion had improved from 40 to 60 degrees.", ("flexion", 40, 60, "better")),
        ("Lumbar flexion 40 degrees at the first visit, 60 degrees today.", ("flexion", 40, 60, "better")),
        ("Lumbar flexion is 60 degrees, 40 at the first visit.", ("flexion", 40, 60, "better")),
        ("Knee flexion 110 degrees, from 90.", ("flexion", 90, 110, "better")),
        ("Left shoulder abduction is 100 degrees, 120 degrees previously.", ("abduction", 120, 100, "worse")),
        ("Lifts 20 pounds from floor to waist, 5 pounds at the first visit.", ("lifting", 5, 20, "better")),
        ("Oswestry score 48 percent at the first visit, 30 percent today.", ("Oswestry", 48, 30, "better")),
        ("ODI was 52% at intake and is now 34%.", ("Oswestry", 52, 34, "better")),
        ("Strength of the right knee improved from 3/5 to 4/5.", ("strength", 3, 4, "better")),
        ("Oswestry improved to 30 from 48.", ("Oswestry", 48, 30, "better")),
        ("DASH 45, 22 at baseline.", ("DASH", 22, 45, "worse")),
        ("LEFS 50, 30 at the initial evaluation.", ("LEFS", 30, 50, "better")),
        ("PHQ-9 decreased from 18 to 9.", ("PHQ-9", 18, 9, "better")),
        ("Able to walk 30 minutes, up from 10 minutes.", ("walking", 10, 30, "better")),
        ("He can sit 2 hours, 30 minutes at the initial visit.", ("sitting", 30, 120, "better")),
        ("Therapy had decreased his pain from 8 out of 10 to 5 out of 10.", ("pain", 8, 5, "better")),
        ("Pain was 4 out of 10 [7 before].", ("pain", 7, 4, "better")),
    ],
)
def test_a_change_told_in_one_sentence_has_both_numbers_and_the_way_it_went(text: str, told: tuple[object, ...]):
    assert steps(text) == [told]


@pytest.mark.parametrize(
    "text",
    [
        "Flexion of the right knee from 0 to 120 degrees.",
        "Flexion has not improved from 40 to 50 degrees.",
        "The goal is to improve flexion from 40 to 60 degrees.",
        "Flexion will be increased from 40 to 60 degrees.",
        "Before the injury he lifted 100 pounds; now he lifts 20 pounds.",
        "He was injured lifting 50 pounds.",
        "Remaining goals: lift 40 pounds, which his usual job requires.",
        "Pain ranges from 4 out of 10 to 8 out of 10.",
        "The pain was 3/10 and reported to increase to 5/10 with movement.",
        "Lumbar flexion 40 degrees (normal 60 degrees).",
        "Straight leg raising is positive on the left at 45 degrees.",
        "Grip strength 40 pounds on the right, 60 pounds on the left.",
        "On 10/28/2016 utilization review denied the request because flexion had improved from 40 to 60 degrees.",
    ],
)
def test_arcs_goals_denials_and_what_was_before_the_injury_are_no_change(text: str):
    assert steps(text) == []


def test_a_value_has_the_part_and_side_that_its_own_words_name():
    left, right = values("Grip of the left hand is 40 pounds, right hand grip is 60 pounds.")

    assert (left.number, left.side) == (40, "left")
    assert (right.number, right.side) == (60, "right")


def test_a_difference_within_the_error_of_measuring_is_no_change_unless_the_record_calls_it_one():
    assert steps("Lumbar flexion 55 degrees at the first visit, 60 degrees today.") == [("flexion", 55, 60, None)]
    assert steps("Lumbar flexion improved from 55 to 60 degrees.") == [("flexion", 55, 60, "better")]
