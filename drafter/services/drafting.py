"""Draft a case: read the record once, then for each disputed item retrieve, write, check.

The order of steps is this file. The case is stripped of the reviewer's own text before anything else sees it, and the
determination is only ever what the caller passes in. While some items wait for their model, others are prepared and
checked: there are more writers than a model takes at once, and only the asking is counted (`Server.at_once`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date
from typing import NamedTuple

from drafter.domain.case import Case, Determination, DisputedItem
from drafter.domain.checks.run import CaseChecks, read_record
from drafter.domain.draft import Finding, ItemDraft
from drafter.domain.drafting.brief import ItemBrief, ReadField, Reply
from drafter.domain.drafting.lower_rung import Subject, kept
from drafter.domain.query import item_query
from drafter.domain.reading.read import read
from drafter.errors import UnknownItem
from drafter.ports import RationaleModel, RepairingModel, Retriever
from drafter.services.formulary import formulary_fact
from guideline_corpus.model import Edition, Passage, RetrievedPassage
from guideline_corpus.vocabulary import Vocabulary

RETRIEVED = 8
WRITERS_A_CALL = 2  # one that waits for the model, one that prepares or checks


class Guidance(NamedTuple):
    """What the citations of a draft are held against."""

    editions: Sequence[Edition]
    passages: Sequence[Passage]


def draft_case(
    case: Case,
    *,
    retriever: Retriever,
    model: RationaleModel,
    vocabulary: Vocabulary,
    determinations: Mapping[int, Determination] | None = None,
    items: Sequence[int] = (),
    as_of: date | None = None,
    checks: CaseChecks | None = None,
    at_once: int = 1,
) -> Iterator[ItemDraft]:
    """One draft for each disputed item, in the case's order; only `items` where given.

    With `checks` (`checks_of` this case) a model that can be told is told its blockers once; `with_findings` adds what
    they find to the drafts. `at_once` items are asked for side by side.

    Raises UnknownItem where `items` or `determinations` names a number that the case does not have.
    """
    chosen = dict(determinations or {})
    check_numbers(case, [*items, *chosen])
    case = case.without_reviewer_text()
    record = checks.record if checks else read_record(case, vocabulary=vocabulary)
    governing = governing_date(case, as_of=as_of)
    asked = [item for item in case.items if not items or item.number in items]
    briefs = (
        _brief(case, item, record=record, retriever=retriever, vocabulary=vocabulary, chosen=chosen, as_of=governing)
        for item in asked
    )
    if min(at_once, len(asked)) <= 1:
        yield from (_written(brief, model=model, checks=checks) for brief in briefs)
        return
    with ThreadPoolExecutor(max_workers=at_once * WRITERS_A_CALL) as writers:
        # Each writer goes on in the caller's context, which is where a trace keeps its place.
        here = ((copy_context(), brief) for brief in briefs)
        yield from writers.map(lambda one: one[0].run(_written, one[1], model=model, checks=checks), here)


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


def _written(brief: ItemBrief, *, model: RationaleModel, checks: CaseChecks | None) -> ItemDraft:
    """The draft of one item; where a model's reply does not hold, the better of two."""
    reply = model.write(brief)
    first = _draft(brief, reply)
    if checks is None or not reply.raw or not isinstance(model, RepairingModel):
        return first
    faults = _faults(reply, checks.of_draft(first))
    again = model.repair(brief, reply, faults) if faults else None
    if again is None:
        return first
    calls = (*reply.calls, *again.calls)
    second = _draft(brief, again).model_copy(update={"calls": calls})
    if not again.raw:
        return first.model_copy(update={"calls": calls, "findings": (*first.findings, *_blockers(again.findings))})
    left = _faults(again, checks.of_draft(second))
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
        retrieved=(*brief.passages, *_rules_found(brief)),
        findings=reply.findings,
        calls=reply.calls,
    )


def _rules_found(brief: ItemBrief) -> Iterator[RetrievedPassage]:
    """The formulary's rules, found by their heading and not by the request: behind every passage that was ranked."""
    held = {retrieved.passage.passage_id for retrieved in brief.passages}
    rules = brief.formulary.rules.values() if brief.formulary else ()
    new = {rule.passage_id: rule for rule in rules if rule.passage_id not in held}
    for rank, rule in enumerate(new.values(), start=len(brief.passages) + 1):
        yield RetrievedPassage(rank=rank, score=0.0, passage=rule)


def checks_of(
    case: Case,
    guidance: Guidance,
    *,
    vocabulary: Vocabulary,
    items: Sequence[int] = (),
    record: Sequence[ReadField] | None = None,
) -> CaseChecks:
    """The checks of the drafts of `items`, of all where none is named.

    Only those are checked: a reviewer who asks for one item is not told that others are missing. `record` saves reading
    the record again where the caller has read it.
    """
    case = case.without_reviewer_text()
    asked = tuple(item for item in case.items if not items or item.number in items)
    mains = {item.depends_on for item in asked} - {item.number for item in asked}
    return CaseChecks(
        case.model_copy(update={"items": asked}),
        vocabulary=vocabulary,
        editions=guidance.editions,
        passages=guidance.passages,
        record=record,
        main_items=[item for item in case.items if item.number in mains],
    )


def with_findings(checks: CaseChecks, drafts: Sequence[ItemDraft]) -> Iterator[ItemDraft]:
    """The drafts with the findings of every check added to their own, blockers first."""
    found = checks.of_drafts(drafts)
    for draft in drafts:
        own = [finding for finding in found if finding.item in (draft.item, None)]
        yield draft.model_copy(update={"findings": _by_severity([*draft.findings, *own])})


def _by_severity(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    order = {"blocker": 0, "warning": 1, "note": 2}
    return tuple(sorted(findings, key=lambda finding: order[finding.severity]))
