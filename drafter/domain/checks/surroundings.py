"""The words around a finding, so that a reader sees it in its letter."""

from __future__ import annotations

from collections.abc import Sequence

from drafter.domain.case import Case
from drafter.domain.draft import Finding, ItemDraft
from drafter.domain.model import DomainModel

REACH = 180


class Surroundings(DomainModel):
    """What stands before and after a finding's words in its field; empty where it has no place in a text."""

    before: str = ""
    after: str = ""


def surroundings(case: Case, drafts: Sequence[ItemDraft] | None, finding: Finding) -> Surroundings:
    """Up to `REACH` characters on each side, cut at a space."""
    text = _field(case, drafts, finding)
    if text is None or finding.start is None or finding.end is None:
        return Surroundings()
    low, high = max(0, finding.start - REACH), min(len(text), finding.end + REACH)
    before, after = text[low : finding.start], text[finding.end : high]
    if low and " " in before:
        before = "… " + before.split(" ", 1)[1]
    if high < len(text) and " " in after:
        after = after.rsplit(" ", 1)[0] + " …"
    return Surroundings(before=before, after=after)


def _field(case: Case, drafts: Sequence[ItemDraft] | None, finding: Finding) -> str | None:
    if finding.field == "case_summary":
        return case.case_summary
    if finding.field and finding.field.startswith("statements."):
        number = int(finding.field.partition(".")[2])
        draft = next((draft for draft in drafts or () if draft.item == finding.item), None)
        return draft.statements[number].text if draft and number < len(draft.statements) else None
    item = next((item for item in case.items if item.number == finding.item), None)
    if item is None or finding.field not in ("rationale", "heading", "reviewer_guideline"):
        return None
    text: str | None = getattr(item, finding.field)
    return text
