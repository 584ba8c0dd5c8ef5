"""The published letters, read field by field as an independent extraction reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from drafter.domain.case import Case
from drafter.services.intake import read_case
from tests.conftest import PublishedLetter

ITEMS = 219
HEADER = {
    "date_assigned": "assigned",
    "date_of_injury": "injury",
    "decision_date": "decision",
    "ur_denial_date": "ur_denial",
    "application_received": "application_received",
}


def test_every_field_of_every_item_reads_as_in_the_independent_extraction(letters: tuple[PublishedLetter, ...]) -> None:
    cases = [(letter, read_case(letter.pdf)) for letter in letters]

    assert sum(len(case.items) for _, case in cases) == ITEMS
    assert [difference for letter, case in cases for difference in _differences(letter, case)] == []


def _differences(letter: PublishedLetter, case: Case) -> Iterator[str]:
    """`CASE.ITEM field: ours | theirs`, at most the first characters that differ."""
    published = letter.published
    header = published["header"]
    dates = case.dates.model_dump()
    for theirs, ours in HEADER.items():
        month, day, year = map(int, header[theirs].split("/"))
        yield from _differing(letter.case_number, theirs, str(dates[ours]), str(date(year, month, day)))
    yield from _differing(letter.case_number, "case_summary", case.case_summary, published["case_summary"])
    yield from _differing(letter.case_number, "items", str(len(case.items)), str(len(published["items"])))
    for item, theirs in zip(case.items, published["items"], strict=True):
        where = f"{letter.case_number}.{item.number}"
        yield from _differing(where, "heading", item.heading, theirs["treatment"])
        if "treatment_in_dispute" in theirs:
            yield from _differing(where, "remaining", item.remaining, theirs["treatment_in_dispute"])
        yield from _differing(where, "outcome", item.determination, theirs["decision"].lower())
        yield from _differing(where, "claims", item.claims_administrator_guideline, theirs["claims_admin_guideline"])
        yield from _differing(where, "reviewer", item.reviewer_guideline, theirs["imr_guideline"])
        yield from _differing(where, "rationale", item.rationale, theirs["rationale"])


def _differing(where: str, field: str, ours: str | None, theirs: str) -> Iterator[str]:
    one, other = _folded(ours or ""), _folded(theirs)
    if one != other:
        at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
        yield f"{where} {field}: {one[max(0, at - 20) : at + 30]!r} | {other[max(0, at - 20) : at + 30]!r}"


def _folded(text: str) -> str:
    """White space as one blank, and a hyphen joined to what follows it, as at a line's end."""
    return re.sub(r"-\s+", "-", " ".join(text.split()))
