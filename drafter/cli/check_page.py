"""The findings on one letter as a reader sees them: what is wrong, and both texts side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from drafter.domain.draft import Finding, PassageCitation, RecordSpan, Severity
from drafter.services.checking import Checked
from drafter.services.contract import citation_line

_STYLE: dict[Severity, str] = {"blocker": "bold red", "warning": "yellow", "note": "dim"}
_FIELDS = {
    "case_summary": "case summary",
    "reviewer_guideline": "reviewer's guideline line",
    "header": "header",
    "dates": "header",
}

MOST_QUOTED = 280


def print_checked(console: Console, checked: Checked, *, severities: Collection[Severity]) -> None:
    """One letter: its name, a count of its findings, then each finding with its words."""
    shown = [finding for finding in checked.findings if finding.severity in severities]
    console.print(Rule(style="dim"))
    items = f"{checked.items} item{'' if checked.items == 1 else 's'}"
    console.print(Text.assemble((checked.case_number or checked.path, "bold"), f"  {checked.form}, {items}  "))
    console.print(Text(_counted(checked.findings), style="dim"))
    for finding in shown:
        console.print(Padding(_finding(finding), (1, 0, 0, 2)))
    console.print()


def print_summary(console: Console, letters: int) -> None:
    console.print(Rule(style="dim"))
    console.print(f"{letters} letters checked.")


def _counted(findings: Collection[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    told = [f"{counts[s]} {s}{'' if counts[s] == 1 else 's'}" for s in ("blocker", "warning", "note") if counts[s]]
    return ", ".join(told) or "no findings"


def _finding(finding: Finding) -> Table:
    page = Table.grid(padding=(0, 2))
    page.add_column(style="dim", width=10)
    page.add_column()
    where = f"item {finding.item}  " if finding.item else ""
    page.add_row(
        Text(finding.severity, style=_STYLE[finding.severity]), Text.assemble((finding.check, "bold"), f"  {where}")
    )
    page.add_row("", Text(finding.message))
    if finding.quote:
        page.add_row(_place(finding), Text(_short(finding.quote), style="italic"))
    if finding.against is not None:
        page.add_row(_source(finding.against), Text(_against(finding.against), style="italic"))
    return page


def _place(finding: Finding) -> str:
    return _named(finding.field or "")


def _source(against: RecordSpan | PassageCitation) -> str:
    if isinstance(against, PassageCitation):
        return "guideline"
    return against.record_id or _named(against.field)


def _named(field: str) -> str:
    return _FIELDS.get(field.partition(".")[0], field)


def _against(against: RecordSpan | PassageCitation) -> str:
    if isinstance(against, RecordSpan):
        return _short(against.quote)
    return f"{citation_line(against)}: {_short(against.quote)}" if against.quote else citation_line(against)


def _short(words: str) -> str:
    return words if len(words) <= MOST_QUOTED else words[: MOST_QUOTED - 3].rsplit(" ", 1)[0] + " ..."
