"""What is searched for: the request's own words, and from the case only what the request leaves open."""

from __future__ import annotations

from datetime import date

import pytest

from drafter.domain.query import item_query, query_of
from guideline_corpus.vocabulary import load_vocabulary
from tests.factories import make_case, make_dates, make_item

SUMMARY = (
    "The injured worker was hurt while lifting a box. Diagnoses are cervical strain and right shoulder impingement. "
    "The hand was normal. A request was made for treatment."
)


def query_for(treatment: str, *, summary: str = SUMMARY, **case: object) -> str:
    item = make_item(heading=treatment, treatment=treatment)
    return item_query(make_case(items=(item,), case_summary=summary, **case), item, vocabulary=load_vocabulary())


def test_a_request_that_names_its_body_part_is_left_as_it_is() -> None:
    assert query_for("MRI of the right knee") == "MRI of the right knee"


def test_the_body_part_comes_from_the_diagnoses_where_the_request_names_none() -> None:
    assert query_for("TENS unit") == "TENS unit, neck, shoulder"


def test_without_diagnoses_it_comes_from_the_complaints() -> None:
    assert query_for("MRI", summary="He complained of low back pain. The knee is fine.") == "MRI, low back"


def test_an_extremity_is_narrowed_to_its_part() -> None:
    summary = "Diagnoses: lumbar strain; tear of the medial meniscus of the left knee."
    assert query_for("MRI of the left lower extremity", summary=summary) == "MRI of the left lower extremity, knee"


@pytest.mark.parametrize("treatment", ["Norco 10/325mg #60", "Gym membership", "Home health aide"])
def test_a_drug_or_a_service_is_looked_up_without_body_part(treatment: str) -> None:
    assert query_for(treatment) == treatment


def test_a_device_named_after_a_joint_does_not_count_as_that_joint() -> None:
    assert query_for("Knee scooter", summary="Diagnoses: fracture of the left foot.") == "Knee scooter, foot"


def test_an_unknown_treatment_is_searched_as_written() -> None:
    assert query_for("Zibotriol 40mg") == "Zibotriol 40mg"


def test_without_a_summary_nothing_is_added() -> None:
    item = make_item(treatment="TENS unit")
    assert item_query(make_case(items=(item,), case_summary=None), item, vocabulary=load_vocabulary()) == "TENS unit"


def test_therapy_that_hangs_on_an_operation_is_postoperative() -> None:
    surgery = make_item(number=1, treatment="Left knee arthroscopy with meniscectomy")
    therapy = make_item(number=2, heading="Physical therapy x12", treatment="Physical therapy x12", depends_on=1)
    case = make_case(items=(surgery, therapy), case_summary="Diagnosis: meniscus tear of the knee.")
    found = query_of(case, therapy, vocabulary=load_vocabulary())
    assert found.text == "Physical therapy x12, knee, postoperative"
    assert found.added_setting == "postoperative"
    assert found.added_body_parts == ("knee",)


@pytest.mark.parametrize(
    ("told", "postoperative"),
    [
        ("He underwent left knee arthroscopy with meniscectomy on 8/2/2016.", True),
        ("Left knee meniscus repair on 8/2/2016 was followed by stiffness.", True),
        ("Left knee status post arthroscopy of 8/2/2016.", True),
        ("He underwent left knee arthroscopy on 2/2/2016.", False),  # before the injury
        ("He underwent right shoulder arthroscopy on 8/2/2016.", False),  # another body part
        ("Left knee arthroscopy was requested on 8/2/2016.", False),
        ("Left knee arthroscopy is planned for 11/2/2016.", False),
        ("There was no surgery of the left knee on 8/2/2016.", False),
        ("The left knee was examined on 8/2/2016.", False),
        ("He underwent left knee arthroscopy.", False),  # without a day
    ],
)
def test_therapy_within_the_period_after_an_operation_that_the_summary_dates_is_postoperative(
    told: str, postoperative: bool
) -> None:
    query = query_for("Physical therapy x12, left knee", summary=told)

    assert query.endswith(", postoperative") is postoperative
    assert not query_for("MRI of the left knee", summary=told).endswith("postoperative")


def test_therapy_long_after_an_operation_is_not_postoperative() -> None:
    told, long_after = "He underwent left knee arthroscopy on 4/2/2016.", make_dates(rfa=date(2016, 11, 1))

    assert not query_for("Physical therapy, left knee", summary=told, dates=long_after).endswith("postoperative")


def test_what_is_for_before_the_operation_is_not_postoperative() -> None:
    surgery = make_item(number=1, treatment="Left knee arthroscopy")
    drug = make_item(number=2, heading="Pre-op Norco 5/325", treatment="Pre-op Norco 5/325", depends_on=1)
    case = make_case(items=(surgery, drug), dates=make_dates(injury=date(2010, 1, 1)))
    assert query_of(case, drug, vocabulary=load_vocabulary()).added_setting is None


@pytest.mark.parametrize(
    ("injury", "added"), [(date(2016, 10, 1), "acute pain"), (date(2016, 3, 1), None), (None, None)]
)
def test_for_an_opioid_a_fresh_injury_is_said(injury: date | None, added: str | None) -> None:
    item = make_item(heading="Norco 5/325 #20", treatment="Norco 5/325 #20")
    case = make_case(items=(item,), dates=make_dates(injury=injury))
    assert query_of(case, item, vocabulary=load_vocabulary()).added_setting == added


def test_nothing_else_of_the_case_reaches_the_query() -> None:
    query = query_for("Physical therapy, 6 visits")
    assert query == "Physical therapy, 6 visits, neck, shoulder"
