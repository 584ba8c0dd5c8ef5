"""What a letter lacks, each gap named by the key it leaves open: `dates.injury: ...`, `items[3].rationale: ...`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from drafter.adapters.letters.header import LABELS, Header
from drafter.adapters.letters.modified import tells_modification
from drafter.domain.case import Case, DisputedItem

_FIELD_LABELS = {
    "claims_administrator_guideline": "Claims Administrator guideline",
    "reviewer_guideline": "MAXIMUS guideline",
    "rationale": "Decision rationale",
}


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


def item_gaps(items: Sequence[DisputedItem]) -> Iterator[str]:
    """What single items lack. Items are named by their number."""
    for item in items:
        key = f"items[{item.number}]"
        if not item.heading:
            yield f"{key}.heading: no treatment stands before the item's first label"
        if item.determination is None:
            yield f"{key}.determination: no outcome that is known stands after the heading"
        for name, label in _FIELD_LABELS.items():
            if getattr(item, name) is None:
                yield f"{key}.{name}: no {label}"
        for party in ("claims_administrator", "reviewer"):
            if getattr(item, f"{party}_guideline") and not any(cited.party == party for cited in item.citations):
                yield f"{key}.citations: the {party.replace('_', ' ')}'s guideline line is in words that are not known"
        if tells_modification(item.heading) and item.remaining is None:
            yield f"{key}.remaining: the heading tells of a modified request in words that are not known"
