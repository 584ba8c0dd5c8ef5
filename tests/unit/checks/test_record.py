"""Facts of the rationale against the record: another value, or nowhere."""

from __future__ import annotations

import pytest

from tests.unit.checks.letter import SUMMARY, VERDICT, checks_of, findings

TRUE = (
    "This 45-year-old male was injured on 3/14/2016. On 10/5/2016 he complained of low back pain rated 6/10. He takes "
    f"naproxen 550mg and had eight physical therapy visits. Straight leg raising was positive on the right. {VERDICT}"
)


def test_a_rationale_that_tells_what_the_record_tells_has_no_finding() -> None:
    assert checks_of(TRUE) == set()


@pytest.mark.parametrize(
    ("before", "after", "check"),
    [
        ("45-year-old", "54-year-old", "age-conflict"),
        ("male", "female", "sex-conflict"),
        ("injured on 3/14/2016", "injured on 3/14/2015", "date-conflict"),
        ("550mg", "55mg", "dose-conflict"),
        ("positive on the right", "negative on the right", "result-conflict"),
    ],
)
def test_another_value_than_the_records_is_a_blocker(before: str, after: str, check: str) -> None:
    found = findings(TRUE.replace(before, after))

    assert check in {f.check for f in found if f.severity == "blocker"}
    assert all(f.against is not None for f in found if f.check == check)


@pytest.mark.bad_input(22)
@pytest.mark.parametrize(
    ("sentence", "check"),
    [
        ("The patient had 14 visits of acupuncture.", "number-not-in-record"),
        ("On 9/9/2016 the patient was seen again.", "date-not-in-record"),
        ("The patient has been taking methadone.", "treatment-not-in-record"),
        ("The patient has a history of upper extremity complaints.", "body-part-not-in-record"),
        ("The patient has upper/lower extremity complaints.", "body-part-not-in-record"),
        ("Examination revealed a positive McMurray test.", "finding-not-in-record"),
        ("The protrusion was at L2-L3.", "number-not-in-record"),
    ],
)
def test_what_the_record_nowhere_has_is_a_warning(sentence: str, check: str) -> None:
    found = {f.check: f.severity for f in findings(f"{sentence} {VERDICT}")}

    assert found.get(check) == "warning"


@pytest.mark.parametrize(
    "sentence",
    [
        "The guidelines recommend 10 visits over 8 weeks for patients over 50 years of age.",
        "ODG states that gabapentin is a first-line drug for those with diabetic neuropathy.",
        "Per the MTUS, an MRI is reserved for patients with weakness at L2-L3.",
    ],
)
def test_the_guidelines_numbers_are_not_the_workers(sentence: str) -> None:
    assert checks_of(f"{sentence} {VERDICT}") == set()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("45-year-old male", "male, age 45,"),
        ("10/5/2016", "October 5, 2016"),
        ("10/5/2016", "10-05-16"),
        ("6/10", "6 out of 10"),
        ("eight physical therapy visits", "8 sessions of physical therapy"),
        ("naproxen 550mg", "Anaprox 550 mg"),
        ("low back", "lumbar"),
        ("This 45-year-old", "The 45 year-old"),
    ],
)
def test_the_same_fact_in_other_words_is_no_finding(before: str, after: str) -> None:
    assert checks_of(TRUE.replace(before, after)) == set()


def test_the_other_knee_is_a_blocker_and_a_second_complaint_is_not() -> None:
    summary = "The patient is a 45-year-old male with right knee pain."
    knee = {"summary": summary, "heading": "MRI of the right knee", "citations": ()}

    assert "side-conflict" in checks_of(
        "The patient has left knee pain. The request is not medically necessary.", **knee
    )
    also = "The patient also complains of left knee pain. The request is not medically necessary."
    assert "side-conflict" not in checks_of(also, **knee)


def test_a_pronoun_of_the_other_sex_is_a_warning() -> None:
    assert "pronoun-conflict" in checks_of(f"Her diagnoses include lumbar strain. {VERDICT}")


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (
            "",
            "When neurologic examination is less clear, physiologic evidence of nerve dysfunction should be obtained.",
        ),
        (
            "",
            "There is no sign the patient is being monitored for side effects, and aberrant drug taking behavior.",
        ),
        ("He retained 175 degrees of flexion. ", "The patient had a well-preserved range of motion."),
        ("He complained of left thumb pain. Hand therapy was given. ", "The patient has a left thumb/hand injury."),
    ],
)
def test_a_rule_a_watch_and_other_words_for_the_same_are_no_finding(told: str, sentence: str) -> None:
    checks = {finding.check for finding in findings(f"{sentence} {VERDICT}", summary=told + SUMMARY)}

    assert not checks & {"finding-not-in-record", "side-not-in-record"}
