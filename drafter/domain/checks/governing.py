"""The day and the editions that govern the audited case.

The header decides; where it is missing (the 2014 form lost its block) the denial that the narrative dates does.
"""

from __future__ import annotations

from datetime import date

from drafter.domain.checks.audit import Audit
from drafter.domain.checks.date_events import dated_events
from drafter.domain.checks.titles import title_key
from guideline_corpus.editions import GoverningDates, editions_for, governing_date
from guideline_corpus.model import Edition


def governing_dates(audit: Audit) -> GoverningDates:
    """The dates of the case that decide which edition governs."""
    dates = audit.case.dates
    return GoverningDates(
        ur_denial=dates.ur_denial or (None if dates.rfa else _narrated_denial(audit)),
        rfa=dates.rfa,
        decision=dates.decision,
    )


def governing_day(audit: Audit) -> date | None:
    return governing_date(governing_dates(audit))


def governing_editions(audit: Audit) -> tuple[Edition, ...]:
    """The editions in force for the case; empty where no day or no table is known."""
    return editions_for(governing_dates(audit), audit.editions)


def edition_cited(audit: Audit, guideline: str, edition: str) -> Edition | None:
    """The row of the table for a title and edition as a letter prints them."""
    key = title_key(guideline)
    named = {edition.strip(), edition.split()[-1].strip(",.")} if edition.split() else set()
    return next(
        (
            row
            for row in audit.editions
            if title_key(row.guideline) == key and named & {row.edition, row.edition.split()[-1]}
        ),
        None,
    )


def _narrated_denial(audit: Audit) -> date | None:
    for _, sentence in audit.sentences_of_record():
        for dated in dated_events(sentence):
            if dated.event == "utilization_review":
                return dated.on
    return None
