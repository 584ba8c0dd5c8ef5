"""What a draft of the built-in model says, and what it never says."""

from __future__ import annotations

from datetime import date

import pytest

from drafter.domain.draft import RecordCitation
from guideline_corpus.model import Limit
from tests.drafting_factories import draft_of, told
from tests.factories import make_criterion, make_dates, make_passage, make_record

HOME_EXERCISE = make_criterion(
    text="Exercises at home", phrase="an exercise program carried on at home", met_by=("home-exercise-program",)
)
IMPROVEMENT = make_criterion(
    text="Objective improvement",
    phrase="objective improvement from the visits already given",
    met_by=("functional-improvement",),
    failed_by=("no-benefit",),
)
AT_MOST_10_VISITS = make_criterion(
    text="At most 10 visits",
    phrase="10 visits",
    role="limits",
    met_by=(),
    limit=Limit(quantity="visits", at_most=10),
)
SUMMARY = (
    "The injured worker is a 45-year-old male. On 10/5/2016 he complained of low back pain rated 6 out of 10. "
    "Physical examination revealed spasm of the lumbar paraspinal muscles. He reported no improvement with therapy."
)
PASSAGE = make_passage(criteria=(HOME_EXERCISE, IMPROVEMENT))


def test_without_a_determination_there_is_no_conclusion():
    draft = draft_of(SUMMARY, PASSAGE)

    assert draft.determination is None
    assert [s.kind for s in draft.statements if s.kind == "conclusion"] == []
    assert "medically necessary" not in draft.rationale


@pytest.mark.parametrize(("chosen", "verdict"), [("upheld", "is not medically"), ("overturned", "is medically")])
def test_the_conclusion_is_the_one_that_the_reviewer_chose(chosen: str, verdict: str):
    draft = draft_of(SUMMARY, PASSAGE, determination=chosen)

    (conclusion,) = [s.text for s in draft.statements if s.kind == "conclusion"]
    assert draft.determination == chosen
    assert verdict in conclusion


def test_every_statement_but_the_conclusion_says_what_it_rests_on():
    for chosen in (None, "upheld", "overturned"):
        for statement in draft_of(SUMMARY, PASSAGE, determination=chosen).statements:
            assert statement.kind == "conclusion" or statement.citations or statement.searched, statement.text


def test_an_outcome_that_no_criterion_carries_is_said_to_have_none_and_the_guideline_still_stands_in_the_draft():
    draft = draft_of(
        SUMMARY, make_passage(criteria=(make_criterion(met_by=("low-back-pain",)),)), determination="upheld"
    )

    assert "outcome-without-ground" in [finding.check for finding in draft.findings]
    assert [s for s in draft.statements if s.kind == "guideline"]


def test_a_gist_is_never_put_between_quotation_marks():
    draft = draft_of(SUMMARY, PASSAGE, determination="upheld")

    for statement in draft.statements:
        if statement.kind == "guideline":
            assert '"' not in statement.text
            assert "in our own words" in statement.text


def test_an_absence_is_one_from_the_summary_unless_the_file_was_supplied():
    of_summary = draft_of(SUMMARY, PASSAGE)
    of_file = draft_of(SUMMARY, PASSAGE, records=(make_record("Low back pain 6 out of 10."),))

    assert of_summary.criteria[0].status == "not_in_summary"
    assert of_file.criteria[0].status == "not_documented"


def test_a_section_that_advises_against_the_treatment_speaks_against_it():
    refusal = make_criterion(
        text="Not recommended",
        phrase="low-level laser therapy",
        role="excludes",
        met_by=(),
        treatments=("low-level-laser",),
    )
    draft = draft_of(SUMMARY, make_passage(criteria=(refusal,)), treatment="Low-level laser therapy")

    assert "low-level laser therapy" in told(draft, "against")


def test_four_visits_more_fit_only_if_few_enough_were_used_and_nobody_knows_how_many():
    summary = "Past treatments included physical therapy. On 10/5/2016 he complained of low back pain."
    draft = draft_of(summary, make_passage(criteria=(AT_MOST_10_VISITS,)), treatment="Physical therapy, 4 visits")

    assert draft.criteria[0].status == "unclear"
    assert "if 6 or fewer were used before" in told(draft, "for")


TEN_VISITS = make_criterion(
    text="At most 10 visits",
    phrase="10 visits",
    role="limits",
    met_by=(),
    limit=Limit(quantity="visits", at_most=10),
)


def test_visits_that_were_only_approved_are_not_called_given():
    summary = "The patient was previously approved for 6 sessions of physical therapy for the low back."
    draft = draft_of(summary, make_passage(criteria=(TEN_VISITS,)), treatment="Physical therapy, 6 visits")

    assert "With 6 visits already approved" in told(draft, "against")


def test_nobody_can_say_that_visits_fit_beside_at_least_so_many():
    summary = "Treatment has included at least 3 sessions of physical therapy."
    draft = draft_of(summary, make_passage(criteria=(TEN_VISITS,)), treatment="Physical therapy, 6 visits")

    assert draft.criteria[0].status == "unclear"
    assert "if 4 or fewer were used before" in told(draft, "for")
    assert "at least 3 visits already given" in told(draft, "for")


def test_visits_already_counted_are_added_up():
    summary = "He completed 8 visits of physical therapy. On 10/5/2016 he complained of low back pain."
    draft = draft_of(summary, make_passage(criteria=(AT_MOST_10_VISITS,)), treatment="Physical therapy, 4 visits")

    assert draft.criteria[0].status == "not_met"
    assert "12" in told(draft, "against")


@pytest.mark.parametrize(("authorized", "status"), [("Physical therapy, 7 visits", "unclear"), (None, "met")])
def test_a_request_that_is_within_the_number_only_without_its_authorized_part_is_not_called_within(authorized, status):
    visits = make_criterion(
        text="At most 10 visits", role="limits", met_by=(), limit=Limit(quantity="visits", at_most=10)
    )
    item = {"treatment": "Physical therapy, 4 visits", "authorized": authorized}
    draft = draft_of("Low back pain was noted.", make_passage(criteria=(visits,)), **item)

    assert draft.criteria[0].status == status
    told_of = "With the 7 visits that utilization review authorized, the 4 in dispute make 11" in draft.rationale
    assert told_of is (status == "unclear")


def test_a_number_given_for_the_low_back_is_not_held_against_a_knee():
    visits = make_criterion(
        text="Low back: 6 visits",
        phrase="6 visits",
        role="limits",
        met_by=(),
        limit=Limit(quantity="visits", at_most=6),
    )
    draft = draft_of(SUMMARY, make_passage(criteria=(visits,)), treatment="Physical therapy, 12 visits, left knee")

    assert draft.criteria[0].status == "unclear"
    assert told(draft, "against") == ""


SHORT_COURSE = make_criterion(
    text="Short course",
    phrase="a short course of no more than three weeks",
    role="limits",
    met_by=(),
    limit=Limit(quantity="weeks", at_most=3),
)
FLEXERIL = make_passage(criteria=(SHORT_COURSE,), treatments=("cyclobenzaprine",))


def test_a_supply_is_worked_out_from_the_records_own_frequency_and_the_sentence_shows_it():
    summary = "The treatment plan included Flexeril 10 mg #60 twice a day."
    draft = draft_of(summary, FLEXERIL, treatment="Cyclobenzaprine 7.5mg #60")

    assert "twice a day" in told(draft, "against")
    assert "30 days" in told(draft, "against")


def test_a_drug_in_use_for_longer_than_a_short_course_is_told_with_its_dates():
    summary = "On 6/1/2016 medications included Flexeril. On 10/5/2016 he complained of low back pain."
    draft = draft_of(summary, FLEXERIL, treatment="Cyclobenzaprine 7.5mg #60")

    assert "06/01/2016" in told(draft, "against")
    assert draft.criteria[0].status == "not_met"


def test_when_a_drug_was_started_is_unknown_where_the_record_only_has_it_in_use():
    summary = "On 10/15/2016 medications included Flexeril."
    draft = draft_of(summary, FLEXERIL, treatment="Cyclobenzaprine 7.5mg #60")

    assert draft.criteria[0].status == "unclear"
    assert "does not report since when" in told(draft, "against")


def test_another_drug_beside_the_one_asked_for_is_shown_in_the_records_words():
    beside = make_criterion(
        text="Not added", phrase="use beside other agents", role="excludes", met_by=(), failed_by=("concurrent-drug",)
    )
    summary = "The request was for Cyclobenzaprine 7.5 mg #60, Naproxen 500 mg #60 and Tramadol ER 150 mg #30."
    draft = draft_of(summary, make_passage(criteria=(beside,)), treatment="Cyclobenzaprine 7.5mg #60")

    assert "Naproxen 500 mg" in told(draft, "against")


CHRONIC = make_criterion(text="Chronic", phrase="long-standing pain", met_by=("chronic-pain-over-3-months",))


def test_an_injury_of_a_month_cannot_have_given_long_standing_pain():
    dates = make_dates(injury=date(2016, 9, 16))
    draft = draft_of("On 10/5/2016 he had low back pain.", make_passage(criteria=(CHRONIC,)), dates=dates)

    assert "34 days old" in told(draft, "against")


def test_pain_still_reported_half_a_year_after_the_injury_is_long_standing():
    draft = draft_of("On 10/5/2016 he complained of low back pain.", make_passage(criteria=(CHRONIC,)))

    assert "low back pain" in told(draft, "for")


def test_normal_strength_alone_does_not_deny_that_a_nerve_is_compromised():
    nerve = make_criterion(
        text="Nerve compromise",
        phrase="compromise of a specific nerve",
        met_by=("motor-weakness", "sensory-loss", "reflex-change"),
    )
    draft = draft_of("On 10/5/2016 motor strength was normal.", make_passage(criteria=(nerve,)))

    assert draft.criteria[0].status == "not_in_summary"
    assert "reports nothing that shows compromise of a specific nerve" in told(draft, "against")


def test_one_finding_is_enough_where_any_of_several_would_show_the_criterion():
    nerve = make_criterion(
        text="Nerve compromise", phrase="compromise of a specific nerve", met_by=("motor-weakness", "sensory-loss")
    )
    summary = "On 10/5/2016 motor strength was normal and there was decreased sensation at the right L5 dermatome."
    draft = draft_of(summary, make_passage(criteria=(nerve,)))

    assert draft.criteria[0].status == "met"


def test_what_the_record_says_of_another_body_part_is_neither_evidence_nor_silence():
    weak = make_criterion(text="Weakness", phrase="weakness", met_by=("motor-weakness",))
    draft = draft_of(
        "On 10/5/2016 examination of the left knee showed motor weakness.",
        make_passage(criteria=(weak,)),
        treatment="MRI of the right shoulder",
    )

    assert draft.criteria[0].status == "unclear"
    assert "does not report" not in draft.rationale


def test_visits_given_to_a_shoulder_are_not_added_to_those_asked_for_the_low_back():
    summary = "He completed 6 visits of physical therapy for the left shoulder. He has low back pain."
    draft = draft_of(
        summary, make_passage(criteria=(AT_MOST_10_VISITS,)), treatment="Physical therapy, 6 visits, lumbar spine"
    )

    assert draft.criteria[0].status == "met"
    assert "12" not in draft.rationale


def test_whether_time_enough_has_passed_is_told_by_the_dates_and_not_by_the_word_acute() -> None:
    waiting = make_criterion(
        text="After three weeks of care",
        phrase="studies after three weeks of care",
        role="limits",
        met_by=("failed-conservative-care",),
        failed_by=("acute-phase",),
        limit=Limit(quantity="weeks", at_least=3),
    )
    dates = make_dates(injury=date(2016, 3, 14), ur_denial=date(2016, 6, 14))
    draft = draft_of(
        "The worker is being treated for an acute lumbar sprain. He complained of low back pain.",
        make_passage(criteria=(waiting,)),
        treatment="MRI of the lumbar spine",
        determination="upheld",
        dates=dates,
    )

    assert told(draft, "against") == ""


def test_a_rationale_states_the_strongest_point_on_the_other_side_before_its_own():
    met = "He was instructed in a home exercise program, which he does daily. He reported no improvement with therapy."
    summary = f"The injured worker is a 45-year-old male. On 10/5/2016 he complained of low back pain. {met}"
    draft = draft_of(summary, PASSAGE, determination="upheld")
    sides = [statement.supports for statement in draft.statements if statement.supports]
    assert sides[0] == "for"
    assert "against" in sides[1:]
    assert "home exercise program" in told(draft, "for")


WAITING = make_criterion(
    text="No studies before four weeks of care",
    phrase="studies after four weeks of conservative care",
    role="limits",
    met_by=("failed-conservative-care", "red-flags"),
    limit=Limit(quantity="weeks", at_least=4),
)


@pytest.mark.parametrize(
    ("injury", "care", "status"),
    [
        (date(2016, 9, 1), "Treatment to date has included physical therapy.", "met"),
        (date(2016, 10, 12), "Treatment to date has included physical therapy.", "not_met"),
        (date(2016, 9, 1), "He was given a note for work.", "not_in_summary"),
    ],
)
def test_weeks_of_care_need_both_the_weeks_and_words_that_tell_of_care(injury: date, care: str, status: str):
    draft = draft_of(
        f"On 10/5/2016 he complained of low back pain. {care}",
        make_passage(criteria=(WAITING,)),
        treatment="MRI of the lumbar spine",
        dates=make_dates(injury=injury),
    )

    assert draft.criteria[0].status == status


def test_no_sentence_leans_on_the_day_of_another_one():
    """The sentence before may be left out, by the program or the reviewer: "that day" would then be the injury's."""
    summary = (
        "On 10/5/2016 he complained of low back pain rated 6 out of 10. Examination showed lumbar spasm. "
        "He reported no improvement with therapy."
    )
    for chosen in (None, "upheld", "overturned"):
        said = [s.text for s in draft_of(summary, PASSAGE, determination=chosen).statements if '"' in s.text]
        assert said
        assert all("that day" not in text.lower() for text in said)
        assert all("10/05/2016" in text for text in said if "back pain" in text or "spasm" in text)


def test_a_drug_that_could_not_be_filled_was_not_in_use():
    draft = draft_of(
        'On 10/15/2016 the current medication was ibuprofen. "Flexeril not able to fill per insurance."',
        FLEXERIL,
        treatment="Cyclobenzaprine 7.5mg #60",
    )

    assert "in use" not in draft.rationale


VISIT = make_criterion(
    text="A need of this patient",
    phrase="signs or symptoms that call for the visit",
    met_by=("neurologic-deficit", "motor-weakness"),
    open_by=("hip-pain",),
)


def test_what_leaves_a_criterion_open_is_quoted_and_no_absence_is_claimed():
    """A normal strength does not make "the summary reports no symptom" true of a hip that hurts."""
    summary = "On 10/5/2016 he complained of left hip pain rated 8 out of 10. Strength of the left hip was normal."
    draft = draft_of(summary, make_passage(criteria=(VISIT,)), treatment="Consultation for the left hip")

    assert draft.criteria[0].status == "unclear"
    assert "left hip pain" in draft.criteria[0].record[0].quote
    assert "reports nothing" not in draft.rationale
    assert "does not report signs" not in draft.rationale


def test_what_only_the_request_names_is_told_as_the_requests_words():
    summary = (
        "On 10/5/2016 he complained of low back pain. "
        "A request for authorization was submitted for six visits of physical therapy and a home exercise program."
    )
    draft = draft_of(summary, make_passage(criteria=(HOME_EXERCISE,)))

    assert "does not report an exercise program carried on at home; only the request names it" in told(draft, "against")
    spans = [c.record.quote for s in draft.statements for c in s.citations if isinstance(c, RecordCitation)]
    assert any("home exercise program" in quote for quote in spans)


def test_a_fracture_that_is_to_be_ruled_out_leaves_a_red_flag_open():
    red_flag = make_criterion(text="A red flag", phrase="a red flag", met_by=("red-flags",))
    draft = draft_of(
        "On 10/5/2016 there was tenderness at T10. The plan includes an MRI to rule out compression fracture at T10.",
        make_passage(criteria=(red_flag,)),
        treatment="MRI of the thoracic spine",
    )

    assert draft.criteria[0].status == "unclear"
    assert "does not report a red flag" not in draft.rationale


@pytest.mark.parametrize(
    ("reason", "told_of"),
    [
        ("was not medically necessary.", False),
        ("was not medically necessary due to a lack of functional improvement.", True),
    ],
)
def test_a_decision_of_utilization_review_is_no_reason(reason: str, told_of: bool):
    draft = draft_of(f"{SUMMARY} On 10/19/2016, utilization review determined that physical therapy {reason}", PASSAGE)

    assert ("The claims administrator's reason" in draft.rationale) is told_of


def test_what_remains_of_a_request_reads_as_a_request():
    draft = draft_of(SUMMARY, PASSAGE, treatment="with open carpal tunnel release", determination="upheld")

    assert "The request for open carpal tunnel release is not medically necessary" in draft.rationale


def test_a_criterion_shows_the_same_words_once():
    twice = make_criterion(text="No help", phrase="no help", met_by=("no-benefit", "failed-conservative-care"))
    draft = draft_of("On 10/5/2016 there was no improvement with physical therapy.", make_passage(criteria=(twice,)))

    assert draft.criteria[0].status == "met"
    assert len(draft.criteria[0].record) == 1


def test_a_fracture_of_the_spine_is_a_red_flag_and_one_of_the_thumb_is_none():
    red_flag = make_criterion(text="A red flag", phrase="a red flag", met_by=("red-flags",))
    passage = make_passage(criteria=(red_flag,))
    spine = draft_of("A cervical fracture was seen on radiographs.", passage, treatment="CT of the cervical spine")
    thumb = draft_of("A fracture of the left thumb was seen.", passage, treatment="MRI of the left shoulder")

    assert spine.criteria[0].status == "met"
    assert thumb.criteria[0].status != "met"
