"""Runs every check of the table over one case and gives the findings in the order of the text.

Pure and deterministic: the same case, drafts, passages and editions give the same findings. Each text is read once;
time is linear in its length (tests/unit/test_check_speed.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from drafter.domain.case import Case, DisputedItem
from drafter.domain.checks.audit import RATIONALE, Audit, AuditedItem, AuditedText, MainItem
from drafter.domain.checks.proven_words import without_proven_words
from drafter.domain.checks.registry import CHECKS, check_named
from drafter.domain.checks.roles import roles
from drafter.domain.checks.treatments import named_treatments
from drafter.domain.draft import Finding, ItemDraft
from drafter.domain.drafting.brief import ReadField
from drafter.domain.reading.read import read
from guideline_corpus.model import Edition, Passage
from guideline_corpus.vocabulary import Vocabulary

_ORDER = {"blocker": 0, "warning": 1, "note": 2}


def run_checks(
    case: Case,
    *,
    vocabulary: Vocabulary,
    drafts: Sequence[ItemDraft] | None = None,
    editions: Sequence[Edition] = (),
    passages: Sequence[Passage] = (),
    record: Sequence[ReadField] | None = None,
    main_items: Sequence[DisputedItem] = (),
) -> tuple[Finding, ...]:
    """Every finding on a finished letter, or on `drafts` of it where given: by item, then blockers first, then by
    place.

    `record` saves reading the record again where the caller has read it; `main_items` are items that the case's own go
    with. Without `editions` or `passages` the checks that need them find nothing.
    """
    audit = build_audit(
        case,
        vocabulary=vocabulary,
        drafts=drafts,
        editions=editions,
        passages=passages,
        record=record,
        main_items=main_items,
    )
    return tuple(sorted(_said_once(_found(audit)), key=_place))


def build_audit(
    case: Case,
    *,
    vocabulary: Vocabulary,
    drafts: Sequence[ItemDraft] | None = None,
    editions: Sequence[Edition] = (),
    passages: Sequence[Passage] = (),
    record: Sequence[ReadField] | None = None,
    main_items: Sequence[DisputedItem] = (),
) -> Audit:
    """The case with every text of it read; what the checks are given."""
    fields = record if record is not None else _read_record(case, vocabulary)
    return Audit(
        case=case,
        items=tuple(_audited_items(case, vocabulary, drafts)),
        record=tuple(fields),
        vocabulary=vocabulary,
        editions=tuple(editions),
        passages=tuple(passages),
        drafts=None if drafts is None else tuple(drafts),
        main_items=tuple(
            MainItem(item=item, heading=read(item.heading, vocabulary=vocabulary, voice="request"))
            for item in main_items
        ),
    )


def _read_record(case: Case, vocabulary: Vocabulary) -> Iterator[ReadField]:
    for field in case.record_fields():
        yield ReadField(source=field, reading=read(field.text, vocabulary=vocabulary))


def _audited_items(case: Case, vocabulary: Vocabulary, drafts: Sequence[ItemDraft] | None) -> Iterator[AuditedItem]:
    by_number: Mapping[int, ItemDraft] = {draft.item: draft for draft in drafts or ()}
    for item in case.items:
        heading = read(item.heading, vocabulary=vocabulary, voice="request")
        asked = named_treatments(vocabulary, item.treatment, item.heading)
        if drafts is None:
            yield AuditedItem(item=item, heading=heading, asked=asked, texts=tuple(_rationale(item, vocabulary)))
        elif item.number in by_number:
            draft = by_number[item.number]
            chosen = item.model_copy(update={"determination": draft.determination})
            texts = tuple(_statements(draft, vocabulary))
            yield AuditedItem(item=chosen, heading=heading, asked=asked, texts=texts, draft=draft)


def _rationale(item: DisputedItem, vocabulary: Vocabulary) -> Iterator[AuditedText]:
    if item.rationale:
        yield _audited(RATIONALE, item.rationale, vocabulary)


def _statements(draft: ItemDraft, vocabulary: Vocabulary) -> Iterator[AuditedText]:
    passages = [retrieved.passage for retrieved in draft.retrieved]
    for number, statement in enumerate(draft.statements):
        claims = without_proven_words(statement, passages=passages)
        reading = read(claims, vocabulary=vocabulary, voice="record")
        yield AuditedText(
            field=f"statements.{number}",
            text=statement.text,
            reading=reading,
            spoken=roles(reading.sentences, statement),
            statement=statement,
        )


def _audited(field: str, text: str, vocabulary: Vocabulary) -> AuditedText:
    reading = read(text, vocabulary=vocabulary, voice="record")
    return AuditedText(field=field, text=text, reading=reading, spoken=roles(reading.sentences, None))


def _found(audit: Audit) -> Iterator[Finding]:
    for check in CHECKS:
        if check.of_case is not None:
            yield from (remark.finding(check=check.id, severity=check.severity) for remark in check.of_case(audit))
        if check.of_item is not None:
            for item in audit.items:
                severity = (check.in_drafts if item.draft is not None else None) or check.severity
                for remark in check.of_item(audit, item):
                    yield remark.finding(check=check.id, severity=severity)


def _said_once(findings: Iterator[Finding]) -> Iterator[Finding]:
    """The findings, where the same words against the same words under several items are one finding on the first."""
    kept: dict[tuple[str, str | None, str | None], Finding] = {}
    also: dict[tuple[str, str | None, str | None], list[int]] = {}
    for finding in findings:
        key = (finding.check, finding.quote, getattr(finding.against, "quote", None) or finding.message)
        if not check_named(finding.check).once or finding.quote is None:
            yield finding
        elif key not in kept or kept[key].item == finding.item:
            kept.setdefault(key, finding)
            also.setdefault(key, [])
            if kept[key] is not finding:
                yield finding
        elif finding.item is not None and finding.item not in also[key]:
            also[key].append(finding.item)
    for key, finding in kept.items():
        yield (
            finding
            if not also[key]
            else finding.model_copy(update={"message": f"{finding.message} {_told_again(also[key])}"})
        )


def _told_again(items: list[int]) -> str:
    listed = ", ".join(str(number) for number in items)
    return f"The same words stand in item{'s' if len(items) > 1 else ''} {listed}."


def _place(finding: Finding) -> tuple[int, int, str, int, str]:
    return (finding.item or 0, _ORDER[finding.severity], finding.field or "", finding.start or 0, finding.check)
