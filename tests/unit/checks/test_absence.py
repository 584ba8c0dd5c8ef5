"""Absence claims: refuted where the record of care shows the thing, and only there."""

from __future__ import annotations

import pytest

from tests.unit.checks.letter import VERDICT, checks_of, findings


@pytest.mark.parametrize(
    "claim",
    [
        "There was no evidence of nerve compromise on examination.",
        "There is a lack of documentation of muscle spasm.",
        "The provider failed to document any muscle spasm.",
        "In this case, muscle spasm was not noted.",
        "The medical records do not document loss of sensation.",
        "Sensation was intact in the lower extremities.",
        "There is no VAS pain score.",
        "Medications are not documented.",
        "There is no RFA in the medical records provided.",
        "There is no lumbar spine examination.",
    ],
)
def test_a_claim_that_the_record_refutes_is_a_blocker_with_both_texts(claim: str) -> None:
    found = [f for f in findings(f"{claim} {VERDICT}") if f.severity == "blocker"]

    assert [f.check for f in found] in (["absence-refuted"], ["data-absence-refuted"])
    assert found[0].against is not None
    assert found[0].against.quote
    assert f"{claim} {VERDICT}"[found[0].start : found[0].end] == found[0].quote


@pytest.mark.parametrize(
    "sentence",
    [
        "There was no evidence of instability on examination.",
        "There are no findings that would support the need for physical therapy.",
        "There are no physical therapy notes submitted for review.",
        "MTUS states that MRI is not recommended without evidence of nerve compromise.",
        "The utilization reviewer found no evidence of nerve compromise.",
        "There was no documentation of muscle weakness.",
    ],
)
def test_what_the_record_does_not_refute_is_left_alone(sentence: str) -> None:
    assert not {"absence-refuted", "data-absence-refuted"} & checks_of(f"{sentence} {VERDICT}")


def test_a_finding_on_the_other_side_refutes_nothing() -> None:
    summary = "The patient is a 45-year-old male. Examination revealed swelling of the left knee."
    claim = "There was no documentation of swelling of the right knee. The request is not medically necessary."

    assert "absence-refuted" not in checks_of(claim, summary=summary, heading="MRI of the right knee", citations=())


def test_an_absent_plan_for_surgery_is_not_refuted_by_surgery_long_done() -> None:
    summary = "The patient is a 45-year-old male. Prior treatment included surgery of the low back in 2012."
    claim = "The summary does not report surgery under consideration. The request is not medically necessary."

    assert "absence-refuted" not in checks_of(claim, summary=summary)


def test_a_claim_of_the_payer_is_no_evidence() -> None:
    """The payer argued that there was no weakness; that neither shows nor refutes anything."""
    assert "absence-refuted" not in checks_of(f"There was no documentation of muscle weakness. {VERDICT}")


def test_a_narrowed_claim_is_shown_and_not_blocked() -> None:
    found = findings(f"There was no recent muscle spasm on examination. {VERDICT}")

    assert [f.check for f in found if f.check.startswith("absence")] == ["absence-with-hits"]


CHIROPRACTIC = "The patient is a 45-year-old male. Treatment has included physical therapy, chiropractor, and medicine."


@pytest.mark.parametrize(
    ("claim", "refuted"),
    [
        (
            "In this case there is no functional improvement from the chiropractic treatment already given.",
            False,
        ),
        ("In this case the summary does not report pain relief after physical therapy.", False),
        ("In this case the summary does not report chiropractic treatment.", True),
        ("In this case the summary does not report functional improvement or chiropractic treatment.", True),
    ],
)
def test_care_that_an_absent_improvement_would_come_from_is_not_called_absent(claim: str, refuted: bool) -> None:
    found = checks_of(f"{claim} The request is not medically necessary.", summary=CHIROPRACTIC)

    assert ("absence-refuted" in found) is refuted
