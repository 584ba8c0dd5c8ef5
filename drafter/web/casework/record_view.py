"""The left pane: the record as it was supplied, with every stretch that a sentence stands on or is refuted by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from unicodedata import category

from drafter.domain.case import Case, DisputedItem
from drafter.domain.draft import RecordCitation, RecordSpan
from drafter.domain.model import DomainModel
from drafter.domain.review.obstacles import sentence_of
from drafter.domain.review.state import ItemState
from drafter.web.casework.marking import Piece, Use, pieces
from drafter.web.casework.places import field_prefix


class PageView(DomainModel):
    """`label` is empty where a text has no pages."""

    label: str
    pieces: tuple[Piece, ...]


class DocumentView(DomainModel):
    """`argument`: the claims administrator's own words, which are no evidence."""

    anchor: str
    title: str
    day: date | None
    span: str
    argument: bool
    pages: tuple[PageView, ...]


class NoticeView(DomainModel):
    """What to know of the record before it is believed; `text` are the words it is about, marks that are not seen
    written out."""

    message: str
    text: str = ""


class RecordView(DomainModel):
    documents: tuple[DocumentView, ...]
    page_count: int
    notices: tuple[NoticeView, ...] = ()


def record_view(case: Case, item: DisputedItem, under: ItemState) -> RecordView:
    uses = list(record_uses(under))
    documents = [*_summary(case, uses), *_records(case, uses), *_payer(item)]
    return RecordView(
        documents=tuple(documents),
        page_count=sum(len(record.pages) for record in case.records),
        notices=(*_notices(case), *_instructions(under)),
    )


def _notices(case: Case) -> Iterator[NoticeView]:
    titles = {record.record_id: record.title for record in case.records}
    for notice in case.notices:
        of = f"{titles[notice.record_id]}: " if notice.record_id in titles else ""
        yield NoticeView(message=f"{of}{notice.message}", text=written_out(notice.text))


def _instructions(under: ItemState) -> Iterator[NoticeView]:
    for finding in under.findings:
        if finding.check == "instruction-in-record":
            yield NoticeView(message=finding.message, text=written_out(finding.quote or ""))


def written_out(text: str) -> str:
    """The text with every mark that is not seen as its number: `pain[U+200B]killer`."""
    return "".join(
        f"[U+{ord(mark):04X}]" if category(mark) in ("Cf", "Cc", "Co") and mark not in "\n\t" else mark for mark in text
    )


def record_uses(under: ItemState) -> Iterator[tuple[str, Use]]:
    """Each use of the record by a sentence, with the prefix of the text it is in."""
    for number, sentence in enumerate(under.sentences, start=1):
        for citation in sentence.statement.citations:
            if isinstance(citation, RecordCitation):
                yield _use(citation.record, number, against=False)
    for finding in under.findings:
        place = sentence_of(finding.field)
        if place is not None and isinstance(finding.against, RecordSpan):
            yield _use(finding.against, place + 1, against=True)


def _use(span: RecordSpan, sentence: int, *, against: bool) -> tuple[str, Use]:
    prefix = field_prefix(span.field, span.record_id, span.page)
    return prefix, Use(start=span.start, end=span.end, sentence=sentence, against=against)


def _page(text: str, uses: list[tuple[str, Use]], prefix: str, label: str) -> PageView:
    mine = [use for where, use in uses if where == prefix]
    return PageView(label=label, pieces=pieces(text, mine, prefix=prefix))


def _summary(case: Case, uses: list[tuple[str, Use]]) -> Iterator[DocumentView]:
    if case.case_summary:
        yield DocumentView(
            anchor="doc-summary",
            title="Case summary",
            day=None,
            span="",
            argument=False,
            pages=(_page(case.case_summary, uses, "r-summary", ""),),
        )


def _records(case: Case, uses: list[tuple[str, Use]]) -> Iterator[DocumentView]:
    for number, record in enumerate(case.records, start=1):
        numbers = [page.page for page in record.pages]
        span = f"p. {numbers[0]}" if len(numbers) == 1 else f"p. {numbers[0]}-{numbers[-1]}" if numbers else ""
        yield DocumentView(
            anchor=f"doc-{number}",
            title=record.title,
            day=record.date,
            span=span,
            argument=False,
            pages=tuple(
                _page(page.text, uses, field_prefix("records", record.record_id, page.page), f"Page {page.page}")
                for page in record.pages
            ),
        )


def _payer(item: DisputedItem) -> Iterator[DocumentView]:
    """What the claims administrator decided and why, where a case file tells it apart."""
    told = [text for text in (item.claims_administrator_decision, item.claims_administrator_reasons) if text]
    if told:
        yield DocumentView(
            anchor="doc-payer",
            title="Utilization review",
            day=None,
            span="",
            argument=True,
            pages=tuple(PageView(label="", pieces=(Piece(text=text),)) for text in told),
        )
