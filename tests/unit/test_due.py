"""Working days, by the holidays on which California's offices are closed."""

from __future__ import annotations

from datetime import date

import pytest

from drafter.domain.review.due import due_date, is_working_day, state_holidays


def test_a_year_has_the_ten_holidays_of_the_state_as_they_are_observed():
    assert sorted(state_holidays(2017)) == [
        date(2017, 1, 2),  # New Year's Day fell on a Sunday
        date(2017, 1, 16),
        date(2017, 2, 20),
        date(2017, 3, 31),
        date(2017, 5, 29),
        date(2017, 7, 4),
        date(2017, 9, 4),
        date(2017, 11, 10),  # Veterans Day fell on a Saturday
        date(2017, 11, 23),
        date(2017, 12, 25),
    ]


@pytest.mark.parametrize(
    "worked",
    [date(2024, 2, 12), date(2024, 6, 19), date(2024, 9, 9), date(2024, 10, 14), date(2024, 11, 29), date(2016, 4, 1)],
)
def test_a_day_on_which_the_lists_differ_is_worked(worked: date):
    assert is_working_day(worked)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2016, 11, 4), date(2016, 11, 14)),  # over a weekend and Veterans Day
        (date(2016, 12, 23), date(2017, 1, 3)),  # Christmas and New Year's Day, each moved to a Monday
        (date(2024, 3, 29), date(2024, 4, 8)),  # Cesar Chavez Day fell on a Sunday and is kept on Monday
        (date(2026, 11, 26), date(2026, 12, 3)),  # received on Thanksgiving
        (date(2026, 5, 22), date(2026, 6, 1)),  # Memorial Day
    ],
)
def test_five_working_days_leave_out_weekends_and_holidays(received: date, due: date):
    assert due_date(received, pace="formulary") == due
