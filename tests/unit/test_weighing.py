"""What words of the record are worth for a criterion that asks for two things, for time, or for what is still open."""

from __future__ import annotations

from datetime import date

import pytest

from drafter.adapters.extractive_model import ExtractiveModel
from drafter.services.drafting import draft_case
from guideline_corpus.model import Limit
from guideline_corpus.vocabulary import load_vocabulary
from tests.drafting_factories import SuppliedPassages, draft_of, shipped_forms, told
from tests.factories import make_case, make_criterion, make_dates, make_item, make_passage

LESION = make_criterion(
    text="A lesion shown by examination and imaging",
    phrase="a lesion shown by examination and imaging",
    met_by=("positive-impingement", "provocative-test"),
    along_with=("labral-tear-imaging", "rotator-cuff-tear-imaging"),
)


@pytest.mark.parametrize(
    ("imaging", "status"),
    [
        ("An MRI dated 9/2/2016 revealed a SLAP tear.", "met"),
        ("", "unclear"),
        ("The diagnoses include a labral tear.", "unclear"),
        ("An MRI dated 9/2/2016 revealed no evidence of a SLAP lesion.", "unclear"),
        ("An MRI revealed no SLAP lesion. The surgeon read the MRI as showing a SLAP lesion.", "unclear"),
        ("An MRI revealed a partial-thickness tear and no labral tear.", "met"),
    ],
)
def test_what_examination_and_imaging_have_to_show_together_neither_shows_alone(imaging: str, status: str):
    summary = f"On 10/5/2016 there was a positive O'Brien sign of the right shoulder. {imaging}"
    draft = draft_of(summary, make_passage(criteria=(LESION,)), treatment="Arthroscopy of the right shoulder")

    assert draft.criteria[0].status == status


def test_where_both_are_shown_the_imaging_is_quoted():
    summary = "On 10/5/2016 there was a positive O'Brien sign. An MRI dated 9/2/2016 revealed a SLAP tear."
    draft = draft_of(summary, make_passage(criteria=(LESION,)), treatment="Arthroscopy of the right shoulder")

    assert "SLAP tear" in told(draft, "for")


def test_weeks_of_care_before_a_test_cannot_have_passed_on_a_younger_injury_whatever_was_tried():
    month = make_criterion(
        text="A month of care",
        phrase="a month of conservative therapy",
        met_by=("prior-physical-therapy",),
        limit=Limit(quantity="months", at_least=1),
    )
    draft = draft_of(
        "Treatment to date has included physical therapy.",
        make_passage(criteria=(month,)),
        dates=make_dates(injury=date(2016, 10, 10), ur_denial=date(2016, 10, 25)),
    )

    assert draft.criteria[0].status == "not_met"


def test_what_the_record_leaves_open_is_answered_in_a_rationale_that_stands_on_something_else():
    nerve = make_criterion(
        text="A nerve",
        phrase="compromise of a specific nerve",
        met_by=("sensory-loss", "motor-weakness"),
        open_by=("positive-slr",),
    )
    surgery = make_criterion(text="Surgery", phrase="surgery under consideration", met_by=("surgery-planned",))
    draft = draft_of(
        "On 10/5/2016 straight leg raise was positive on the left. Sensation was intact in the legs.",
        make_passage(criteria=(nerve, surgery)),
        treatment="MRI of the lumbar spine",
        determination="upheld",
    )

    assert "compromise of a specific nerve, the record points both ways" in draft.rationale
    assert "reports nothing that shows" not in draft.rationale


def test_a_share_of_improvement_is_benefit_from_treatment():
    response = make_criterion(
        text="No response",
        phrase="symptoms that have not responded to treatment",
        met_by=("no-benefit",),
        failed_by=("prior-treatment-benefit",),
    )
    draft = draft_of("On 10/5/2016 records indicate 70% improvement in pain.", make_passage(criteria=(response,)))

    assert draft.criteria[0].status == "not_met"


def test_therapy_to_go_with_an_operation_is_not_asked_for_the_time_after_one():
    period = make_criterion(
        text="The postsurgical period",
        phrase="an operation within the postsurgical treatment period",
        met_by=("postsurgical-period", "prior-surgery"),
    )
    passage = make_passage(criteria=(period,))
    main = make_item(number=1, heading="Shoulder arthroscopy", treatment="Shoulder arthroscopy")
    after = "Associated surgical service: Physical therapy, 12 visits"
    case = make_case(
        case_summary="On 10/5/2016 the right shoulder hurt. The surgical history was stated to be none.",
        items=(main, make_item(number=2, heading=after, treatment=after, depends_on=1)),
    )
    _, draft = draft_case(
        case,
        retriever=SuppliedPassages((passage,)),
        model=ExtractiveModel(forms=shipped_forms(), vocabulary=load_vocabulary()),
        vocabulary=load_vocabulary(),
        determinations={1: "overturned", 2: "overturned"},
    )

    assert draft.criteria[0].status == "unclear"
    assert "speaks for an operation" not in draft.rationale
    assert "does not report an operation" not in draft.rationale


def test_a_surgical_history_of_none_is_no_operation():
    operated = make_criterion(text="An operation", phrase="an earlier operation", met_by=("prior-surgery",))
    draft = draft_of("On 10/5/2016 the surgical history was stated to be none.", make_passage(criteria=(operated,)))

    assert draft.criteria[0].status != "met"


def test_two_criteria_are_shown_by_words_of_their_own_where_the_record_has_them():
    exercise = make_criterion(text="Exercise", phrase="failure of exercise", met_by=("no-benefit",))
    care = make_criterion(text="Care", phrase="failure of care", met_by=("no-benefit",))
    draft = draft_of(
        "On 10/5/2016 there was no improvement with therapy. Ice did not help the low back.",
        make_passage(criteria=(exercise, care)),
        determination="overturned",
    )

    assert draft.rationale.count("no improvement with therapy") == 1
    assert draft.rationale.count("Ice did not help") == 1


def test_care_that_the_record_denies_speaks_against_a_study_that_is_to_wait_for_it():
    wait = make_criterion(
        text="Four weeks of care first",
        phrase="special studies after four weeks of care",
        role="limits",
        met_by=("failed-conservative-care",),
        limit=Limit(quantity="weeks", at_least=4),
    )
    draft = draft_of(
        "On 10/5/2016 the worker reported they have not done any therapy.",
        make_passage(criteria=(wait,)),
        treatment="MRI of the right foot",
        dates=make_dates(injury=date(2016, 7, 1), ur_denial=date(2016, 10, 25)),
    )

    assert draft.criteria[0].status == "not_met"
    assert "have not done any therapy" in told(draft, "against")


@pytest.mark.parametrize(
    ("benefit", "status"),
    [
        ("with significant benefit", "met"),
        ("with good benefit", "met"),
        ("without significant benefit", "not_met"),
        ("with minimal benefit", "not_met"),
    ],
)
def test_therapy_that_helped_is_never_told_as_without_documented_benefit(benefit: str, status: str):
    criterion = make_criterion(
        text="More visits only with benefit", phrase="benefit", met_by=("prior-treatment-benefit",)
    )
    draft = draft_of(
        f"Treatment included six sessions of physical therapy {benefit}.", make_passage(criteria=(criterion,))
    )

    assert draft.criteria[0].status == status
    assert "does not report benefit" not in draft.rationale
