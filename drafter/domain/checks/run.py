"""Runs every check of the table over one case and gives the findings in the order of the text.

Pure and deterministic: the same case, drafts, passages and editions give the same findings. Each text is read once;
time is linear in its length. Drafts of one case share what is known of it, and a draft that is asked about again while
its case is drafted is not checked again (both: tests/unit/checks/test_run.py). Of a text that
is asked about again with one sentence changed, that sentence alone is read; what is found is what a check from the
start finds (tests/unit/checks/test_checked_again.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from drafter.domain.case import Case, DisputedItem
from drafter.domain.checks.audit import RATIONALE, Audit, AuditedItem, AuditedText
from drafter.domain.checks.check import Check, OfCase
from drafter.domain.checks.proven_words import without_proven_words
from drafter.domain.checks.registry import CHECKS, check_named
from drafter.domain.checks.roles import SpokenOf, roles
from drafter.domain.checks.treatments import named_treatments
from drafter.domain.draft import Finding, ItemDraft, Statement
from drafter.domain.drafting.brief import ReadField
from drafter.domain.reading.model import Reading
from drafter.domain.reading.read import read
from guideline_corpus.model import Edition, Passage, RetrievedPassage
from guideline_corpus.vocabulary import Vocabulary

SENTENCES_KEPT = 64  # of an item: those that stand, and what was typed last
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
    checks = CaseChecks(
        case, vocabulary=vocabulary, editions=editions, passages=passages, record=record, main_items=main_items
    )
    return checks.of_letter() if drafts is None else checks.of_drafts(drafts)


class CaseChecks:
    """The checks of one case. `of_draft` may be asked while other drafts of the case are still written, from any
    thread; for that, and for what is asked again, what was read is remembered."""

    def __init__(
        self,
        case: Case,
        *,
        vocabulary: Vocabulary,
        editions: Sequence[Edition] = (),
        passages: Sequence[Passage] = (),
        record: Sequence[ReadField] | None = None,
        main_items: Sequence[DisputedItem] = (),
    ) -> None:
        self._case = case
        self._vocabulary = vocabulary
        self._headings = [
            read(item.heading, vocabulary=vocabulary, voice="request") for item in (*case.items, *main_items)
        ]
        self._asked = [named_treatments(vocabulary, item.treatment, item.heading) for item in case.items]
        self._audit = Audit(
            case=case,
            items=(),
            record=tuple(record if record is not None else read_record(case, vocabulary=vocabulary)),
            vocabulary=vocabulary,
            editions=tuple(editions),
            passages=tuple(passages),
            headings=tuple(self._headings),
            main_items=tuple(main_items),
        )
        self._kept: dict[int, _CheckedDraft] = {}
        self._sentences: dict[int, _Sentences] = {}

    @property
    def record(self) -> tuple[ReadField, ...]:
        """The record as read."""
        return self._audit.record

    def of_letter(self) -> tuple[Finding, ...]:
        items = tuple(
            AuditedItem(
                item=item,
                heading=heading,
                asked=asked,
                texts=tuple(_rationale(item, self._vocabulary)),
            )
            for item, heading, asked in zip(self._case.items, self._headings, self._asked, strict=False)
        )
        found = [self._of_item(item) for item in items]
        return _in_order(self._found(self._audit.model_copy(update={"items": items}), found))

    def of_draft(self, draft: ItemDraft) -> tuple[Finding, ...]:
        """What is found on one draft by itself; nothing where the case has no such item."""
        checked = self._checked(draft)
        return _in_order(one for found in checked.found.values() for one in found) if checked else ()

    def of_drafts(self, drafts: Sequence[ItemDraft]) -> tuple[Finding, ...]:
        """Every finding on the drafts of the case, the one on the other and on the case included."""
        by_number = {draft.item: draft for draft in drafts}
        ordered = [by_number[item.number] for item in self._case.items if item.number in by_number]
        checked = [one for draft in ordered if (one := self._checked(draft))]
        audited = tuple(one.audited for one in checked)
        audit = self._audit.model_copy(update={"items": audited, "drafts": tuple(drafts)})
        return _in_order(self._found(audit, [one.found for one in checked]))

    def _checked(self, draft: ItemDraft) -> _CheckedDraft | None:
        kept = self._kept.get(draft.item)
        if kept is not None and kept.is_of(draft):
            return kept
        place = next((n for n, item in enumerate(self._case.items) if item.number == draft.item), None)
        if place is None:
            return None
        item = self._case.items[place]
        audited = AuditedItem(
            item=item.model_copy(update={"determination": draft.determination}),
            heading=self._headings[place],
            asked=self._asked[place],
            texts=self._statements(draft),
            draft=draft,
        )
        self._kept[draft.item] = checked = _CheckedDraft(audited, self._of_item(audited))
        return checked

    def _statements(self, draft: ItemDraft) -> tuple[AuditedText, ...]:
        known = self._sentences.get(draft.item)
        if known is None or known.retrieved is not draft.retrieved:
            self._sentences[draft.item] = known = _Sentences(draft.retrieved, self._vocabulary)
        return tuple(known.audited(number, statement) for number, statement in enumerate(draft.statements))

    def _of_item(self, item: AuditedItem) -> Mapping[str, list[Finding]]:
        """The findings on one item by itself, by check."""
        found: dict[str, list[Finding]] = {}
        for check in CHECKS:
            if check.of_item is not None:
                severity = (check.in_drafts if item.draft is not None else None) or check.severity
                remarks = check.of_item(self._audit, item)
                found[check.id] = [remark.finding(check=check.id, severity=severity) for remark in remarks]
        return found

    def _found(self, audit: Audit, of_items: Sequence[Mapping[str, list[Finding]]]) -> Iterator[Finding]:
        """The findings in the order of the table, those on the case before those on its items."""
        for check in CHECKS:
            if check.of_given:
                yield from self._of_given[check.id]
            elif check.of_case is not None:
                yield from _of_case(check, check.of_case, audit)
            for found in of_items:
                yield from found.get(check.id, ())

    @cached_property
    def _of_given(self) -> Mapping[str, tuple[Finding, ...]]:
        """The findings on the case as it was given, by check."""
        return {
            check.id: tuple(_of_case(check, check.of_case, self._audit))
            for check in CHECKS
            if check.of_given and check.of_case is not None
        }


def _of_case(check: Check, look: OfCase, audit: Audit) -> Iterator[Finding]:
    yield from (remark.finding(check=check.id, severity=check.severity) for remark in look(audit))


class _CheckedDraft(NamedTuple):
    audited: AuditedItem
    found: Mapping[str, list[Finding]]

    def is_of(self, draft: ItemDraft) -> bool:
        """Whether the draft is the one that was checked, as far as any check looks at it."""
        own = self.audited.draft
        return own is not None and all(
            getattr(own, name) is getattr(draft, name) for name in ItemDraft.model_fields if name not in _UNCHECKED
        )


class _Sentences:
    """The sentences of one item's drafts as read, as long as they are drafted from the same passages."""

    def __init__(self, retrieved: tuple[RetrievedPassage, ...], vocabulary: Vocabulary) -> None:
        self.retrieved = retrieved
        self._passages = [one.passage for one in retrieved]
        self._vocabulary = vocabulary
        self._read = lru_cache(maxsize=SENTENCES_KEPT)(self._read_anew)

    def audited(self, number: int, statement: Statement) -> AuditedText:
        reading, spoken = self._read(statement)
        field = f"statements.{number}"
        return AuditedText(field=field, text=statement.text, reading=reading, spoken=spoken, statement=statement)

    def _read_anew(self, statement: Statement) -> tuple[Reading, tuple[SpokenOf, ...]]:
        claims = without_proven_words(statement, passages=self._passages)
        reading = read(claims, vocabulary=self._vocabulary, voice="record")
        return reading, roles(reading.sentences, statement)


_UNCHECKED = frozenset({"findings", "calls"})


def read_record(case: Case, *, vocabulary: Vocabulary) -> tuple[ReadField, ...]:
    """Every text of the record with its reading."""
    return tuple(ReadField(source=f, reading=read(f.text, vocabulary=vocabulary)) for f in case.record_fields())


def _rationale(item: DisputedItem, vocabulary: Vocabulary) -> Iterator[AuditedText]:
    if item.rationale:
        yield _audited(RATIONALE, item.rationale, vocabulary)


def _audited(field: str, text: str, vocabulary: Vocabulary) -> AuditedText:
    reading = read(text, vocabulary=vocabulary, voice="record")
    return AuditedText(field=field, text=text, reading=reading, spoken=roles(reading.sentences, None))


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(_said_once(findings), key=_place))


def _said_once(findings: Iterable[Finding]) -> Iterator[Finding]:
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
