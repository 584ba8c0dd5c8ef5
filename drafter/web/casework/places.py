"""Where a span of the record or a passage stands on the page: the prefix of its anchors and the words of its link."""

from __future__ import annotations

import hashlib

from drafter.domain.draft import PassageCitation, RecordSpan
from drafter.domain.model import DomainModel
from drafter.web.casework.marking import anchor


class Link(DomainModel):
    """A link to a place on the page: `to` is an anchor without its #."""

    to: str
    label: str


def field_prefix(field: str, record_id: str | None, page: int | None) -> str:
    """The prefix of the anchors of one text: the case summary, a page of a record, or another field."""
    if record_id is not None:
        return f"r-{_short(record_id)}-{page}"
    return "r-summary" if field == "case_summary" else f"r-{_short(field)}"


def record_link(span: RecordSpan) -> Link:
    """A link to the words of the record, named by page where there is one."""
    prefix = field_prefix(span.field, span.record_id, span.page)
    if span.record_id is not None:
        label = f"p. {span.page}"
    elif span.field == "case_summary":
        label = "summary"
    else:
        return Link(to="h-crit", label="request")
    return Link(to=anchor(prefix, span.start), label=label)


def passage_anchor(passage_id: str) -> str:
    return f"g-{_short(passage_id)}"


def passage_link(citation: PassageCitation) -> Link:
    return Link(to=passage_anchor(citation.passage_id), label=citation.section or citation.guideline)


def _short(name: str) -> str:
    """Anchors hold no words of a case: titles of records are somebody's text."""
    return hashlib.sha256(name.encode("utf-8")).hexdigest()[:8]
