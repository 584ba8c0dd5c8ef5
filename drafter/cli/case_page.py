"""A case as it was read, on a terminal: header, case summary, records, items with their citations, and the gaps.

Everything printed is plain text to rich: a bracket in a letter is a bracket, not markup.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from drafter.domain.case import Case, CitedGuideline, DisputedItem

_FORMS = {
    "2013-notice": "determination, notice of 2013",
    "2014-page": "determination, form of 2014 (cites pages)",
    "2016-section": "determination, form of 2016 (cites sections)",
    "case-file": "case file",
    "text": "plain text, taken as a case summary",
    "unknown": "determination of no known form",
}
_DATES = {
    "injury": "Date of injury",
    "rfa": "Request for authorization",
    "ur_denial": "UR denial",
    "application_received": "Application received",
    "assigned": "Assigned",
    "decision": "Decided",
}
_OUTCOMES = {
    "upheld": ("upheld: the denial stands", "red"),
    "overturned": ("overturned: the treatment is medically necessary", "green"),
}
_PARTIES = {"claims_administrator": "Claims administrator", "reviewer": "Reviewer"}


def print_case(case: Case, path: str) -> None:
    """Prints one case to standard output."""
    Console(highlight=False).print(Group(*_page(case, path)), soft_wrap=False)


def _page(case: Case, path: str) -> Iterator[RenderableType]:
    yield Rule(Text(case.case_number or path, style="bold"), style="dim", align="left")
    yield _header(case, path)
    if case.case_summary:
        yield from _part("CASE SUMMARY", Text(case.case_summary))
    if case.records:
        yield from _part("RECORDS", *map(Text, _records(case)))
    if case.items:
        yield from _part("IN DISPUTE", *(block for item in case.items for block in _item(item)))
    if case.gaps:
        yield from _part("MISSING", *(Text(f"- {gap}", style="yellow") for gap in case.gaps))
    if case.notices:
        yield from _part("NOTE", *(Text(f"- {notice.message}", style="yellow") for notice in case.notices))
    yield Text()


def _part(title: str, *blocks: RenderableType) -> Iterator[RenderableType]:
    yield Text()
    yield Text(title, style="bold cyan")
    yield Padding(Group(*blocks), (0, 0, 0, 2))


def _header(case: Case, path: str) -> Table:
    table = Table.grid(padding=(0, 2))
    rows = {"File": path, "Form": _FORMS[case.form], "Priority": case.priority}
    rows |= {label: getattr(case.dates, key) for key, label in _DATES.items()}
    rows |= {"Licensure": case.reviewer.licensure, "Specialty": case.reviewer.specialty}
    for label, value in rows.items():
        if value is not None:
            table.add_row(Text(label, style="dim"), Text(str(value)))
    return table


def _records(case: Case) -> Iterator[str]:
    for record in case.records:
        day = f", {record.date}" if record.date else ""
        pages = "1 page" if len(record.pages) == 1 else f"{len(record.pages)} pages"
        yield f"{record.record_id}: {record.title}{day}, {pages}"


def _item(item: DisputedItem) -> Iterator[RenderableType]:
    yield Text(f"{item.number}. {item.treatment}", style="bold")
    lines = [
        ("Originally requested", item.original_request),
        ("Authorized", item.authorized),
        ("Falls with item", item.depends_on),
        *((_PARTIES[cited.party], _citation(cited)) for cited in item.citations),
        ("Denied because", item.claims_administrator_reasons),
        ("Rationale", f"{len(item.rationale.split())} words" if item.rationale else None),
    ]
    for label, value in lines:
        if value is not None:
            yield Padding(Text.assemble((f"{label}: ", "dim"), str(value)), (0, 0, 0, 3))
    if item.determination:
        words, colour = _OUTCOMES[item.determination]
        yield Padding(Text(words, style=colour), (0, 0, 0, 3))


def _citation(cited: CitedGuideline) -> str:
    """MTUS Low Back Complaints 2004, Special Studies; Summary, page 303."""
    if cited.kind == "none":
        return "cited nothing"
    title = " ".join(filter(None, (cited.guideline, cited.edition))) or "no title"
    kind = "MTUS" if cited.kind == "mtus" else "not MTUS:"
    sections = f", {'; '.join(cited.sections)}" if cited.sections else ""
    pages = f", page {', '.join(cited.pages)}" if cited.pages and cited.kind == "mtus" else ""
    return f"{kind} {title}{sections}{pages}"
