"""What a check is given: the case, the text under audit, and the record it is held against, all read once.

A letter and a draft are audited alike. Of a letter the text of an item is its rationale (field `rationale`); of a draft
it is each statement by itself (fields `statements.0`, `statements.1` ...), so that a finding points at the sentence.
Offsets of a finding count in that field, as `drafter parse` and `drafter draft` print it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property

from drafter.domain.case import Case, DisputedItem
from drafter.domain.checks.known import Known
from drafter.domain.checks.roles import SpokenOf
from drafter.domain.checks.titles import title_key
from drafter.domain.draft import Finding, ItemDraft, PassageCitation, RecordSpan, Severity, Statement
from drafter.domain.drafting.brief import ReadField
from drafter.domain.drafting.changes import Change, measured_changes
from drafter.domain.model import DomainModel
from drafter.domain.reading.model import Reading, Sentence
from guideline_corpus.model import Edition, Passage
from guideline_corpus.vocabulary import Vocabulary

RATIONALE = "rationale"
HEADING = "heading"
HEADER = "header"
CASE_SUMMARY = "case_summary"
REVIEWER_GUIDELINE = "reviewer_guideline"


class AuditedText(DomainModel):
    """One text under audit. `statement` is set where it is a sentence of a draft."""

    field: str
    text: str
    reading: Reading
    spoken: tuple[SpokenOf, ...]
    statement: Statement | None = None


class AuditedItem(DomainModel):
    """One disputed item with the texts that decide it; `heading` is read too, because it counts as given.

    `asked` holds the treatments named in what is to be decided, else in the heading.
    """

    item: DisputedItem
    heading: Reading
    asked: frozenset[str]
    texts: tuple[AuditedText, ...]
    draft: ItemDraft | None = None

    def sentences(self) -> Iterator[tuple[AuditedText, Sentence]]:
        for text in self.texts:
            for sentence in text.reading.sentences:
                yield text, sentence


class Audit(DomainModel):
    """All that the checks see. `editions` and `passages` may be empty: what needs them then has nothing to say.

    `headings` are the requests as read, those of `main_items` included: items that those under audit go with and that
    are not under audit themselves. What is worked out of the case or the passages is kept with them, and goes where
    they go: an audit of another case has its own.
    """

    case: Case
    items: tuple[AuditedItem, ...]
    record: tuple[ReadField, ...]
    vocabulary: Vocabulary
    editions: tuple[Edition, ...] = ()
    passages: tuple[Passage, ...] = ()
    drafts: tuple[ItemDraft, ...] | None = None
    headings: tuple[Reading, ...] = ()
    main_items: tuple[DisputedItem, ...] = ()

    @cached_property
    def known(self) -> Known:
        """What the record, the headings and the header say."""
        return Known(self.case, self.record, self.headings)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What the record measures twice of the same thing."""
        return measured_changes(self.record)

    @cached_property
    def by_title(self) -> Mapping[str, tuple[Passage, ...]]:
        """The passages of the corpus by the folded title of their guideline."""
        found: dict[str, list[Passage]] = {}
        for passage in self.passages:
            found.setdefault(title_key(passage.guideline), []).append(passage)
        return {key: tuple(passages) for key, passages in found.items()}

    @cached_property
    def printed(self) -> Mapping[str, str]:
        """The fields of the case besides its record that a draft may rest on: the requests, and the header's dates."""
        printed = {f"items[{item.number}].treatment": item.treatment for item in (*self.case.items, *self.main_items)}
        for item in self.case.items:
            for told in ("guideline", "decision", "reasons"):
                name = f"claims_administrator_{told}"
                printed[f"items[{item.number}].{name}"] = getattr(item, name) or ""
        return printed | {f"dates.{kind}": day.isoformat() for kind, day in self.case.dates if day}

    @cached_property
    def by_id(self) -> dict[str, Passage]:
        """The passages of the corpus by their ids."""
        return {passage.passage_id: passage for passage in self.passages}

    @cached_property
    def official(self) -> tuple[Passage, ...]:
        """The passages that hold official text."""
        return tuple(passage for passage in self.passages if passage.text_kind == "official")

    def sentences_of_record(self) -> Iterator[tuple[ReadField, Sentence]]:
        """Every sentence of the record, the arguments of utilization review included (see `Sentence.voice`)."""
        for field in self.record:
            for sentence in field.reading.sentences:
                yield field, sentence


class Remark(DomainModel):
    """What one check has to say; `registry` adds the check's id and severity to make it a finding."""

    message: str
    item: int | None = None
    field: str | None = None
    start: int | None = None
    end: int | None = None
    quote: str | None = None
    against: RecordSpan | PassageCitation | None = None

    def finding(self, *, check: str, severity: Severity) -> Finding:
        return Finding(check=check, severity=severity, **dict(self))


def remark_on(
    text: AuditedText,
    start: int,
    end: int,
    message: str,
    *,
    item: int,
    against: RecordSpan | PassageCitation | None = None,
) -> Remark:
    """A remark on the words at `start:end` of one audited text."""
    return Remark(
        message=message, item=item, field=text.field, start=start, end=end, quote=text.text[start:end], against=against
    )


def header_remark(message: str, *, quote: str, against: RecordSpan | None = None) -> Remark:
    """A remark on the header block; `quote` is the date as `drafter parse` prints it."""
    return Remark(message=message, field=HEADER, quote=quote, against=against)


def header_span(kind: str, on: date) -> RecordSpan:
    """A date of the header as the text that a remark is held against; `kind` is its key in `drafter parse`."""
    told = on.isoformat()
    return RecordSpan(field=f"dates.{kind}", start=0, end=len(told), quote=told)
