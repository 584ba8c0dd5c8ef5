"""When a determination is due, computed once, when the case is opened.

Standard 30 days, expedited 3 days, a dispute over a formulary drug 5 working days, counted from the day the case was
received (Lab. Code 4610.6(d)). Saturdays, Sundays and the holidays of the state are no working days. A holiday is
counted as one only where both lists of the Government Code have it: section 6700 names the holidays, section 19853 the
days on which the state's offices are closed. Where they differ (Lincoln Day, Juneteenth, Admission Day, Columbus Day,
the day after Thanksgiving) the day is worked: a date that is too early misses no deadline.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

Pace = Literal["standard", "expedited", "formulary"]
STANDARD_DAYS, EXPEDITED_DAYS, FORMULARY_WORKING_DAYS = 30, 3, 5
_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6
# Month and day; each of these moves to Monday where it falls on a Sunday (section 6701).
_FIXED = ((1, 1), (3, 31), (7, 4), (11, 11), (12, 25))
_VETERANS = (11, 11)


def pace_of(priority: str | None, *, formulary_dispute: bool) -> Pace:
    """The pace that a case's printed priority and subject ask for; the shortest of what applies."""
    if priority and priority.strip().casefold() == "expedited":
        return "expedited"
    return "formulary" if formulary_dispute else "standard"


def due_date(received: date, *, pace: Pace) -> date:
    """The last day on which the determination is in time."""
    if pace == "expedited":
        return received + timedelta(days=EXPEDITED_DAYS)
    if pace == "standard":
        return received + timedelta(days=STANDARD_DAYS)
    day, left = received, FORMULARY_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


def is_working_day(day: date) -> bool:
    return day.weekday() < _SATURDAY and day not in state_holidays(day.year)


def state_holidays(year: int) -> frozenset[date]:
    """The days of a year on which California's offices are closed for a holiday, as they are observed."""
    return frozenset(
        {
            *(_observed(date(year, month, day)) for month, day in _FIXED),
            _nth(year, 1, _MONDAY, 3),  # Dr. Martin Luther King, Jr. Day
            _nth(year, 2, _MONDAY, 3),
            _last_monday_of_may(year),
            _nth(year, 9, _MONDAY, 1),
            _nth(year, 11, _THURSDAY, 4),  # Thanksgiving
        }
    )


def _observed(day: date) -> date:
    if day.weekday() == _SUNDAY:
        return day + timedelta(days=1)
    if (day.month, day.day) == _VETERANS and day.weekday() == _SATURDAY:
        return day - timedelta(days=1)
    return day


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())
