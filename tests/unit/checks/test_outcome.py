"""The determination against the words, per sentence; Upheld means that the denial stands."""

from __future__ import annotations

import pytest

from tests.unit.checks.letter import VERDICT, checks_of

CONTRADICTION = "determination-contradicts-rationale"


@pytest.mark.bad_input(25)
@pytest.mark.parametrize(
    "verdict",
    [
        "The request for MRI of the lumbar spine is not medically necessary.",
        "No, the request was not medically necessary, medically appropriate, or indicated here.",
        "Therefore, the requested MRI cannot be considered medically necessary.",
        "Medical necessity of this request is not established.",
        "This is not a medical necessity to the patient at this time.",
        "As such, the request is non-certified.",
        "The MRI is not supported by the records as being medically necessary.",
    ],
)
def test_a_denial_agrees_with_upheld_and_contradicts_overturned(verdict: str) -> None:
    rationale = f"The patient has low back pain. {verdict}"

    assert CONTRADICTION not in checks_of(rationale, determination="upheld")
    assert CONTRADICTION in checks_of(rationale, determination="overturned")


@pytest.mark.parametrize(
    "verdict",
    [
        "The request for MRI of the lumbar spine is medically necessary and appropriate.",
        "As such, medical necessity of the MRI is supported by the records.",
        "Therefore, the requested MRI is medically reasonable.",
    ],
)
def test_a_grant_agrees_with_overturned_and_contradicts_upheld(verdict: str) -> None:
    rationale = f"The patient has low back pain. {verdict}"

    assert CONTRADICTION not in checks_of(rationale, determination="overturned")
    assert CONTRADICTION in checks_of(rationale, determination="upheld")


def test_a_verdict_at_the_start_counts_as_much_as_one_at_the_end() -> None:
    rationale = "No, the request is medically necessary. The patient has low back pain. Weaning is advised."

    assert CONTRADICTION in checks_of(rationale, determination="upheld")


@pytest.mark.parametrize(
    "sentence",
    [
        "Utilization review found that the MRI was not medically necessary.",
        "If the MRI were medically necessary, surgery would be planned.",
        "Monitoring is considered part of a medically necessary treatment program.",
    ],
)
def test_what_is_not_this_reviewers_verdict_decides_nothing(sentence: str) -> None:
    rationale = f"{sentence} The request for MRI of the lumbar spine is medically necessary."

    assert CONTRADICTION not in checks_of(rationale, determination="overturned")


def test_a_rationale_without_a_verdict_says_so() -> None:
    assert "no-verdict" in checks_of("The patient has low back pain.")


def test_a_lost_not_is_shown() -> None:
    rationale = "There is rationale to support the request. The request is not medically necessary."

    assert "argues-other-outcome" in checks_of(rationale)


def test_a_verdict_on_another_study_is_a_blocker() -> None:
    assert "verdict-on-another" in checks_of("The request for an EMG of the lumbar spine is not medically necessary.")
    assert "verdict-on-another" in checks_of("The request for MRI of the cervical spine is not medically necessary.")
    assert "verdict-on-another" in checks_of("The request for MRI with contrast is not medically necessary.")


def test_the_safety_note_without_its_not_is_a_blocker() -> None:
    rationale = (
        "The request is not medically necessary. This decision should be interpreted as a recommendation to stop."
    )

    assert "weaning-note-inverted" in checks_of(rationale)


def test_what_came_with_a_request_is_not_decided_on() -> None:
    sentence = "The request of 11/15/2016 came with naproxen and tramadol, so two more medicines would be taken."

    assert "verdict-on-another" not in checks_of(f"{sentence} {VERDICT}")
