"""Draft a case: read the record once, then for each disputed item retrieve, write, check.

The order of steps is this file. The case is stripped of the reviewer's own text before anything else sees it, and the
determination is only ever what the caller passes in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from drafter.domain.case import Case, Determination, DisputedItem
from drafter.domain.checks.run import run_checks
from drafter.domain.draft import Finding, ItemDraft
from drafter.domain.drafting.brief import ItemBrief, ReadField, Reply
from drafter.domain.drafting.lower_rung import Subject, kept
from drafter.domain.query import item_query
from drafter.domain.reading.read import read
from drafter.errors import UnknownItem
from drafter.ports import RationaleModel, RepairingModel, Retriever
from drafter.services.formulary import formulary_fact
from guideline_corpus.model import Edition, Passage
from guideline_corpus.vocabulary import Vocabulary

RETRIEVED = 8
Check = Callable[[ItemBrief, ItemDraft], Sequence[Finding]]


def draft_case(
    case: Case,
    *,
    retriever: Retriever,
    model: RationaleModel,
    vocabulary: Vocabulary,
    determinations: Mapping[int, Determination] | None = None,
    items: Sequence[int] = (),
    as_of: date | None = None,
    check: Check | None = None,
    at_once: int = 1,
) -> Iterator[ItemDraft]:
    """One draft for each disputed item, in the case's order; only `items` where given.

    `check` finds what does not hold about one draft; a model that can be told is told its blockers once. `at_once`
    items are written side by side.

    Raises UnknownItem where `items` or `determinations` names a number that the case does not have.
    """
    chosen = dict(determinations or {})
    check_numbers(case, [*items, *chosen])
    case = case.without_reviewer_text()
    record = tuple(ReadField(source=f, reading=read(f.text, vocabulary=vocabulary)) for f in case.record_fields())
    governing = governing_date(case, as_of=as_of)
    briefs = (
        _brief(case, item, record=record, retriever=retriever, vocabulary=vocabulary, chosen=chosen, as_of=governing)
        for item in case.items
        if not items or item.number in items
    )
    if at_once == 1:
        yield from (_written(brief, model=model, check=check) for brief in briefs)
        return
    with ThreadPoolExecutor(max_workers=at_once) as writers:
        yield from writers.map(lambda brief: _written(brief, model=model, check=check), list(briefs))


def governing_date(case: Case, *, as_of: date | None) -> date | None:
    """The day whose editions govern: the UR denial, else the RFA, else the day given."""
    return case.dates.ur_denial or case.dates.rfa or as_of


def check_numbers(case: Case, numbers: Sequence[int]) -> None:
    """Raises UnknownItem where the case has no item of one of these numbers."""
    known = [item.number for item in case.items]
    for number in numbers:
        if number not in known:
            held = f"items {known[0]} to {known[-1]}" if known else "no items"
            raise UnknownItem(f"Item {number} is not in the case, which has {held}; correct the number.")


def _brief(
    case: Case,
    item: DisputedItem,
    *,
    record: tuple[ReadField, ...],
    retriever: Retriever,
    vocabulary: Vocabulary,
    chosen: Mapping[int, Determination],
    as_of: date | None,
) -> ItemBrief:
    query = item_query(case, item, vocabulary=vocabulary)
    found = retriever.search(query, as_of=as_of, limit=RETRIEVED)
    reading = read(item.treatment, vocabulary=vocabulary)
    subject = Subject.of(item.treatment, reading, vocabulary=vocabulary)
    passages = kept(found.results, subject, vocabulary=vocabulary)
    main = next((other for other in case.items if other.number == item.depends_on), None)
    return ItemBrief(
        case=case,
        item=item,
        item_reading=reading,
        record=record,
        passages=passages,
        addressed=found.addressed and passages[:1] == found.results[:1],
        as_of=as_of,
        determination=chosen.get(item.number),
        main_item=main,
        main_determination=chosen.get(main.number) if main else None,
        formulary=formulary_fact(item, reading, governing=as_of, retriever=retriever, vocabulary=vocabulary),
    )


def _written(brief: ItemBrief, *, model: RationaleModel, check: Check | None) -> ItemDraft:
    """The draft of one item; where a model's reply does not hold, the better of two."""
    reply = model.write(brief)
    first = _draft(brief, reply)
    if check is None or not reply.raw or not isinstance(model, RepairingModel):
        return first
    faults = _faults(reply, check(brief, first))
    again = model.repair(brief, reply, faults) if faults else None
    if again is None:
        return first
    calls = (*reply.calls, *again.calls)
    second = _draft(brief, again).model_copy(update={"calls": calls})
    if not again.raw:
        return first.model_copy(update={"calls": calls, "findings": (*first.findings, *_blockers(again.findings))})
    left = _faults(again, check(brief, second))
    better = bool(second.statements) >= bool(first.statements) and len(left) <= len(faults)
    return second if better else first.model_copy(update={"calls": calls})


def _faults(reply: Reply, findings: Sequence[Finding]) -> list[Finding]:
    """The blockers that a model can mend: those of its reply and its sentences, not those of the case."""
    own = [finding for finding in findings if (finding.field or "").startswith("statements.")]
    return _blockers([*reply.findings, *own])


def _blockers(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "blocker"]


def _draft(brief: ItemBrief, reply: Reply) -> ItemDraft:
    top = brief.passages[0].passage if brief.addressed and brief.passages else None
    return ItemDraft(
        item=brief.item.number,
        treatment=brief.item.treatment,
        determination=brief.determination,
        addressed=brief.addressed,
        rung=top.rung if top else None,
        record_scope=brief.case.record_scope,
        criteria=reply.criteria,
        statements=reply.statements,
        retrieved=brief.passages,
        findings=reply.findings,
        calls=reply.calls,
    )


def checked(
    case: Case,
    drafts: Sequence[ItemDraft],
    *,
    vocabulary: Vocabulary,
    editions: Sequence[Edition],
    passages: Sequence[Passage],
    record: Sequence[ReadField] | None = None,
) -> Iterator[ItemDraft]:
    """The drafts with the findings of every check added to their own, blockers first.

    `record` saves reading the record again where the caller has read it.

    Only the items that were drafted are checked: a reviewer who asks for one item is not told that others are missing.
    """
    numbers = {draft.item for draft in drafts}
    stripped = case.without_reviewer_text()
    asked = stripped.model_copy(update={"items": tuple(item for item in stripped.items if item.number in numbers)})
    mains = {item.depends_on for item in asked.items} - numbers
    found = run_checks(
        asked,
        vocabulary=vocabulary,
        drafts=drafts,
        editions=editions,
        passages=passages,
        record=record,
        main_items=[item for item in stripped.items if item.number in mains],
    )
    for draft in drafts:
        own = [finding for finding in found if finding.item in (draft.item, None)]
        yield draft.model_copy(update={"findings": _by_severity([*draft.findings, *own])})


def _by_severity(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    order = {"blocker": 0, "warning": 1, "note": 2}
    return tuple(sorted(findings, key=lambda finding: order[finding.severity]))
