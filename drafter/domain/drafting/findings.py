"""Findings that only the drafting step can make: what the draft rests on, and the best case against it.

The checks of `drafter.domain.checks` read the finished text; these know the rows that were weighed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from drafter.domain.case import CitedGuideline
from drafter.domain.draft import Finding, RecordSpan, Severity
from drafter.domain.drafting.assess import STRENGTH, Assessed
from drafter.domain.drafting.brief import ItemBrief
from drafter.domain.drafting.competing import is_outranked, outranked_citation
from drafter.domain.drafting.formulary import formulary_findings
from drafter.domain.drafting.sentences import criterion_statement
from drafter.domain.drafting.wording import Wording, citation_of


def drafting_findings(
    brief: ItemBrief, *, rows: Sequence[Assessed], carried: Sequence[Assessed], wording: Wording
) -> tuple[Finding, ...]:
    """The findings for one item, most severe first."""
    found = [
        *_outcome_without_ground(brief, carried=carried),
        *_rests_on_recalled(brief, carried=carried),
        *_counter_argument(brief, rows=rows, wording=wording),
        *_competing_citation(brief),
        *_contradicts_main_item(brief),
        *_scope(brief),
        *_rests_on_gist(brief, rows=rows),
        *formulary_findings(brief),
    ]
    order = {"blocker": 0, "warning": 1, "note": 2}
    return tuple(sorted(found, key=lambda finding: order[finding.severity]))


def _finding(brief: ItemBrief, check: str, severity: Severity, message: str) -> Finding:
    return Finding(check=check, severity=severity, item=brief.item.number, message=message)


def _outcome_without_ground(brief: ItemBrief, *, carried: Sequence[Assessed]) -> Iterator[Finding]:
    if brief.determination is None or carried or brief.main_item is not None:
        return
    what = "speaks against the request" if brief.determination == "upheld" else "speaks for the request"
    yield _finding(
        brief,
        "outcome-without-ground",
        "warning",
        f"You chose {brief.determination}, but no criterion weighed here {what}; state your reason before signing.",
    )


def _rests_on_recalled(brief: ItemBrief, *, carried: Sequence[Assessed]) -> Iterator[Finding]:
    if brief.determination is None or not carried:
        return
    if all(row.criterion.source == "recalled" for row in carried):
        yield _finding(
            brief,
            "rests-on-recalled",
            "warning",
            "Every criterion this outcome rests on is recalled, confirmed by no text; look it up before signing.",
        )


def _counter_argument(brief: ItemBrief, *, rows: Sequence[Assessed], wording: Wording) -> Iterator[Finding]:
    row = counter_row(brief, rows=rows, wording=wording)
    statement = criterion_statement(row, brief, wording=wording) if row else None
    if row is None or statement is None:
        return
    shown: RecordSpan | None = row.evidence[0].span if row.evidence else None
    yield _finding(
        brief, "counter-argument", "warning", f"The strongest point on the other side: {statement.text}"
    ).model_copy(update={"against": shown or citation_of(row.passage)})


def counter_row(brief: ItemBrief, *, rows: Sequence[Assessed], wording: Wording) -> Assessed | None:
    """The row that speaks most strongly against the chosen outcome; None without an outcome, or without such a row."""
    if brief.determination is None:
        return None
    other = "for" if brief.determination == "upheld" else "against"
    against = (row for row in rows if row.supports == other and row.bearing in STRENGTH)
    ordered = sorted(against, key=lambda row: STRENGTH[row.bearing])
    return next((row for row in ordered if criterion_statement(row, brief, wording=wording)), None)


def _competing_citation(brief: ItemBrief) -> Iterator[Finding]:
    ours = {(r.passage.guideline, r.passage.edition, r.passage.section) for r in brief.passages[:3] if brief.addressed}
    answered = outranked_citation(brief)
    for cited in brief.item.citations:
        if answered and is_outranked(cited):
            continue
        if cited.party != "claims_administrator" or cited.kind == "none" or _answered(cited, ours):
            continue
        name = " ".join(part for part in (cited.guideline, cited.edition) if part) or "a source outside the MTUS"
        sections = f" ({'; '.join(cited.sections)})" if cited.sections else ""
        yield _finding(
            brief,
            "competing-citation",
            "note" if cited.kind == "mtus" else "warning",
            f"The claims administrator cites {name}{sections}; the draft does not answer it.",
        )


def _answered(cited: CitedGuideline, ours: set[tuple[str, str, str]]) -> bool:
    if cited.sections:
        return any((cited.guideline, cited.edition, section) in ours for section in cited.sections)
    return any((cited.guideline, cited.edition) == (guideline, edition) for guideline, edition, _ in ours)


def _contradicts_main_item(brief: ItemBrief) -> Iterator[Finding]:
    if brief.main_item is None or brief.main_determination is None or brief.determination is None:
        return
    if brief.main_determination == "upheld" and brief.determination == "overturned":
        yield _finding(
            brief,
            "dependent-outcome",
            "warning",
            f"Item {brief.main_item.number} is upheld, yet this item, requested to go with it, is overturned.",
        )


def _scope(brief: ItemBrief) -> Iterator[Finding]:
    if brief.case.record_scope == "summary":
        yield _finding(
            brief,
            "scope-summary-only",
            "note",
            "Only the case summary was supplied: an absence here is one from the case summary, not from the file.",
        )


def _rests_on_gist(brief: ItemBrief, *, rows: Sequence[Assessed]) -> Iterator[Finding]:
    gists = {row.passage.passage_id: row.passage for row in rows if row.passage.text_kind == "gist"}
    for passage in gists.values():
        page = "" if passage.pages else " No page is known for it."
        section = f", {passage.section}" if passage.section else ""
        yield _finding(
            brief,
            "rests-on-gist",
            "note",
            f"{passage.guideline} {passage.edition}{section} is here as a gist in our own words; "
            f"load the official text to quote it.{page}",
        ).model_copy(update={"against": citation_of(passage)})
