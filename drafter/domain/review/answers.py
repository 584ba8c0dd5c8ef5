"""What a person may say to a finding: waive a warning, contest a blocker, countersign a contest.

A finding is named by what it says about which words (`finding_key`), so that an answer holds while those words stand
and falls with them. Integrity findings (an unknown passage, an altered quote, an item missing, an outcome against its
text) are no matter of judgement: nobody can answer them, only the text can.
"""

from __future__ import annotations

import hashlib
from typing import Literal

from drafter.domain.checks.registry import check_named
from drafter.domain.draft import Finding
from drafter.domain.model import DomainModel

AnswerKind = Literal["waived", "contested", "countersigned"]


class Answer(DomainModel):
    """One person's word on one finding; `seq` is the audit entry it stands in."""

    kind: AnswerKind
    finding_key: str
    by: str
    reason: str
    seq: int


def finding_key(finding: Finding) -> str:
    """Twelve hex digits that stay the same while the finding says the same about the same words."""
    against = getattr(finding.against, "quote", None) or ""
    said = "\0".join((finding.check, str(finding.item), finding.quote or "", against, finding.message))
    return hashlib.sha256(said.encode("utf-8")).hexdigest()[:12]


def may_be_contested(finding: Finding) -> bool:
    return finding.severity == "blocker" and not check_named(finding.check).integrity


def is_open(finding: Finding, answers: tuple[Answer, ...]) -> bool:
    """Whether the finding still stands in the way of an approval."""
    if finding.severity == "note":
        return False
    said = {answer.kind for answer in answers if answer.finding_key == finding_key(finding)}
    if finding.severity == "warning":
        return "waived" not in said
    return not (may_be_contested(finding) and {"contested", "countersigned"} <= said)
