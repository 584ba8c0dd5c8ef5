"""The order of evidence: why a lower rung, and what the payer cited.

8 CCR 9792.21.1 asks for the MTUS first, and for a reason where another source decides; 8 CCR 9792.25.1 asks that
competing citations be weighed. What utilization review argued is no evidence of the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain.checks.audit import REVIEWER_GUIDELINE, Audit, AuditedItem, Remark, remark_on
from drafter.domain.checks.titles import title_key

_REASON = re.compile(
    r"\b(?:MTUS|ACOEM|california)\b[^.;]{0,120}\b(?:silent|not (?:specifically )?(?:address|discuss|cover|provide|"
    r"contain|mention)\w*|no (?:specific )?(?:guid|recommend|criteria)\w*|"
    r"does not|do not|additionally|more specifically|refer\w*)\b|\bnot addressed\b|\balternative guidelines\b|"
    r"\bmore specific\w*\b",
    re.IGNORECASE,
)
_DEFERS = re.compile(
    r"\b(?:utili[sz]ation review(?:er)?|claims administrator|previous reviewer|\bUR\b)[^.;]{0,60}\b(?:reasonabl\w+|"
    r"correct\w*|appropriate\w*|properly|rightly|"
    r"i agree|is supported)\b|\bi (?:agree|concur) with (?:the )?(?:utili[sz]ation|previous|prior|UR)",
    re.IGNORECASE,
)


def rung_without_reason(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A decision on a source outside the MTUS that does not say why the MTUS does not decide."""
    if item.draft is not None or item.item.depends_on is not None:
        return
    kinds = {citation.kind for citation in item.item.citations if citation.party == "reviewer"}
    if kinds != {"non_mtus"} or any(_REASON.search(text.text) for text in item.texts):
        return
    line = item.item.reviewer_guideline or ""
    yield Remark(
        message="The decision rests on a source outside the MTUS and does not say why the MTUS does not decide.",
        item=item.item.number,
        field=REVIEWER_GUIDELINE,
        start=0,
        end=len(line),
        quote=line,
    )


def competing_citation(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """An MTUS guideline that the payer cited and the reviewer neither cites nor answers."""
    if item.draft is not None or item.item.depends_on is not None:
        return
    ours = {title_key(c.guideline) for c in item.item.citations if c.party == "reviewer" and c.guideline}
    told = title_key(" ".join(text.text for text in item.texts))
    for citation in item.item.citations:
        if citation.party != "claims_administrator" or citation.kind != "mtus" or not citation.guideline:
            continue
        key = title_key(citation.guideline)
        if ours and key not in ours and key not in told:
            yield Remark(
                message=f"The claims administrator cites {citation.guideline} {citation.edition or ''}".rstrip()
                + ", which the rationale does not answer.",
                item=item.item.number,
                field=REVIEWER_GUIDELINE,
            )
            return


def review_as_evidence(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """The opinion of utilization review taken as a reason."""
    for text in item.texts:
        for match in _DEFERS.finditer(text.text):
            yield remark_on(
                text,
                match.start(),
                match.end(),
                "The opinion of utilization review is given as a reason; a determination may not rest on it (8 CCR "
                "9792.10.6(b)(2)).",
                item=item.item.number,
            )
