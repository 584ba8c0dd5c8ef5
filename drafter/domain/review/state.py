"""What the events of one case add up to.

`advance` takes a state and the next event and gives the next state: pure, total over every event, and the only place
where an event's meaning for a case is written down. Desk, queue, approval and audit all read this one state, so that no
two of them can disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from drafter.domain.case import Case, Determination
from drafter.domain.draft import Finding, ItemDraft
from drafter.domain.model import DomainModel
from drafter.domain.review.answers import Answer, AnswerKind, is_open
from drafter.domain.review.due import Pace
from drafter.domain.review.events import (
    AmendmentOpened,
    Approved,
    CaseAssigned,
    CaseOpened,
    ConflictDeclared,
    ContestCountersigned,
    Drafted,
    DraftRestsOn,
    Drill,
    DrillEnded,
    Event,
    FindingContested,
    FindingWaived,
    GoverningDateChosen,
    Purged,
    ReviewedSentence,
    Revised,
)

Status = Literal["new", "drafted", "in-review", "approved", "amending", "purged", "drill-ended"]


class ItemState(DomainModel):
    """One disputed item under review. `revision` is the entry of its present text: a draft's or a revision's."""

    number: int
    draft: ItemDraft | None = None
    draft_seq: int | None = None
    rests_on: DraftRestsOn | None = None
    determination: Determination | None = None
    sentences: tuple[ReviewedSentence, ...] = ()
    findings: tuple[Finding, ...] = ()
    answers: tuple[Answer, ...] = ()
    pinned: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    revision: int | None = None
    author: str | None = None
    edited: bool = False

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if is_open(finding, self.answers))

    @property
    def rationale(self) -> str:
        return " ".join(sentence.statement.text for sentence in self.sentences)


class Approval(DomainModel):
    """A signed state of the case: the entry that signed it, who, when, and the text's fingerprint."""

    seq: int
    by: str
    at: datetime
    fingerprint: str


class CaseState(DomainModel):
    """The case as it stands after its entry `head`."""

    case_id: str
    case: Case
    source_name: str
    source_sha256: str
    received: date
    pace: Pace
    due: date
    assigned_to: str | None = None
    conflict_clear: bool | None = None
    governing: date | None = None
    items: tuple[ItemState, ...]
    approvals: tuple[Approval, ...] = ()
    amending: str | None = None
    purged: bool = False
    drill: Drill | None = None
    drill_found: bool | None = None
    head: int
    updated: datetime

    @property
    def status(self) -> Status:
        if self.purged:
            return "purged"
        if self.drill_found is not None:
            return "drill-ended"
        if self.approvals:
            return "amending" if self.amending else "approved"
        if any(item.edited or item.determination for item in self.items):
            return "in-review"
        return "drafted" if any(item.draft for item in self.items) else "new"

    @property
    def locked(self) -> bool:
        """Signed text does not change; an amendment unlocks it."""
        return self.status in ("approved", "purged", "drill-ended")

    def item(self, number: int) -> ItemState:
        """Raises KeyError where the case has no such item."""
        for item in self.items:
            if item.number == number:
                return item
        raise KeyError(number)


class Happened(DomainModel):
    """An event with what the store knows of it."""

    seq: int
    at: datetime
    actor: str
    case_id: str | None
    event: Event


def advance(state: CaseState | None, happened: Happened) -> CaseState:
    """The state after `happened`. Raises ValueError where a case's first event does not open it."""
    event = happened.event
    if state is None:
        if not isinstance(event, CaseOpened) or happened.case_id is None:
            raise ValueError("the first event of a case opens it")
        return _opened(event, happened, happened.case_id)
    moved = {"head": happened.seq, "updated": happened.at}
    return state.model_copy(update={**moved, **_changes(state, event, happened)})


def state_of(history: Iterable[Happened]) -> CaseState | None:
    """The state after every event of one case, None for none."""
    state: CaseState | None = None
    for happened in history:
        state = advance(state, happened)
    return state


def _opened(event: CaseOpened, happened: Happened, case_id: str) -> CaseState:
    return CaseState(
        case_id=case_id,
        case=event.case,
        source_name=event.source_name,
        source_sha256=event.source_sha256,
        received=event.received,
        pace=event.pace,
        due=event.due,
        drill=event.drill,
        items=tuple(ItemState(number=item.number) for item in event.case.items),
        head=happened.seq,
        updated=happened.at,
    )


def _changes(state: CaseState, event: Event, happened: Happened) -> dict[str, object]:
    match event:
        case Drafted():
            return {"items": _with_drafts(state, event, happened)}
        case Revised():
            return {"items": _with_revision(state, event, happened)}
        case FindingWaived() | FindingContested() | ContestCountersigned():
            return {"items": _with_answer(state, event, happened)}
        case _:
            return _of_the_case(state, event, happened)


def _of_the_case(state: CaseState, event: Event, happened: Happened) -> dict[str, object]:
    """What an event changes about the case as a whole; nothing where it is about something beside it."""
    match event:
        case CaseAssigned():
            return {"assigned_to": event.account_id, "conflict_clear": None}
        case ConflictDeclared():
            return {"conflict_clear": event.clear}
        case GoverningDateChosen():
            return {"governing": event.day}
        case Approved():
            approval = Approval(seq=happened.seq, by=happened.actor, at=happened.at, fingerprint=event.fingerprint)
            return {"approvals": (*state.approvals, approval), "amending": None}
        case AmendmentOpened():
            return {"amending": event.reason}
        case DrillEnded():
            return {"drill_found": event.found}
        case Purged():
            return {"purged": True}
        case _:
            return {}


def _with_drafts(state: CaseState, event: Drafted, happened: Happened) -> tuple[ItemState, ...]:
    """A new draft replaces a text that nobody edited; an edited text stays, the draft beside it."""
    drafts = {draft.item: draft for draft in event.drafts}
    return tuple(
        _drafted(item, drafts[item.number], event, happened) if item.number in drafts else item for item in state.items
    )


def _drafted(item: ItemState, draft: ItemDraft, event: Drafted, happened: Happened) -> ItemState:
    beside = item.model_copy(update={"draft": draft, "draft_seq": happened.seq, "rests_on": event.rests_on})
    if item.edited:
        return beside
    sentences = tuple(
        ReviewedSentence(statement=statement, origin=number, draft_seq=happened.seq)
        for number, statement in enumerate(draft.statements)
    )
    return beside.model_copy(
        update={
            "determination": draft.determination,
            "sentences": sentences,
            "findings": draft.findings,
            "revision": happened.seq,
            "author": happened.actor,
        }
    )


def _with_revision(state: CaseState, event: Revised, happened: Happened) -> tuple[ItemState, ...]:
    before = state.item(event.item)
    turned = before.determination != event.determination
    main_of = {item.number: item.depends_on for item in state.case.items}
    return tuple(
        _revised(item, event, happened)
        if item.number == event.item
        else item.model_copy(update={"determination": None})
        if turned and main_of.get(item.number) == event.item
        else item
        for item in state.items
    )


def _revised(item: ItemState, event: Revised, happened: Happened) -> ItemState:
    return item.model_copy(
        update={
            "determination": event.determination,
            "sentences": event.sentences,
            "findings": event.findings,
            "pinned": event.pinned,
            "dropped": event.dropped,
            "revision": happened.seq,
            "author": happened.actor,
            "edited": item.edited or not _as_drafted(item, event),
        }
    )


def _as_drafted(item: ItemState, event: Revised) -> bool:
    """Whether the text is still the draft's, word for word."""
    drafted = item.draft.statements if item.draft else ()
    return tuple(sentence.statement for sentence in event.sentences) == drafted


_KINDS: dict[str, AnswerKind] = {
    "finding-waived": "waived",
    "finding-contested": "contested",
    "contest-countersigned": "countersigned",
}


def _with_answer(
    state: CaseState, event: FindingWaived | FindingContested | ContestCountersigned, happened: Happened
) -> tuple[ItemState, ...]:
    """A finding on the whole case (item None) stands under the first item, as the checks place it."""
    answer = Answer(
        kind=_KINDS[event.action],
        finding_key=event.finding_key,
        by=happened.actor,
        reason=event.reason,
        seq=happened.seq,
    )
    number = event.item if event.item is not None else state.items[0].number
    return tuple(
        item.model_copy(update={"answers": (*item.answers, answer)}) if item.number == number else item
        for item in state.items
    )
