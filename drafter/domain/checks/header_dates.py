"""The header block against the narrative, and the order in which its dates must lie.

A wrong injury date decides whether a condition counts as chronic and which edition governs; a decision dated before the
denial it reviews is impossible. Both can be proved from the letter alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from drafter.domain.checks.audit import CASE_SUMMARY, Audit, Remark, header_remark, header_span
from drafter.domain.checks.date_events import DatedEvent, Event, dated_events
from drafter.domain.drafting.brief import ReadField
from drafter.domain.drafting.evidence import record_span

# How the header's dates must follow one another; each pair is (earlier, later).
_ORDER = (
    ("injury", "ur_denial"),
    ("injury", "rfa"),
    ("rfa", "ur_denial"),
    ("ur_denial", "application_received"),
    ("injury", "decision"),
    ("ur_denial", "decision"),
    ("application_received", "decision"),
    ("assigned", "decision"),
)
_LABELS = {
    "injury": "date of injury",
    "rfa": "request for authorization",
    "ur_denial": "utilization review denial",
    "application_received": "application",
    "assigned": "date assigned",
    "decision": "decision date",
}


def injury_date_differs(audit: Audit) -> Iterator[Remark]:
    """The header's date of injury where the narrative gives only another one."""
    yield from _header_against_narrative(audit, event="injury", header=audit.case.dates.injury, label="injury")


def ur_date_differs(audit: Audit) -> Iterator[Remark]:
    """The header's date of the utilization review denial where the narrative gives only another one."""
    yield from _header_against_narrative(
        audit, event="utilization_review", header=audit.case.dates.ur_denial, label="ur_denial"
    )


def dates_out_of_order(audit: Audit) -> Iterator[Remark]:
    """Header dates that cannot lie in this order: a decision before its denial, a request before the injury."""
    dates = audit.case.dates
    for earlier, later in _ORDER:
        first, second = getattr(dates, earlier), getattr(dates, later)
        if first and second and first > second:
            yield header_remark(
                f"The {_LABELS[earlier]} ({first}) lies after the {_LABELS[later]} ({second}).",
                quote=first.isoformat(),
                against=header_span(later, second),
            )


def _header_against_narrative(audit: Audit, *, event: Event, header: date | None, label: str) -> Iterator[Remark]:
    if header is None:
        return
    told = [(field, dated) for field, dated in _narrated(audit) if dated.event == event]
    if not told or any(dated.on == header for _, dated in told):
        return
    field, dated = told[0]
    yield header_remark(
        f"The header gives {header} as the {_LABELS[label]}, the case summary {dated.on} "
        f"({abs((header - dated.on).days)} days apart).",
        quote=header.isoformat(),
        against=record_span(field, start=dated.start, end=dated.end),
    )


def _narrated(audit: Audit) -> Iterator[tuple[ReadField, DatedEvent]]:
    for field, sentence in audit.sentences_of_record():
        if field.source.field == CASE_SUMMARY:
            for dated in dated_events(sentence):
                yield field, dated
