"""What the forms of 2014 and 2016 share: upper-case headings, a case block, items with labelled fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from drafter.adapters.dependent_items import with_dependencies
from drafter.adapters.letters.citations import citations_in
from drafter.adapters.letters.header import LABELS, Header, read_header
from drafter.adapters.letters.items import LetterItem, letter_items
from drafter.adapters.letters.modified import ModifiedRequest, modified_request, without_trailing_verb
from drafter.adapters.letters.request_date import request_date
from drafter.adapters.letters.sections import letter_parts, part_text
from drafter.adapters.printed import Folded
from drafter.domain.case import Case, CaseDates, CitedGuideline, DisputedItem, Form, Party, Reviewer

_FIELD_LABELS = {
    "claims_administrator_guideline": "Claims Administrator guideline",
    "reviewer_guideline": "MAXIMUS guideline",
    "rationale": "Decision rationale",
}


def read_labelled_form(text: Folded, *, form: Form, reviewer_of: Callable[[str], Reviewer]) -> Case:
    """A letter with labelled items as a case; `reviewer_of` reads the qualifications from the part that tells them."""
    parts = letter_parts(text)
    header = read_header(part_text(text, parts.header) or "")
    summary = part_text(text, parts.summary)
    printed = tuple(letter_items(text, parts.decisions)) if parts.decisions else ()
    items = with_dependencies(tuple(_item(number, item) for number, item in enumerate(printed, start=1)))
    rfa, rfa_gap = request_date(summary, ur_denial=_value(header, "ur_denial"))
    case = Case(
        form=form,
        case_number=header.case_number,
        dates=CaseDates(rfa=rfa, **{name: _value(header, name) for name in LABELS}),
        priority=header.priority,
        reviewer=reviewer_of(part_text(text, parts.how) or ""),
        case_summary=summary,
        items=items,
    )
    return case.model_copy(update={"gaps": (*header_gaps(case, header), *rfa_gap, *item_gaps(case.items, printed))})


def _value(header: Header, name: str) -> date | None:
    return header.dates[name].value if name in header.dates else None


def _item(number: int, printed: LetterItem) -> DisputedItem:
    modified = modified_request(printed.heading) or ModifiedRequest()
    treatment = modified.remaining or without_trailing_verb(printed.heading)
    reviewer_line = " ".join(printed.fields[name] for name in ("reviewer", "other") if name in printed.fields) or None
    claims_line = printed.fields.get("claims_administrator")
    return DisputedItem(
        number=number,
        heading=printed.heading,
        treatment=treatment,
        original_request=modified.original,
        authorized=modified.authorized,
        remaining=modified.remaining,
        determination=printed.determination,
        claims_administrator_guideline=claims_line,
        reviewer_guideline=reviewer_line,
        citations=(*_cited(claims_line, "claims_administrator"), *_cited(reviewer_line, "reviewer")),
        rationale=printed.fields.get("rationale"),
    )


def _cited(line: str | None, party: Party) -> tuple[CitedGuideline, ...]:
    return citations_in(line, party=party) if line else ()


def header_gaps(case: Case, header: Header) -> Iterator[str]:
    """What the case block and the case summary lack, each named by its key."""
    if case.case_number is None:
        yield "case_number: the letter shows none"
    for name, label in LABELS.items():
        if name not in header.dates:
            yield f"dates.{name}: the letter shows no {label}"
        elif header.dates[name].value is None:
            yield f"dates.{name}: {label} reads {header.dates[name].printed}, which is no date"
    if case.priority is None:
        yield "priority: the letter shows none"
    for name in ("licensure", "specialty"):
        if getattr(case.reviewer, name) is None:
            yield f"reviewer.{name}: the letter shows none"
    if case.case_summary is None:
        yield "case_summary: the letter shows none"
    if not case.items:
        yield "items: the letter shows no decided item"


def item_gaps(items: Sequence[DisputedItem], printed: Sequence[LetterItem]) -> Iterator[str]:
    """What single items lack. Items are named by their number: `items[3].rationale`."""
    for item, source in zip(items, printed, strict=True):
        key = f"items[{item.number}]"
        if not item.heading:
            yield f"{key}.heading: no treatment stands before the item's first label"
        if item.determination is None:
            words = (
                f"{source.outcome!r} is neither Upheld nor Overturned"
                if source.outcome
                else "neither Upheld nor Overturned"
            )
            yield (
                f"{key}.determination: {words} stands after the heading"
                if not source.outcome
                else f"{key}.determination: {words}"
            )
        for name, label in _FIELD_LABELS.items():
            if getattr(item, name) is None:
                yield f"{key}.{name}: no {label}"
        if modified_request(item.heading) and item.remaining is None:
            yield f"{key}.remaining: the heading tells of a modified request in words that are not known"
