"""The JSON shapes of docs/contract: keys may be added, never renamed; the same input gives the same bytes.

Only this module turns domain models into plain mappings, and only to print them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from drafter.domain.case import Case
from drafter.domain.draft import Finding, ItemDraft, PassageCitation
from guideline_corpus.model import RetrievedPassage

Shape = dict[str, Any]


def to_line(shape: Mapping[str, Any]) -> str:
    """One line of JSON: UTF-8 as it is, keys sorted."""
    return json.dumps(shape, ensure_ascii=False, sort_keys=True)


def case_shape(case: Case, *, path: str) -> Shape:
    """What `drafter parse` prints."""
    return {"path": path, **case.model_dump(mode="json")}


def draft_shape(draft: ItemDraft) -> Shape:
    """DRAFT of the contract, with the rationale as one text beside its statements."""
    shape = draft.model_dump(mode="json", exclude={"retrieved"})
    shape["retrieved"] = [retrieved_shape(retrieved) for retrieved in draft.retrieved]
    shape["rationale"] = draft.rationale if draft.determination else None
    return shape


def retrieved_shape(retrieved: RetrievedPassage) -> Shape:
    """RETRIEVED of the contract."""
    passage = retrieved.passage
    kept = {"passage_id", "guideline", "edition", "section", "pages", "text_kind", "rung", "text"}
    return {
        **passage.model_dump(mode="json", include=kept),
        "in_force": passage.in_force.model_dump(mode="json", by_alias=True),
        "matches": [match.model_dump(mode="json") for match in retrieved.matches],
        "rank": retrieved.rank,
        "score": round(retrieved.score, 6),
    }


def finding_shape(finding: Finding) -> Shape:
    """FINDING of the contract."""
    return finding.model_dump(mode="json")


def drafts_shape(case: Case, *, path: str, drafts: Sequence[ItemDraft], provenance: Mapping[str, Any]) -> Shape:
    """What `drafter draft --json` prints."""
    return {
        "case": case_shape(case, path=path),
        "drafts": [draft_shape(draft) for draft in drafts],
        "provenance": dict(provenance),
    }


def citation_line(citation: PassageCitation) -> str:
    """A citation as a letter prints it: "Chronic Pain Medical Treatment 2016, Section(s): Facet blocks"."""
    section = f", Section(s): {citation.section}" if citation.section else ""
    pages = f", Page(s): {', '.join(citation.pages)}" if citation.pages else ""
    return f"{citation.guideline} {citation.edition}{section}{pages}"
