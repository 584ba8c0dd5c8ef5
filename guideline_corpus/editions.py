"""Which editions were in force for a case, and where its dates disagree about that. Pure: rows in, rows out.

A guideline passes from one edition to the next on a day, but on which day of the *case* depends on the order that
adopted it: the request, the service, or the dispensing of a drug. A request is dated by the utilization review denial,
else by the request for authorization, else by the day the user names (`governing_date`). An edition whose trigger is
service or dispensing is judged by that date where the case has it. Where two dates of one case fall under different
editions the case straddles, and the reviewer has to choose (`straddles`).

Guarantee: for one guideline and one set of dates at most one edition is in force
(`editions_for`, tests/unit/test_editions.py::test_never_two_editions_of_one_guideline_for_one_case).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from guideline_corpus.model import CorpusModel, Edition

DateKind = Literal["ur_denial", "rfa", "service", "dispensing", "decision", "as_of"]
DAY = timedelta(days=1)


class GoverningDates(CorpusModel):
    """The dates of a case that can decide which edition governs; `as_of` is the day a user names."""

    ur_denial: date | None = None
    rfa: date | None = None
    service: date | None = None
    dispensing: date | None = None
    decision: date | None = None
    as_of: date | None = None

    def known(self) -> tuple[tuple[DateKind, date], ...]:
        """The dates the case has, in the order in which they are asked."""
        kinds: tuple[DateKind, ...] = ("ur_denial", "rfa", "service", "dispensing", "decision", "as_of")
        return tuple((kind, day) for kind in kinds if isinstance(day := getattr(self, kind), date))


class EditionOnDate(CorpusModel):
    """What one date of the case says; `edition` is None where no edition was in force on it."""

    kind: DateKind
    day: date
    edition: Edition | None


class Straddle(CorpusModel):
    """One guideline on whose edition the dates of a case disagree. `chosen` is what `editions_for` takes."""

    guideline_id: str
    guideline: str
    chosen: Edition | None
    dates: tuple[EditionOnDate, ...]


def governing_date(dates: GoverningDates) -> date | None:
    """The day at which the in-force set is taken; None where the case has none of the dates that can say it."""
    return dates.ur_denial or dates.rfa or dates.as_of


def in_force(day: date, editions: Iterable[Edition]) -> tuple[Edition, ...]:
    """The editions in force on one day, whatever their trigger, in the order given."""
    return tuple(edition for edition in editions if edition.in_force.covers(day))


def editions_for(dates: GoverningDates, editions: Iterable[Edition]) -> tuple[Edition, ...]:
    """The editions that govern a case: each judged by the date its trigger names, one to a guideline.

    Without any governing date the answer is empty: an edition is never guessed.
    """
    chosen = (_edition_for(dates, rows) for rows in by_guideline(editions).values())
    return tuple(edition for edition in chosen if edition is not None)


def straddles(dates: GoverningDates, editions: Iterable[Edition]) -> tuple[Straddle, ...]:
    """Every guideline for which the case's dates point to different editions, or to one and to none."""
    known = dates.known()
    found = []
    for guideline_id, rows in by_guideline(editions).items():
        answers = tuple(EditionOnDate(kind=kind, day=day, edition=_covering(day, rows)) for kind, day in known)
        if len({answer.edition.edition_id if answer.edition else None for answer in answers}) > 1:
            chosen = _edition_for(dates, rows)
            named = chosen or next(answer.edition for answer in answers if answer.edition)
            found.append(Straddle(guideline_id=guideline_id, guideline=named.guideline, chosen=chosen, dates=answers))
    return tuple(found)


def by_guideline(editions: Iterable[Edition]) -> dict[str, list[Edition]]:
    """The editions of each guideline, oldest first; guidelines in the order in which they first appear."""
    grouped: dict[str, list[Edition]] = defaultdict(list)
    for edition in editions:
        grouped[edition.guideline_id].append(edition)
    return {key: sorted(rows, key=_begins) for key, rows in grouped.items()}


def edition_problems(editions: Iterable[Edition]) -> tuple[str, ...]:
    """What is wrong with the table, a sentence each; empty where nothing is."""
    rows = tuple(editions)
    problems = [sentence for row in rows for sentence in _row_problems(row)]
    for guideline_id, group in by_guideline(rows).items():
        for earlier, later in pairwise(group):
            problems.extend(_succession_problems(guideline_id, earlier, later))
    return tuple(problems)


def _begins(edition: Edition) -> date:
    return edition.in_force.from_ or date.min


def _covering(day: date, rows: Iterable[Edition]) -> Edition | None:
    return next((row for row in rows if row.in_force.covers(day)), None)


def _edition_for(dates: GoverningDates, rows: list[Edition]) -> Edition | None:
    """The latest edition that had begun by its own trigger; None once that one has ended without a successor."""
    begun = [row for row in rows if (day := _day_for(row, dates)) is not None and _begins(row) <= day]
    if not begun:
        return None
    latest = begun[-1]
    day = _day_for(latest, dates)
    ended = day is not None and latest.in_force.to is not None and latest.in_force.to < day
    # Ended by the governing date, but the successor goes by service and the service was before it: still the latest.
    return None if ended and latest is rows[-1] else latest


def _day_for(edition: Edition, dates: GoverningDates) -> date | None:
    own = {"service": dates.service, "dispensing": dates.dispensing}.get(edition.trigger)
    return own or governing_date(dates)


def _row_problems(row: Edition) -> list[str]:
    problems = []
    if not row.source.strip():
        problems.append(f"edition {row.edition_id} names no source; say which order, notice or text gives its dates.")
    if row.in_force.from_ and row.in_force.to and row.in_force.to < row.in_force.from_:
        problems.append(
            f"edition {row.edition_id} ends on {row.in_force.to}, before it begins on {row.in_force.from_}; "
            "correct one of the two."
        )
    return problems


def _succession_problems(guideline_id: str, earlier: Edition, later: Edition) -> tuple[str, ...]:
    begins, ends = later.in_force.from_, earlier.in_force.to
    pair = f"{earlier.edition_id} and {later.edition_id}"
    if begins is None:
        return (f"editions {pair} of {guideline_id} both have no first day; give {later.edition_id} one.",)
    day_before = begins - DAY
    if ends is None or ends >= begins:
        until = f"to {min(ends, later.in_force.to or ends)}" if ends else "onward"
        shared = f"editions {pair} of {guideline_id} are both in force from {begins} {until}"
        return (f"{shared}; end {earlier.edition_id} on {day_before}.",)
    if ends < day_before:
        gap = f"no edition of {guideline_id} is in force from {ends + DAY} to {day_before}, between {pair}"
        return (f"{gap}; close the gap or add the edition that is missing.",)
    return ()
