"""A first trial is not judged by what only a continuation has to show, nor the reverse."""

from __future__ import annotations

import pytest

from tests.drafting_factories import draft_of, told
from tests.factories import make_criterion, make_passage

GOES_ON = make_criterion(
    text="Extension: documented functional improvement",
    phrase="documented functional improvement",
    met_by=("functional-improvement",),
    course="continuation",
)
PASSAGE = make_passage(criteria=(GOES_ON,))
TRIAL = "Acupuncture, 6 visits, lumbar spine"


def test_a_first_trial_is_not_denied_for_want_of_improvement_from_it():
    draft = draft_of("The worker complained of low back pain.", PASSAGE, treatment=TRIAL, determination="upheld")

    assert told(draft, "against") == ""
    assert [row.status for row in draft.criteria] == ["unclear"]


@pytest.mark.parametrize(
    ("summary", "treatment"),
    [
        ("Treatment to date has included acupuncture for the low back.", TRIAL),
        ("The worker complained of low back pain.", "Additional acupuncture, 6 visits, lumbar spine"),
    ],
)
def test_more_of_a_treatment_already_given_is_asked_what_it_brought(summary: str, treatment: str):
    draft = draft_of(summary, PASSAGE, treatment=treatment, determination="upheld")

    assert "documented functional improvement" in told(draft, "against")


@pytest.mark.parametrize(
    ("summary", "asked"),
    [("Current medications include naproxen.", True), ("The plan included a prescription for naproxen.", False)],
)
def test_a_drug_is_asked_for_its_benefit_only_once_it_is_in_use(summary: str, asked: bool):
    draft = draft_of(summary, PASSAGE, treatment="Naproxen 500 mg #60", determination="upheld")

    assert bool(told(draft, "against")) is asked


def test_a_drug_in_use_in_another_form_is_no_new_drug():
    used = "He has been taking Percocet, which helps for some hours."
    draft = draft_of(used, PASSAGE, treatment="Oxycodone HCL ER 20mg #60", determination="upheld")

    assert "documented functional improvement" in told(draft, "against")


def test_another_drug_that_shares_the_second_ingredient_is_a_new_one():
    used = "Current medications include Percocet."
    draft = draft_of(used, PASSAGE, treatment="Tylenol 500 mg #60", determination="upheld")

    assert told(draft, "against") == ""
