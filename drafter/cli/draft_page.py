"""A draft as a reviewer reads it on a terminal: statements with their grounds, the criteria table, the findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from drafter.domain.case import Case
from drafter.domain.draft import (
    Citation,
    CriterionAssessment,
    CriterionStatus,
    Finding,
    ItemDraft,
    PassageCitation,
    RecordSpan,
    Severity,
    Statement,
)
from drafter.services.contract import citation_line

_STATUS: dict[CriterionStatus, tuple[str, str]] = {
    "met": ("met", "green"),
    "not_met": ("not met", "red"),
    "unclear": ("unclear", "yellow"),
    "not_documented": ("not documented", "yellow"),
    "not_in_summary": ("not in summary", "yellow"),
}
_SEVERITY: dict[Severity, str] = {"blocker": "bold red", "warning": "yellow", "note": "dim"}
_SIDES: tuple[tuple[str | None, str], ...] = (
    (None, "FACTS AND GUIDELINE"),
    ("for", "WHAT SPEAKS FOR THE REQUEST"),
    ("against", "WHAT SPEAKS AGAINST IT"),
)
_SOURCES = {"letters": "stated in published letters", "recalled": "recalled, unconfirmed", "official": "official text"}


def print_draft(console: Console, case: Case, draft: ItemDraft) -> None:
    """One item's draft, the letter's layout where an outcome was chosen, else the options memo."""
    console.print(Rule(style="dim"))
    console.print(_heading(case, draft))
    console.print(_letter(case, draft) if draft.determination else _memo(draft))
    console.print(_criteria(draft.criteria))
    console.print(_findings(draft.findings))


def _heading(case: Case, draft: ItemDraft) -> RenderableType:
    number = case.case_number or "case without a number"
    title = Text(f"{number}  item {draft.item}: {draft.treatment}", style="bold")
    scope = "Only the case summary was supplied." if draft.record_scope == "summary" else "The records were supplied."
    chosen = (
        f"Outcome chosen by the reviewer: {draft.determination}."
        if draft.determination
        else "OPTIONS MEMO: no outcome chosen."
    )
    return Group(title, Text(f"{chosen} {scope}", style="dim"), Text())


def _memo(draft: ItemDraft) -> RenderableType:
    question = _open_question(draft.statements)
    rest = [statement for statement in draft.statements if statement not in question]
    groups = [(title, [one for one in rest if one.supports == side]) for side, title in _SIDES]
    parts: list[RenderableType] = []
    for title, mine in (*groups, ("WHAT WOULD DECIDE", question)):
        if mine:
            parts += [Text(title, style="bold"), *(_statement(statement) for statement in mine), Text()]
    return Group(*parts)


def _open_question(statements: Sequence[Statement]) -> list[Statement]:
    """The sentences behind both sides that take neither: a memo ends with what would settle it."""
    last_side = max((place for place, one in enumerate(statements) if one.supports), default=len(statements))
    return [one for one in statements[last_side + 1 :] if one.kind == "reasoning"]


def _statement(statement: Statement) -> RenderableType:
    text = Text("- ")
    text.append(statement.text)
    text.append(f"  [{statement.kind}: {_grounds(statement)}]", style="dim")
    return Padding(text, (0, 0, 0, 2))


def _grounds(statement: Statement) -> str:
    grounds = [_ground(citation) for citation in statement.citations]
    if statement.searched:
        grounds.append(f"searched {', '.join(statement.searched)}")
    return "; ".join(dict.fromkeys(grounds)) or "the reviewer's choice"


def _ground(citation: Citation) -> str:
    if isinstance(citation, PassageCitation):
        kind = {"gist": " (gist)", "ocr": " (OCR)", "official": ""}[citation.text_kind]
        return f"{citation_line(citation)}{kind}"
    return _place(citation.record)


def _place(span: RecordSpan) -> str:
    where = f"{span.record_id} page {span.page}" if span.record_id else span.field.replace("_", " ")
    return f"{where} {span.start}-{span.end}"


def _letter(case: Case, draft: ItemDraft) -> RenderableType:
    item = next(item for item in case.items if item.number == draft.item)
    outcome = (draft.determination or "").capitalize()
    administrator = item.claims_administrator_guideline or "not stated."
    lines = [
        Text(f"{draft.treatment}: {outcome}", style="bold"),
        Text(),
        Text.assemble(("Claims Administrator guideline: ", "bold"), administrator),
        Text(),
        Text.assemble(("Reviewer guideline: ", "bold"), reviewer_guideline_line(draft)),
        Text(),
        Text.assemble(("Decision rationale: ", "bold"), draft.rationale),
        Text(),
        Text(f"{len(draft.rationale.split())} words of rationale", style="dim"),
        Text(),
    ]
    return Group(*lines)


def reviewer_guideline_line(draft: ItemDraft) -> str:
    """The reviewer's guideline line, made of the passages that the statements cite."""
    cited = [c for s in draft.statements for c in s.citations if isinstance(c, PassageCitation)]
    lines = list(dict.fromkeys(citation_line(citation) for citation in cited))
    if not lines:
        return "The Expert Reviewer did not cite any medical evidence for its decision."
    return f"Decision based on {'MTUS ' if draft.rung == 1 else ''}{', and '.join(lines)}."


def _criteria(criteria: Sequence[CriterionAssessment]) -> RenderableType:
    if not criteria:
        return Text()
    parts: list[RenderableType] = [Text("CRITERIA", style="bold")]
    for row in criteria:
        label, style = _STATUS[row.status]
        line = Text.assemble("  [", (label, style), "] ", row.text, (f"  ({_SOURCES[row.source]})", "dim"))
        parts.append(line)
        parts += [Text(f'        {_place(span)}: "{span.quote}"', style="dim") for span in row.record]
        if row.searched and not row.record:
            parts.append(Text(f"        searched: {', '.join(row.searched)}", style="dim"))
    return Group(*parts, Text())


def _findings(findings: Iterable[Finding]) -> RenderableType:
    lines = [
        Text.assemble(
            "  ", (finding.severity.ljust(8), _SEVERITY[finding.severity]), f"{finding.check}: {finding.message}"
        )
        for finding in findings
    ]
    return Group(Text("FINDINGS", style="bold"), *(lines or [Text("  none")]), Text())
