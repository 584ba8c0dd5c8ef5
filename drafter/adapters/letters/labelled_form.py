"""What the forms of 2014 and 2016 share: upper-case headings, a case block, items with labelled fields."""

from __future__ import annotations

from collections.abc import Callable

from drafter.adapters.dependent_items import with_dependencies
from drafter.adapters.letters.citations import citations_in
from drafter.adapters.letters.gaps import header_gaps, item_gaps
from drafter.adapters.letters.header import read_header
from drafter.adapters.letters.items import LetterItem, decisions_by_labels, letter_items
from drafter.adapters.letters.modified import ModifiedRequest, modified_request, without_trailing_verb
from drafter.adapters.letters.request_date import request_date
from drafter.adapters.letters.sections import LetterParts, letter_parts, part_text
from drafter.adapters.printed import Folded
from drafter.domain.case import Case, CaseDates, CitedGuideline, DisputedItem, Form, Party, Reviewer


def read_labelled_form(text: Folded, *, form: Form, reviewer_of: Callable[[str], Reviewer]) -> Case:
    """A letter with labelled items as a case; `reviewer_of` reads the qualifications from the part that tells them."""
    parts = _with_decisions(text, letter_parts(text))
    header = read_header(part_text(text, parts.header) or "")
    summary = part_text(text, parts.summary)
    printed = tuple(letter_items(text, parts.decisions)) if parts.decisions else ()
    items = with_dependencies(tuple(_item(number, item) for number, item in enumerate(printed, start=1)))
    rfa, rfa_gap = request_date(summary, ur_denial=header.day("ur_denial"))
    case = Case(
        form=form,
        case_number=header.case_number,
        dates=CaseDates(rfa=rfa, **header.days()),
        priority=header.priority,
        reviewer=reviewer_of(part_text(text, parts.how) or ""),
        case_summary=summary,
        items=items,
    )
    return case.model_copy(update={"gaps": (*header_gaps(case, header), *rfa_gap, *item_gaps(case.items))})


def _with_decisions(text: Folded, parts: LetterParts) -> LetterParts:
    """`parts` with the decisions found by their labels where their heading is missing; what stood before ends there."""
    if parts.decisions:
        return parts
    before = {name: span for name in ("header", "how", "records", "summary") if (span := getattr(parts, name))}
    last = max(before, key=lambda name: before[name].start)
    decisions = decisions_by_labels(text, floor=before[last].start)
    if decisions is None:
        return parts
    ended = before[last].model_copy(update={"end": decisions.start})
    return parts.model_copy(update={"decisions": decisions, last: ended})


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
