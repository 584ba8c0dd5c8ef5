"""The middle pane: sentence by sentence, each with its grounds and with the findings on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from drafter.domain.draft import Finding, PassageCitation, RecordCitation, RecordSpan, Severity, StatementKind
from drafter.domain.model import DomainModel
from drafter.domain.review.answers import Answer, finding_key, is_open, may_be_contested
from drafter.domain.review.events import ReviewedSentence
from drafter.domain.review.obstacles import sentence_of
from drafter.domain.review.state import ItemState
from drafter.web.casework.places import Link, passage_link, record_link


class AnswerView(DomainModel):
    kind: Literal["waived", "contested", "countersigned"]
    reason: str
    by: str


class FindingView(DomainModel):
    """One finding beside its sentence. `words` are those it is about, `against` the words that stand against them."""

    key: str
    check: str
    severity: Severity
    message: str
    words: str | None
    against: str | None
    against_link: Link | None
    open: bool
    contestable: bool
    answers: tuple[AnswerView, ...]


class SentenceView(DomainModel):
    """`number` counts from 1, as people count; `place` from 0, as forms do."""

    number: int
    place: int
    text: str
    kind: StatementKind
    supports: Literal["for", "against"] | None
    rests_on: tuple[Link, ...]
    searched: tuple[str, ...]
    findings: tuple[FindingView, ...]
    hers: bool


class DraftView(DomainModel):
    sentences: tuple[SentenceView, ...]
    of_item: tuple[FindingView, ...]
    blockers: int
    warnings: int
    notes: int
    concluded: bool


def draft_view(item: ItemState) -> DraftView:
    findings = [(sentence_of(finding.field), finding_view(finding, item.answers)) for finding in item.findings]
    held = len(item.sentences)
    sentences = tuple(
        _sentence(place, sentence, [view for where, view in findings if where == place])
        for place, sentence in enumerate(item.sentences)
    )
    of_item = tuple(view for where, view in findings if where is None or where >= held)
    waiting = [view for _, view in findings]
    return DraftView(
        sentences=sentences,
        of_item=of_item,
        blockers=sum(view.severity == "blocker" and view.open for view in waiting),
        warnings=sum(view.severity == "warning" and view.open for view in waiting),
        notes=sum(view.severity == "note" for view in waiting),
        concluded=any(sentence.statement.kind == "conclusion" for sentence in item.sentences),
    )


def _sentence(place: int, sentence: ReviewedSentence, findings: Sequence[FindingView]) -> SentenceView:
    statement = sentence.statement
    return SentenceView(
        number=place + 1,
        place=place,
        text=statement.text,
        kind=statement.kind,
        supports=statement.supports,
        rests_on=tuple(_links(sentence)),
        searched=statement.searched,
        findings=tuple(findings),
        hers=sentence.origin is None,
    )


def _links(sentence: ReviewedSentence) -> Iterator[Link]:
    seen: set[Link] = set()
    for citation in sentence.statement.citations:
        link = record_link(citation.record) if isinstance(citation, RecordCitation) else passage_link(citation)
        if link not in seen:
            seen.add(link)
            yield link


def finding_view(finding: Finding, answers: tuple[Answer, ...]) -> FindingView:
    key = finding_key(finding)
    against = finding.against
    return FindingView(
        key=key,
        check=finding.check,
        severity=finding.severity,
        message=finding.message,
        words=finding.quote,
        against=against.quote if against is not None else None,
        against_link=_against_link(against),
        open=is_open(finding, answers),
        contestable=may_be_contested(finding),
        answers=tuple(
            AnswerView(kind=answer.kind, reason=answer.reason, by=answer.by)
            for answer in answers
            if answer.finding_key == key
        ),
    )


def _against_link(against: RecordSpan | PassageCitation | None) -> Link | None:
    if isinstance(against, RecordSpan):
        return record_link(against)
    return passage_link(against) if against is not None else None
