"""Claims that no improvement is documented: refuted where the record measures one, and only there."""

from __future__ import annotations

import pytest

from tests.unit.checks.letter import findings

THERAPY = "Physical therapy 6 visits for the lumbar spine"
MEASURED = (
    "The injured worker is a 45-year-old male with low back pain who was given 8 visits of physical therapy. "
    "On 10/14/2016 lumbar flexion was 60 degrees, 40 degrees at the first visit."
)
PAIN = (
    "The injured worker is a 45-year-old male who was given 8 visits of physical therapy. "
    "On 9/6/2016 low back pain was 7 out of 10. On 10/14/2016 low back pain was 4 out of 10."
)
VERDICT = "The request is not medically necessary."


def found(claim: str, summary: str = MEASURED, heading: str = THERAPY) -> list[tuple[str, str]]:
    """The absence findings on a letter that makes this claim, with the record's words each is held against."""
    told = findings(f"{claim} {VERDICT}", summary=summary, heading=heading, citations=())
    return [(f.check, getattr(f.against, "quote", "")) for f in told if f.check.startswith("absence")]


@pytest.mark.parametrize(
    "claim",
    [
        "There is no documentation of functional improvement.",
        "There was a lack of documentation of objective functional improvement.",
        "The records do not document any objective improvement.",
        "The provider failed to document functional gains.",
        "There is no evidence of objective progress in this case.",
        "There was lack of documentation indicating the number of sessions completed or any objective improvement.",
        "The patient had physical therapy without objective documentation of functional improvement.",
    ],
)
def test_figures_of_function_refute_the_claim_with_both_texts(claim: str):
    told = findings(f"{claim} {VERDICT}", summary=MEASURED, heading=THERAPY, citations=())
    (finding,) = [f for f in told if f.check == "absence-refuted"]

    assert finding.severity == "blocker"
    assert (finding.quote or "none") in claim
    assert f"{claim} {VERDICT}"[finding.start : finding.end] == finding.quote
    assert getattr(finding.against, "quote", "") == "lumbar flexion was 60 degrees, 40 degrees at the first visit"


def test_a_pain_score_alone_is_shown_and_not_blocked():
    assert found("There is no documentation of functional improvement.", PAIN) == [
        ("absence-with-hits", "low back pain was 4 out of 10")
    ]


@pytest.mark.parametrize(
    "claim",
    [
        "There is no documentation of functional improvement from the acupuncture trial.",
        "He was treated with naproxen but without improvement.",
        "There was no documented improvement in pain.",
    ],
)
def test_a_claim_about_another_treatment_or_about_pain_is_left_to_the_reader(claim: str):
    assert [check for check, _ in found(claim)] in (["absence-with-hits"], [])


def test_under_a_drug_figures_that_nothing_ties_to_it_are_shown_and_not_blocked():
    claim = "There is no documentation of functional improvement."

    assert [check for check, _ in found(claim, heading="Naproxen 550mg #60")] == ["absence-with-hits"]


@pytest.mark.parametrize(
    "claim",
    [
        "MTUS states that more visits are not recommended without documentation of functional improvement.",
        "Treatment should be reconsidered if there is no evidence of functional improvement.",
        "The utilization reviewer found no documentation of functional improvement.",
        "There are no physical therapy progress notes in the medical record.",
        "There is documentation of functional improvement.",
    ],
)
def test_guidelines_conditions_the_payer_and_missing_notes_claim_nothing_of_the_kind(claim: str):
    assert [quote for _, quote in found(claim) if "flexion" in quote] == []


def test_figures_that_fell_of_another_part_or_beside_a_denial_are_no_plain_refutation():
    claim = "There is no documentation of functional improvement."
    worse = "On 10/14/2016 lumbar flexion was 40 degrees, 60 degrees at the first visit."
    other = "On 10/14/2016 left knee flexion was 120 degrees, 90 degrees at the first visit."
    denied = f"{MEASURED} On 10/20/2016 the physician found no functional improvement."

    assert found(claim, worse) == []
    assert found(claim, other) == []
    assert [check for check, _ in found(claim, denied)] == ["absence-with-hits"]
