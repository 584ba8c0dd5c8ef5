"""A case as it was handed in: header dates, case summary, records, and the treatments in dispute.

What the input lacks is `None` and named in `gaps`; nothing is guessed. `Upheld` means that the **denial** stands,
`overturned` that the treatment is medically necessary.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from drafter.domain.model import DomainModel

# A field named `date` hides the type of that name from the annotations of its class.
Day = date
Form = Literal["2013-notice", "2014-page", "2016-section", "case-file", "text", "unknown"]
Determination = Literal["upheld", "overturned"]
Party = Literal["claims_administrator", "reviewer"]
RecordScope = Literal["summary", "file"]


class CaseDates(DomainModel):
    injury: Day | None = None
    rfa: Day | None = None
    ur_denial: Day | None = None
    assigned: Day | None = None
    application_received: Day | None = None
    decision: Day | None = None


class Reviewer(DomainModel):
    """Qualifications only; a reviewer's name never enters a case (Lab. Code 4610.6(f))."""

    licensure: str | None = None
    specialty: str | None = None


NoticeKind = Literal["restricted", "no-text", "hidden-text", "recognised-text", "hidden-characters"]


class Notice(DomainModel):
    """What was met while an input was read and its reader should know, in one sentence.

    `text` are the very words it is about, where there are any: for the reviewer's eyes, in no draft and no prompt.
    `pages` count from 1; `record_id` is None where the input itself is meant.
    """

    kind: NoticeKind
    message: str
    pages: tuple[int, ...] = ()
    record_id: str | None = None
    text: str = ""


class RecordPage(DomainModel):
    page: int
    text: str


class Record(DomainModel):
    """One dated document of the file, with its pages."""

    record_id: str
    title: str
    date: Day | None = None
    pages: tuple[RecordPage, ...]


class CitedGuideline(DomainModel):
    """What one party cited for one item, as printed. `pages` are printed page numbers."""

    party: Party
    kind: Literal["mtus", "non_mtus", "none"]
    guideline: str | None = None
    edition: str | None = None
    sections: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


class DisputedItem(DomainModel):
    """One treatment in dispute.

    `treatment` is what is to be decided: the remaining part where UR modified the request, else the heading without
    its outcome. `depends_on` is the number of the main item this one falls with, or `None`. The claims administrator's
    decision and reasons stand apart only in case files (letters tell them in the case summary); they are an argument,
    never a record.
    """

    number: int
    heading: str
    treatment: str
    original_request: str | None = None
    authorized: str | None = None
    remaining: str | None = None
    depends_on: int | None = None
    determination: Determination | None = None
    claims_administrator_guideline: str | None = None
    claims_administrator_decision: str | None = None
    claims_administrator_reasons: str | None = None
    reviewer_guideline: str | None = None
    citations: tuple[CitedGuideline, ...] = ()
    rationale: str | None = None


class RecordField(DomainModel):
    """A stretch of text that evidence may be quoted from; offsets of a record span count in `text`."""

    field: Literal["case_summary", "records"]
    record_id: str | None = None
    page: int | None = None
    date: Day | None = None
    text: str


class Case(DomainModel):
    """`people` are the names that a case file lists so that they never leave the house; `notices` tell of the input."""

    form: Form
    case_number: str | None = None
    dates: CaseDates = CaseDates()
    priority: str | None = None
    reviewer: Reviewer = Reviewer()
    case_summary: str | None = None
    records: tuple[Record, ...] = ()
    items: tuple[DisputedItem, ...] = ()
    people: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def record_scope(self) -> RecordScope:
        """`file` only where records were supplied and every page was read: absence is proved against nothing less."""
        unread = any(notice.kind == "no-text" for notice in self.notices)
        return "file" if self.records and not unread else "summary"

    def record_fields(self) -> Iterator[RecordField]:
        """Every text that counts as the record, the case summary first, then each page in order."""
        if self.case_summary:
            yield RecordField(field="case_summary", text=self.case_summary)
        for record in self.records:
            for page in record.pages:
                yield RecordField(
                    field="records", record_id=record.record_id, page=page.page, date=record.date, text=page.text
                )

    def without_reviewer_text(self) -> Case:
        """The case as a drafter may see it: no outcome, no reviewer's guideline, citation or rationale.

        A draft made from a published letter must not lean on the letter's own answer
        (proved by tests/unit/test_case.py).
        """
        return self.model_copy(
            update={
                # What was hidden in a published letter may be its rationale.
                "notices": tuple(
                    notice if self.form in ("case-file", "text") else notice.model_copy(update={"text": ""})
                    for notice in self.notices
                ),
                "items": tuple(
                    item.model_copy(
                        update={
                            "determination": None,
                            "reviewer_guideline": None,
                            "rationale": None,
                            "citations": tuple(c for c in item.citations if c.party != "reviewer"),
                        }
                    )
                    for item in self.items
                ),
            }
        )
