"""The quotes that open a draft tell how this worker is, as far as it bears on the request."""

from __future__ import annotations

import pytest

from tests.drafting_factories import draft_of
from tests.factories import make_criterion, make_passage

PASSAGE = make_passage(criteria=(make_criterion(met_by=("home-exercise-program",)),))
BACK = "MRI of the lumbar spine"


def opening(summary: str, *, treatment: str = BACK) -> str:
    draft = draft_of(summary, PASSAGE, treatment=treatment, determination="upheld")
    return " ".join(s.text for s in draft.statements if s.kind == "record")


def test_a_score_that_stands_in_a_sentence_of_its_own_is_quoted_with_its_complaint():
    told = opening(
        "On 12/6/2016 the worker complained of constant low back pain radiating down the left leg. "
        "The pain was rated 8 out of 10 on the visual analogue scale. "
        "Examination revealed tenderness of the lumbar spine."
    )

    assert "radiating down the left leg. The pain was rated 8 out of 10" in told


def test_the_score_of_another_part_is_not_joined_to_the_complaint():
    told = opening(
        "On 12/6/2016 the worker complained of low back pain. The left shoulder was rated 3/10. "
        "Examination revealed tenderness of the lumbar spine."
    )

    assert "3/10" not in told


def test_what_the_latest_note_tells_of_the_pain_comes_before_an_older_score():
    told = opening(
        "On 9/6/2016 the worker complained of low back pain rated 7 out of 10 with numbness of the left foot. "
        "On 10/18/2016 the worker complained of low back pain rated 4 out of 10. Examination of the lumbar spine "
        "revealed spasm. Examination of the lumbar spine revealed a positive straight leg raise."
    )

    assert "4 out of 10" in told
    assert "7 out of 10" not in told


def test_a_positive_sign_is_quoted_before_mere_tenderness():
    told = opening(
        "On 12/6/2016 the worker complained of low back pain. There was tenderness of the lumbar spine. "
        "Straight leg raising of the lumbar spine was positive on the left."
    )

    assert "Straight leg raising" in told


def test_a_complaint_and_a_finding_come_before_a_list_of_diagnoses():
    told = opening(
        "Diagnoses included headaches, lumbar strain and low back pain. On 12/6/2016 the worker complained of moderate "
        "low back pain. Examination revealed spasm of the lumbar spine.",
        treatment="Ibuprofen 600mg #90",
    )

    assert "moderate low back pain" in told
    assert "spasm of the lumbar spine" in told
    assert "diagnoses included" not in told


def test_a_wish_for_the_treatment_comes_after_the_findings_and_a_work_status_is_none():
    told = opening(
        "On 12/6/2016 the worker complained of low back pain. He can return to work with restrictions. "
        "The physician recommended an MRI due to persistent low back pain. "
        "Examination revealed spasm of the lumbar spine."
    )

    assert told.index("spasm of the lumbar spine") < told.index("recommended")
    assert "return to work" not in told


def test_a_list_of_medicines_does_not_stand_for_an_examination():
    told = opening(
        "On 12/6/2016 the worker complained of low back pain. Examination revealed spasm of the lumbar spine. "
        "Medications include ibuprofen and Norflex.",
        treatment="Norflex 100mg #60",
    )

    assert "spasm of the lumbar spine" in told


def test_denied_numbness_or_radiation_is_told_where_nothing_positive_was_found():
    told = opening(
        "On 12/6/2016 the worker complained of low back pain rated 10 out of 10. "
        "She denied any numbness or radiation of the pain into the legs. She can return to work with restrictions."
    )

    assert "denied any numbness" in told
    assert "return to work" not in told


@pytest.mark.parametrize(
    ("summary", "told"),
    [
        ("On 11/22/2016 the plan included an MRI of the lumbar spine to rule out disc disease.", "to rule out disc"),
        ("An MRI of the lumbar spine was recommended due to worsening pain.", "due to worsening pain"),
    ],
)
def test_a_draft_tells_what_the_physician_wants_the_item_for(summary: str, told: str):
    assert told in opening(summary)


@pytest.mark.parametrize(
    "summary",
    [
        "The plan was an MRI of the lumbar spine, and physical therapy to improve strength.",
        "No MRI of the lumbar spine was ordered because the pain had gone.",
    ],
)
def test_what_another_treatment_is_for_is_no_purpose_of_the_item(summary: str):
    told = opening(summary)

    assert "improve" not in told
    assert "because" not in told
