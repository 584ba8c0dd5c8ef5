"""How long the text of a case is kept: six years from its last effect, and longer where the rule says so.

45 CFR 164.316(b)(2) asks for six years from creation or from the date when it last was in effect. What happens to a
case counts as an effect, that somebody looked at it does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from drafter.domain.model import DomainModel
from drafter.domain.review.audit import Entry

LEAST_YEARS = 6


class KeptCase(DomainModel):
    """A case whose text is there, and the day of its last effect."""

    case_id: str
    last_effect: date


def cases_past(entries: Iterable[Entry], *, before: date) -> tuple[KeptCase, ...]:
    """The cases whose last effect was before this day and that were not purged, the longest past first."""
    last: dict[str, date] = {}
    for entry in entries:
        if entry.case_id is None or entry.action == "viewed":
            continue
        if entry.action == "purged":
            last.pop(entry.case_id, None)
        else:
            last[entry.case_id] = entry.at.date()
    past = [KeptCase(case_id=case_id, last_effect=day) for case_id, day in last.items() if day < before]
    return tuple(sorted(past, key=lambda kept: (kept.last_effect, kept.case_id)))


def years_before(day: date, years: int) -> date:
    """The same day `years` earlier; 28 February for the 29th where that year has none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
