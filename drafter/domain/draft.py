"""A draft: for each disputed item the criteria table, the statements with their grounds, and the findings.

Shapes follow the interface contract (docs/contract). A statement without a ground is not a statement we make:
guideline statements cite a passage, record statements a span, absence statements say what was searched for.
"""

from __future__ import annotations

from typing import Literal

from drafter.domain.case import Determination, RecordScope
from drafter.domain.model import DomainModel
from guideline_corpus.model import CriterionRole, CriterionSource, RetrievedPassage, Rung, TextKind

CriterionStatus = Literal["met", "not_met", "unclear", "not_documented", "not_in_summary"]
StatementKind = Literal["guideline", "record", "absence", "reasoning", "conclusion"]
Severity = Literal["blocker", "warning", "note"]


class RecordSpan(DomainModel):
    """Words of the record. Offsets are code points into the named field; `quote` is exactly that slice."""

    field: str
    record_id: str | None = None
    page: int | None = None
    start: int
    end: int
    quote: str

    def overlaps(self, other: RecordSpan) -> bool:
        """Whether the two share a word of the same text."""
        place = (self.field, self.record_id, self.page) == (other.field, other.record_id, other.page)
        return place and self.start < other.end and other.start < self.end


class PassageCitation(DomainModel):
    """A citation of a guideline passage. Section and pages come from the passage, never from a model."""

    passage_id: str
    guideline: str
    edition: str
    section: str
    pages: tuple[str, ...] = ()
    quote: str | None = None
    text_kind: TextKind


class RecordCitation(DomainModel):
    record: RecordSpan


Citation = PassageCitation | RecordCitation


class CriterionAssessment(DomainModel):
    """One criterion set against the record. `searched` names the words looked for, in the order tried."""

    text: str
    source: CriterionSource
    role: CriterionRole
    status: CriterionStatus
    passage_id: str
    searched: tuple[str, ...] = ()
    record: tuple[RecordSpan, ...] = ()


class Statement(DomainModel):
    text: str
    kind: StatementKind
    supports: Literal["for", "against"] | None = None
    searched: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()


class Finding(DomainModel):
    """What a check found. `field`, `start`, `end` locate the words it is about; `against` shows the other text."""

    check: str
    severity: Severity
    item: int | None = None
    message: str
    field: str | None = None
    start: int | None = None
    end: int | None = None
    quote: str | None = None
    against: RecordSpan | PassageCitation | None = None


class CallRecord(DomainModel):
    """What is known of one call to a language model, without a word of it.

    `form` is how the server was asked for its JSON; `tokens_*` are None where the server did not tell; `tries` is how
    many requests it took, the answered one included.
    """

    request_sha256: str
    reply_sha256: str | None = None
    model: str
    fingerprint: str | None = None
    form: Literal["json_schema", "json_object", "text"] | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    tries: int = 1


class ItemDraft(DomainModel):
    """The draft for one disputed item. `determination` is only ever what the reviewer chose."""

    item: int
    treatment: str
    determination: Determination | None = None
    addressed: bool
    rung: Rung | None = None
    record_scope: RecordScope
    criteria: tuple[CriterionAssessment, ...] = ()
    statements: tuple[Statement, ...] = ()
    retrieved: tuple[RetrievedPassage, ...] = ()
    findings: tuple[Finding, ...] = ()
    calls: tuple[CallRecord, ...] = ()

    @property
    def rationale(self) -> str:
        """The statements as one paragraph, as a letter prints them."""
        return " ".join(statement.text for statement in self.statements)
