"""When a determination is due, computed once, when the case is opened.

Standard 30 days, expedited 3 days, a dispute over a formulary drug 5 working days, counted from the day the case was
received (Lab. Code 4610.6(d)). Working days leave out Saturdays, Sundays and the holidays given.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Literal

Pace = Literal["standard", "expedited", "formulary"]
STANDARD_DAYS, EXPEDITED_DAYS, FORMULARY_WORKING_DAYS = 30, 3, 5
_SATURDAY = 5


def pace_of(priority: str | None, *, formulary_dispute: bool) -> Pace:
    """The pace that a case's printed priority and subject ask for; the shortest of what applies."""
    if priority and priority.strip().casefold() == "expedited":
        return "expedited"
    return "formulary" if formulary_dispute else "standard"


def due_date(received: date, *, pace: Pace, holidays: Collection[date] = ()) -> date:
    """The last day on which the determination is in time."""
    if pace == "expedited":
        return received + timedelta(days=EXPEDITED_DAYS)
    if pace == "standard":
        return received + timedelta(days=STANDARD_DAYS)
    day, left = received, FORMULARY_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY and day not in holidays
    return day
