"""The reviewer's guideline: known, in force on the governing day, and fit for how old the injury is.

Superseded text is not evidence (8 CCR 9792.21.1 asks for the current MTUS), so a citation of an edition that had ended,
or that had not begun, is a blocker. What the payer cited is only reported by the letter and is not judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from drafter.domain.case import CitedGuideline
from drafter.domain.checks.audit import REVIEWER_GUIDELINE, Audit, AuditedItem, Remark, header_span
from drafter.domain.checks.governing import edition_cited, governing_dates, governing_day
from drafter.domain.checks.titles import title_key
from drafter.domain.draft import PassageCitation, RecordSpan
from guideline_corpus.editions import straddles
from guideline_corpus.model import Edition

CHRONIC_AFTER_DAYS = (
    90  # "3 months, greater than 12 weeks": introduction of the 2016 pain guideline, as letters tell it
)
_CHRONIC = frozenset({"chronic pain", "chronic pain treatment"})
_CHRONIC_SECTION = re.compile(r"\bopioids? for chronic\b|\bchronic opioid\b", re.IGNORECASE)


def superseded_edition(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A cited edition that was not in force on the day that governs the case."""
    day = governing_day(audit)
    for citation, edition in _cited(audit, item):
        if day is None or edition is None or edition.in_force.covers(day):
            continue
        yield _on_guideline(
            item,
            citation,
            f"{edition.guideline} {edition.edition} was not in force on {day}, the day that governs this case "
            f"({_span_of(edition)}){_instead(audit, edition, day)}.",
            against=_governing_span(audit, day),
        )


def unknown_edition(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A guideline cited as MTUS that the table of editions does not have, or not in that edition."""
    if not audit.editions:
        return
    titles = {title_key(edition.guideline) for edition in audit.editions}
    for citation, edition in _cited(audit, item):
        if edition is not None or not citation.guideline:
            continue
        named = f"{citation.guideline} {citation.edition or ''}".strip()
        if title_key(citation.guideline) not in titles:
            yield _on_guideline(
                item, citation, f"{named} is cited as MTUS, but no MTUS guideline of that title is known."
            )
        elif citation.edition:
            yield _on_guideline(item, citation, f"No edition {citation.edition} of {citation.guideline} is known.")


def edition_straddle(audit: Audit) -> Iterator[Remark]:
    """The dates of the case fall under different editions of a guideline that the letter or draft uses."""
    used = {title_key(name) for name in _titles_used(audit)}
    for straddle in straddles(governing_dates(audit), audit.editions):
        if title_key(straddle.guideline) not in used:
            continue
        told = "; ".join(
            f"{on.kind.replace('_', ' ')} {on.day}: {on.edition.edition if on.edition else 'none'}"
            for on in straddle.dates
        )
        yield Remark(message=f"The dates of the case fall under different editions of {straddle.guideline} ({told}).")


def guideline_acuity(audit: Audit) -> Iterator[Remark]:
    """Guidance for chronic pain applied to an injury that was not yet chronic on the governing day."""
    injury, day = audit.case.dates.injury, governing_day(audit)
    if injury is None or day is None or not 0 <= (day - injury).days < CHRONIC_AFTER_DAYS:
        return
    items = [item.item.number for item in audit.items if _leans_on_chronic(audit, item)]
    if items:
        listed = ", ".join(str(number) for number in items)
        yield Remark(
            message=f"Guidance for chronic pain is applied to an injury {(day - injury).days} days old on {day} "
            f"(item{'s' if len(items) > 1 else ''} {listed}).",
            item=items[0] if len(items) == 1 else None,
            field=REVIEWER_GUIDELINE,
            against=header_span("injury", injury),
        )


def reviewer_citations(item: AuditedItem) -> tuple[CitedGuideline, ...]:
    """What the reviewer cited as MTUS."""
    return tuple(c for c in item.item.citations if c.party == "reviewer" and c.kind == "mtus")


def on_guideline_line(item: AuditedItem, message: str, *words: str, against: RecordSpan | None = None) -> Remark:
    """A remark on the reviewer's guideline line, from the first of these words to the last; on the whole line where any
    of them is not found in it."""
    line = item.item.reviewer_guideline or ""
    places = [_place(line, one) for one in words]
    start, end = min(low for low, _ in places), max(high for _, high in places)
    return Remark(
        message=message,
        item=item.item.number,
        field=REVIEWER_GUIDELINE,
        start=start,
        end=end,
        quote=line[start:end],
        against=against,
    )


def _place(line: str, words: str) -> tuple[int, int]:
    match = re.search(r"\s+".join(re.escape(word) for word in words.split()), line) if words.split() else None
    return (match.start(), match.end()) if match else (0, len(line))


def _cited(audit: Audit, item: AuditedItem) -> Iterator[tuple[CitedGuideline, Edition | None]]:
    for citation in reviewer_citations(item):
        if citation.guideline and citation.edition:
            yield citation, edition_cited(audit, citation.guideline, citation.edition)
        elif citation.guideline:
            yield (
                citation,
                next(
                    (e for e in audit.editions if title_key(e.guideline) == title_key(citation.guideline or "")), None
                ),
            )


def _governing_span(audit: Audit, day: date) -> RecordSpan | None:
    """The header's date that governs, where the header has it."""
    dates = audit.case.dates
    kind = next((kind for kind in ("ur_denial", "rfa", "decision") if getattr(dates, kind) == day), None)
    return header_span(kind, day) if kind else None


def _on_guideline(
    item: AuditedItem, citation: CitedGuideline, message: str, *, against: RecordSpan | None = None
) -> Remark:
    return on_guideline_line(item, message, f"{citation.guideline} {citation.edition or ''}", against=against)


def _span_of(edition: Edition) -> str:
    begins = f"from {edition.in_force.from_}" if edition.in_force.from_ else "from its beginning"
    return f"in force {begins} to {edition.in_force.to}" if edition.in_force.to else f"in force {begins}"


def _instead(audit: Audit, edition: Edition, day: date) -> str:
    governing = next(
        (e for e in audit.editions if e.guideline_id == edition.guideline_id and e.in_force.covers(day)), None
    )
    return f"; edition {governing.edition} governed" if governing else ""


def _titles_used(audit: Audit) -> Iterator[str]:
    for item in audit.items:
        yield from (c.guideline for c in reviewer_citations(item) if c.guideline)
        for statement in item.draft.statements if item.draft else ():
            yield from (c.guideline for c in statement.citations if not hasattr(c, "record"))


def _leans_on_chronic(audit: Audit, item: AuditedItem) -> bool:
    """By the guideline's title, or by a section's: the opioid guideline has chapters for acute and for chronic pain."""
    if item.draft is not None:
        cited = [c for s in item.draft.statements for c in s.citations if isinstance(c, PassageCitation)]
        return any(title_key(c.guideline) in _CHRONIC or _CHRONIC_SECTION.search(c.section) for c in cited)
    return any(
        title_key(c.guideline or "") in _CHRONIC or any(_CHRONIC_SECTION.search(name) for name in c.sections)
        for c in reviewer_citations(item)
    )
