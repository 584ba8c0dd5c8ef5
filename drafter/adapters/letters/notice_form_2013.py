"""The forms of 2013: the "Notice of Independent Medical Review Determination" and its near relatives.

They have no word Upheld or Overturned: a numbered sentence says that the request "is (not) medically necessary and
appropriate", and is printed twice, before and after the reasons. Labels are long and break across lines. The summary of
a notice was copied from the utilization review decision; that is named as a gap, because such a summary argues for
one side. Few letters of these forms were seen, so what does not stand under a known label stays open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from drafter.adapters.dependent_items import with_dependencies
from drafter.adapters.letters.dates import PrintedDate, first_date
from drafter.adapters.letters.gaps import header_gaps, item_gaps
from drafter.adapters.letters.header import Header, read_header
from drafter.adapters.letters.patterns import printed, spaced
from drafter.adapters.letters.prose_citations import prose_citations
from drafter.adapters.letters.request_date import request_date
from drafter.adapters.letters.reviewer import described_reviewer
from drafter.adapters.printed import Folded
from drafter.domain.case import Case, CaseDates, Determination, DisputedItem
from drafter.domain.model import DomainModel

_REVIEWER = "(?:Expert|Professional|Physician) Reviewer"
_NECESSARY = "medically necessary and appropriate"
_RELIED_ON = (
    r"(?:Medical Treatment Guideline\(?s?\)?|Medical and Scientific Evidence|"
    r"Section of the Medical Treatment Utilization Schedule)"
)
_LABELS = {
    "verdict": spaced(
        r"(?:(?P<verdict_number>\d{1,2})\s*[.)]\s*)?MAXIMUS Federal Services,? Inc\.?,? has determined (?:that )?",
        r"the requests? for (?:the )?",
    ),
    "short_verdict": spaced(
        r"(?P<short_number>\d{1,2})\s*[.)] (?=[^.]{3,400}? (?:is|are|was|were) (?:not )?", _NECESSARY, r"\b)"
    ),
    "item": spaced(r"(?:(?P<item_number>\d{1,2})\s*[.)]\s*)?Regarding the requests? for "),
    "issue": spaced(r"ISSUES? AT DISPUTE\s*:"),
    "qualifications": spaced(
        "Medical Qualifications of the ", _REVIEWER, r"\s*:?|MEDICAL REVIEWER QUALIFICATIONS\s*:"
    ),
    "how": spaced("HOW THE IMR FINAL DETERMINATION WAS MADE"),
    "summary": spaced("(?:", _REVIEWER, r" )?Case Summary\s*:|CLINICAL CASE SUMMARY"),
    "records": spaced(r"Documents Reviewed(?: for Determination)?\s*:|DOCUMENTS REVIEWED(?= [-•A-Z])"),
    "guideline": spaced(
        _RELIED_ON, " Relied Upon by (?:the )?", _REVIEWER, r" (?:and Why|to Make His\s*/\s*Her Decision)\s*:?"
    ),
    "rationale": spaced(
        r"Rationale for the Decision\s*:|RATIONALE FOR WHY THE REQUESTED TREATMENT\s*/\s*SERVICE ",
        r"(?:IS|WAS|IS\s*/\s*WAS) (?:NOT )?MEDICALLY NECESSARY\s*:|The ", _REVIEWER, r"['’]s decision rationale\s*:",
    ),
    "claims": spaced("(?=The Claims Administrator (?:based|did not|cited) )"),
    "reviewer": spaced("(?=The ", _REVIEWER, " (?:based|did not|relied|cited) )"),
    "decisions": spaced(
        "INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE|",
        r"IMR DECISION\(?S?\)? AND RATIONALE\(?S?\)?",
    ),
}  # fmt: skip
_LABEL = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _LABELS.items()), re.IGNORECASE)
_TELLING = {"verdict", "short_verdict", "item", "issue", "qualifications", "guideline", "rationale"}
_VERDICT = printed("^(.*?) (?:is|are|was|were) (not )?", _NECESSARY, r"\b")
_DISCLAIMER = printed(r"^\s*Disclaimer\s*:\s*[^:]{0,300}?(?::|\.\s(?=[A-Z\"“])|$)\s*")
_PROSE_DATES = {
    "application_received": printed("application for Independent Medical Review was (?:filed|received) on (.{6,20})"),
    "ur_denial": printed("Utilization Review (?:Denial|Decision|denial/modification) dated (.{6,20})"),
    "assigned": printed(r"Notice of Assignment\b.{0,120}? on (.{6,20})"),
}
_COPIED = "case_summary: copied from the utilization review decision, not drawn from the file"


class _Field(DomainModel):
    name: str
    number: int | None
    text: str


class _Item(DomainModel):
    """What the fields of a notice say of one item so far."""

    heading: str
    outcome: str | None = None
    determination: Determination | None = None
    claims: str | None = None
    reviewer: str | None = None
    rationale: str | None = None


def is_notice(text: Folded) -> bool:
    """Whether at least two different labels that only these forms have begin a line."""
    return len({field.name for field in _fields(text)} & _TELLING) > 1


def read_notice(text: Folded) -> Case:
    fields = list(_fields(text))
    header = _with_prose_dates(read_header(text.text[: _first_label(text)]), text.text)
    summary, copied = _summary(fields)
    items = with_dependencies([_disputed(number, item) for number, item in enumerate(_items(fields), start=1)])
    rfa, rfa_gap = request_date(summary, ur_denial=header.day("ur_denial"))
    case = Case(
        form="2013-notice",
        case_number=header.case_number,
        dates=CaseDates(rfa=rfa, **header.days()),
        priority=header.priority,
        reviewer=described_reviewer(_first_text(fields, "qualifications") or _first_text(fields, "how") or ""),
        case_summary=summary,
        items=items,
    )
    gaps = (*header_gaps(case, header), *rfa_gap, *((_COPIED,) if copied else ()), *item_gaps(case.items))
    return case.model_copy(update={"gaps": gaps})


def _labels(text: Folded) -> Iterator[re.Match[str]]:
    return (
        match for match in _LABEL.finditer(text.text) if text.begins_line(match.start()) or match.lastgroup == "item"
    )


def _fields(text: Folded) -> Iterator[_Field]:
    labels = list(_labels(text))
    ends = [label.start() for label in labels[1:]] + [len(text.text)]
    for label, end in zip(labels, ends, strict=False):
        name = next(name for name in _LABELS if label[name] is not None)
        digits = label["verdict_number"] or label["short_number"] or label["item_number"]
        yield _Field(name=name, number=int(digits) if digits else None, text=text.text[label.end() : end].strip())


def _first_label(text: Folded) -> int:
    return next((match.start() for match in _labels(text)), len(text.text))


def _first_text(fields: Sequence[_Field], name: str) -> str | None:
    return next((field.text for field in fields if field.name == name and field.text), None)


def _with_prose_dates(header: Header, text: str) -> Header:
    """The case block's dates, completed from the sentence that tells them in these forms."""
    found: dict[str, PrintedDate] = dict(header.dates)
    for name, pattern in _PROSE_DATES.items():
        match = pattern.search(text)
        day = first_date(match.group(1)) if match else None
        if name not in found and day is not None:
            found[name] = day
    return header.model_copy(update={"dates": found})


def _summary(fields: Sequence[_Field]) -> tuple[str | None, bool]:
    """The case summary without its disclaimer, and whether it had one."""
    words = _first_text(fields, "summary")
    if words is None:
        return None, False
    disclaimer = _DISCLAIMER.match(words)
    return (words[disclaimer.end() :] if disclaimer else words).strip() or None, disclaimer is not None


def _items(fields: Sequence[_Field]) -> list[_Item]:
    """Items in the order of their first verdict, then filled from the fields that follow each."""
    items: list[_Item] = []
    current: int | None = None
    for field in fields:
        if field.name in {"verdict", "short_verdict", "issue", "item"}:
            current = _place(items, field)
        elif current is not None and field.name in {"claims", "reviewer", "guideline", "rationale"}:
            items[current] = _filled(items[current], field)
    return items


def _place(items: list[_Item], field: _Field) -> int | None:
    """The index of the item that `field` opens, appended where it is new. Repeated verdicts open the same item."""
    verdict = _VERDICT.match(field.text)
    heading = (verdict.group(1) if verdict else field.text).strip(" :.")
    for index, item in enumerate(items):
        if _same(item.heading, heading):
            return index
    if field.name == "item" and field.number is not None and 0 < field.number <= len(items):
        return field.number - 1
    if field.name == "verdict" and verdict is None:
        return None
    determination: Determination | None = None
    if verdict:
        determination = "upheld" if verdict.group(2) else "overturned"
    items.append(_Item(heading=heading, determination=determination))
    return len(items) - 1


def _same(one: str, other: str) -> bool:
    return re.sub(r"\W+", " ", one).strip().lower() == re.sub(r"\W+", " ", other).strip().lower()


def _filled(item: _Item, field: _Field) -> _Item:
    """`item` with one field added; the first text of a kind stands."""
    name = "reviewer" if field.name == "guideline" else field.name
    if getattr(item, name) or not field.text:
        return item
    return item.model_copy(update={name: field.text})


def _disputed(number: int, item: _Item) -> DisputedItem:
    return DisputedItem(
        number=number,
        heading=item.heading,
        treatment=item.heading,
        determination=item.determination,
        claims_administrator_guideline=item.claims,
        reviewer_guideline=item.reviewer,
        citations=(
            *prose_citations(item.claims, party="claims_administrator"),
            *prose_citations(item.reviewer, party="reviewer"),
        ),
        rationale=item.rationale,
    )
