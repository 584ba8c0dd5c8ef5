"""Dates: the header, their order, and time that cannot be."""

from __future__ import annotations

from datetime import date

from tests.factories import make_dates
from tests.unit.checks.letter import SUMMARY, VERDICT, checks_of, findings


def test_a_header_a_year_off_the_narrative_is_a_blocker() -> None:
    found = findings(VERDICT, dates=make_dates(injury=date(2015, 3, 14)))

    wrong = next(f for f in found if f.check == "injury-date-conflict")
    assert wrong.severity == "blocker"
    assert wrong.field == "header"
    assert wrong.against is not None
    assert wrong.against.quote == "3/14/2016"


def test_a_header_that_agrees_with_the_narrative_is_no_finding() -> None:
    assert not {"injury-date-conflict", "ur-date-conflict"} & checks_of(VERDICT)


def test_a_denial_told_under_another_date_is_a_warning() -> None:
    assert "ur-date-conflict" in checks_of(VERDICT, dates=make_dates(ur_denial=date(2016, 10, 24)))


def test_a_decision_before_the_denial_is_a_blocker() -> None:
    assert "dates-out-of-order" in checks_of(VERDICT, dates=make_dates(decision=date(2016, 10, 2)))


def test_six_months_of_opioids_for_an_injury_of_weeks_cannot_be() -> None:
    dates = make_dates(injury=date(2016, 9, 20), ur_denial=date(2016, 10, 20), decision=date(2016, 11, 20))
    summary = SUMMARY.replace("3/14/2016", "9/20/2016")
    rationale = f"The patient has been on opioids for at least 6 months. {VERDICT}"

    assert "duration-exceeds-injury" in checks_of(rationale, summary=summary, dates=dates)
    assert "duration-exceeds-injury" not in checks_of(
        f"The patient has used naproxen for 4 weeks. {VERDICT}", dates=dates
    )


def test_a_duration_that_the_record_tells_itself_is_believed() -> None:
    dates = make_dates(injury=date(2016, 9, 20))
    rationale = f"The patient has been on opioids for at least 6 months. {VERDICT}"
    summary = SUMMARY.replace("3/14/2016", "9/20/2016") + " He had been on opioids for 8 months."

    assert "duration-exceeds-injury" not in checks_of(rationale, summary=summary, dates=dates)


def test_care_approved_before_the_injury_cannot_be() -> None:
    assert "event-before-injury" in checks_of(f"The patient was approved for 8 visits on 3/10/2016. {VERDICT}")


def test_a_day_after_the_decision_cannot_be() -> None:
    assert "date-after-decision" in checks_of(f"The patient was examined on 12/16/2016. {VERDICT}")


def test_an_injury_of_seven_months_is_not_a_month_old() -> None:
    assert "injury-age-conflict" in checks_of(f"In this case, the injury is a month old. {VERDICT}")
    assert "injury-age-conflict" not in checks_of(f"In this case, the injury is seven months old. {VERDICT}")


def test_a_request_dated_after_its_denial_is_a_warning() -> None:
    summary = SUMMARY.replace("dated 10/10/2016", "dated 10/30/2016")

    assert "request-after-denial" in checks_of(VERDICT, summary=summary)
