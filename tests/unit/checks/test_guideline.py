"""Editions, chapters, sections, pages, borrowed criteria and quotations."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from drafter.domain.checks.run import run_checks
from guideline_corpus.vocabulary import load_vocabulary
from tests.factories import make_case, make_cited_guideline, make_dates, make_item, make_passage
from tests.unit.checks.letter import VERDICT, checks_of, findings, guidelines


def cited(guideline: str, edition: str, *sections: str, **overrides: Any) -> Any:
    return make_cited_guideline(party="reviewer", guideline=guideline, edition=edition, sections=sections, **overrides)


@pytest.mark.bad_input(21)
def test_an_edition_that_had_ended_is_a_blocker() -> None:
    pain_2009 = cited("Chronic Pain Medical Treatment", "2009", "Epidural steroid injections (ESIs)")
    found = findings(VERDICT, citations=(pain_2009,))

    wrong = next(f for f in found if f.check == "superseded-edition")
    assert wrong.severity == "blocker"
    assert wrong.quote == "Chronic Pain Medical Treatment 2009"
    assert "edition 2016 governed" in wrong.message


def test_the_same_edition_while_it_was_in_force_is_no_finding() -> None:
    pain_2009 = cited("Chronic Pain Medical Treatment", "2009", "Epidural steroid injections (ESIs)")
    dates = make_dates(injury=date(2014, 3, 14), rfa=None, ur_denial=date(2016, 5, 1))

    assert "superseded-edition" not in checks_of(VERDICT, citations=(pain_2009,), dates=dates)


def test_an_edition_nobody_knows_is_a_warning() -> None:
    assert "unknown-edition" in checks_of(VERDICT, citations=(cited("Low Back Complaints", "2014", "Special Studies"),))


def test_a_knee_decided_on_the_low_back_chapter_is_a_blocker() -> None:
    rationale = "The request for MRI of the left knee is not medically necessary."
    knee = {"heading": "MRI of the left knee", "summary": "The patient is a 45-year-old male with left knee pain."}

    assert "chapter-mismatch" in checks_of(rationale, citations=(cited("Low Back Complaints", "2004"),), **knee)
    assert "chapter-mismatch" not in checks_of(rationale, citations=(cited("Knee Complaints", "2004"),), **knee)


def test_a_nerve_study_of_the_hand_may_cite_the_elbow_chapter() -> None:
    arm = {"heading": "EMG of the right hand and wrist", "summary": "The patient is a 45-year-old male."}
    elbow = (cited("Elbow Complaints", "2007", "Special Studies"),)

    assert "chapter-mismatch" not in checks_of("The request is not medically necessary.", citations=elbow, **arm)


def test_a_section_on_another_treatment_is_a_warning() -> None:
    _, passages = guidelines()
    thermography = (cited("Chronic Pain Medical Treatment", "2016", "Thermography (infrared stress thermography)"),)

    found = checks_of(VERDICT, citations=thermography, passages=passages)
    assert "section-mismatch" in found


def test_massage_may_not_be_held_to_the_trigger_points_twitch() -> None:
    _, passages = guidelines()
    massage: dict[str, Any] = {
        "heading": "Massage therapy of the lumbar spine",
        "summary": "The patient is a 60-year-old male with low back pain.",
        "citations": (cited("Chronic Pain Medical Treatment", "2009", "Massage therapy"),),
        "dates": make_dates(rfa=None, ur_denial=date(2014, 8, 11)),
    }
    rationale = "Specifically, no palpable twitch response was noted. The request is not medically necessary."

    found = [f for f in findings(rationale, passages=passages, **massage) if f.check == "borrowed-criterion"]
    assert [f.quote for f in found] == ["twitch response"]
    assert "Trigger point injections" in found[0].message


def test_a_chronic_pain_guideline_on_an_injury_of_five_weeks_is_a_warning() -> None:
    pain = (cited("Chronic Pain Medical Treatment", "2016", "Physical medicine treatment"),)
    dates = make_dates(injury=date(2016, 9, 15))

    assert "guideline-acuity" in checks_of(VERDICT, citations=pain, dates=dates)
    assert "guideline-acuity" not in checks_of(VERDICT, citations=pain)


def test_the_opioid_guidelines_chapter_for_chronic_pain_is_warned_of_too() -> None:
    maintenance = "3.3.9 Opioids for Chronic Pain and Chronic Opioid Treatment: Maintenance of Chronic Opioid Treatment"
    dates = make_dates(injury=date(2016, 9, 15))

    chronic = (cited("Opioid Treatment", "2016", maintenance),)
    acute = (cited("Opioid Treatment", "2016", "1.1 Opioids for Acute Pain"),)
    assert "guideline-acuity" in checks_of(VERDICT, citations=chronic, dates=dates)
    assert "guideline-acuity" not in checks_of(VERDICT, citations=acute, dates=dates)


OFFICIAL = make_passage(
    passage_id="official:1",
    guideline="Invented Back Guideline",
    edition="2013",
    section="Imaging",
    text_kind="official",
    pages=("12", "13"),
    text=(
        "Imaging is not recommended during the first 6 weeks of symptoms unless red flags are present. Patients should "
        "be "
        "offered no more than 8 visits of supervised therapy before a re-evaluation of their progress takes place."
    ),
    treatments=("mri",),
)
OF_OFFICIAL = "The Invented Back Guideline states"


@pytest.mark.parametrize(
    ("quote", "check"),
    [
        ("Imaging is not recommended during the first 6 weeks of symptoms", None),
        ("Imaging is not  recommended during the first 6\nweeks of symptoms", None),
        ("Imaging is not recommended during the first 16 weeks of symptoms", "quote-altered"),
        ("Imaging is recommended during the first 6 weeks of symptoms", "quote-altered"),
        ("Imaging is not recommended during the first 6 weeks of symptoms.", "quote-altered"),
        ("no more than 8 visits of supervised therapy unless red flags are present", "quote-altered"),
        ("A brief stay at the seaside restores most patients within days", "quote-invented"),
    ],
)
def test_a_marked_quotation_is_exact_or_a_blocker(quote: str, check: str | None) -> None:
    found = findings(f'{OF_OFFICIAL} "{quote}" {VERDICT}', passages=(OFFICIAL,))

    assert [f.check for f in found if f.check.startswith("quote-")] == ([check] if check else [])


def test_a_paraphrase_with_another_number_is_a_warning() -> None:
    sentence = (
        "Patients should be offered no more than 18 visits of supervised therapy before a re-evaluation of their "
        "progress takes place."
    )

    assert "paraphrase-differs" in checks_of(f"{sentence} {VERDICT}", passages=(OFFICIAL,))


def test_a_page_the_official_text_does_not_have_is_a_blocker() -> None:
    page_960 = cited("Invented Back Guideline", "2013", pages=("960",))
    page_12 = cited("Invented Back Guideline", "2013", pages=("12",))

    assert "page-unknown" in checks_of(VERDICT, citations=(page_960,), passages=(OFFICIAL,))
    assert "page-unknown" not in checks_of(VERDICT, citations=(page_12,), passages=(OFFICIAL,))


def test_a_quotation_without_any_source_is_named_and_one_of_the_record_is_not() -> None:
    words = "Patients may continue it for as long as both physician and patient are content with the results."
    item = make_item(determination="upheld", rationale=f"“{words}” The request is not medically necessary.")
    unknown = make_case(items=(item,))
    assert "quote-without-source" in {f.check for f in run_checks(unknown, vocabulary=load_vocabulary())}
    recorded = unknown.model_copy(update={"case_summary": f"The note reads: {words}"})
    assert "quote-without-source" not in {f.check for f in run_checks(recorded, vocabulary=load_vocabulary())}
