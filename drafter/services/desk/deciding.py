"""The outcome of an item is the reviewer's act. It is never preselected, suggested or implied; what it does to the
text is plain: a text that nobody edited is drafted anew for it, an edited one keeps its words and gets the verdict
sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from drafter.domain.case import Determination
from drafter.domain.draft import ItemDraft
from drafter.domain.review.audit import Entry
from drafter.domain.review.events import Drafted, ReviewedSentence
from drafter.domain.review.people import Account
from drafter.domain.review.state import CaseState, ItemState
from drafter.errors import CaseMoved, NotAllowed
from drafter.ports import RecordStore
from drafter.services.desk.editing import MOST_TRIES, Saved, concerns, refuse_locked, revision
from drafter.services.desk.journal import case_state, item_state, known_request, record
from drafter.services.desk.pins import Pins
from drafter.services.desk.workbench import Workbench
from drafter.services.drafting import governing_date


def decide(
    case_id: str,
    number: int,
    determination: Determination | None,
    *,
    store: RecordStore,
    workbench: Workbench,
    by: Account,
    request_id: str,
    redraft: bool = True,
) -> Saved:
    """Sets the outcome of an item, or takes it back with None. Without `redraft` the caller drafts it anew, later.

    Raises UnknownCase, UnknownItem, LetterLocked, CaseMoved and the store's faults.
    """
    state = case_state(store, case_id)
    under = item_state(state, number)
    refuse_locked(state)
    sentences = _with_verdict(state, under, determination, workbench)
    event = revision(state, under, sentences, determination=determination, workbench=workbench)
    entry = record(store, event, actor=by.account_id, case_id=case_id, request_id=request_id, head=state.head)
    state = case_state(store, case_id)
    if not redraft or keeps_its_words(state, under):
        return Saved(revision=entry.seq, state=state)
    return draft_items(
        case_id,
        items=(number,),
        store=store,
        workbench=workbench,
        by=by,
        request_id=f"{request_id} draft",
    )


def draft_items(
    case_id: str,
    *,
    items: tuple[int, ...],
    store: RecordStore,
    workbench: Workbench,
    by: Account,
    request_id: str,
) -> Saved:
    """Drafts items anew (all where empty) for the outcomes chosen so far. Edited text stays, the draft beside it.

    A draft may take minutes, in which its reviewer goes on. What she writes meanwhile stays; where she chooses another
    outcome, day or passage for it, the draft is made again.

    Raises UnknownCase, UnknownItem, LetterLocked, the model's and the store's faults; CaseMoved where the case was
    given to somebody else meanwhile, or its choices change again and again.
    """
    for _ in range(MOST_TRIES):
        state = case_state(store, case_id)
        refuse_locked(state)
        for number in items:
            item_state(state, number)
        event = Drafted(drafts=_drafts(state, items, workbench), rests_on=workbench.rests_on)
        if made := _recorded(event, state, store=store, by=by, request_id=request_id):
            return Saved(revision=made.seq, state=case_state(store, case_id))
    moved = "The case changed again and again while it was drafted; draft it once more."
    raise CaseMoved(moved, case_id=case_id, head=state.head)


def _recorded(
    event: Drafted, drafted_from: CaseState, *, store: RecordStore, by: Account, request_id: str
) -> Entry | None:
    """The entry of the drafts, behind whatever came meanwhile; None where they answer choices that were changed.

    A text that was edited meanwhile keeps its words, for that is what `Drafted` means to an edited item.
    """
    now = drafted_from
    for tries_left in reversed(range(MOST_TRIES)):
        try:
            return record(store, event, actor=by.account_id, case_id=now.case_id, request_id=request_id, head=now.head)
        except CaseMoved:
            now = case_state(store, now.case_id)
            refuse_locked(now)
            if now.assigned_to != drafted_from.assigned_to or not tries_left:
                raise
            numbers = [draft.item for draft in event.drafts]
            if _choices(now, numbers) != _choices(drafted_from, numbers):
                return None
    raise AssertionError("the last try returns or raises")


def _choices(state: CaseState, numbers: Sequence[int]) -> object:
    """What the drafts of these items answer: their outcomes and passages, those of their main items, and the day."""
    mains = {item.number: item.depends_on for item in state.case.items}
    told = {number for one in numbers for number in (one, mains.get(one)) if number is not None}
    items = [(item.number, item.determination, item.pinned, item.dropped) for item in state.items]
    return governing(state), [one for one in items if one[0] in told]


def _drafts(state: CaseState, items: tuple[int, ...], workbench: Workbench) -> tuple[ItemDraft, ...]:
    drafts = workbench.draft(
        state.case,
        determinations=_chosen(state),
        items=items,
        as_of=governing(state),
        pins={item.number: Pins(pinned=item.pinned, dropped=item.dropped) for item in state.items},
    )
    return tuple(
        draft.model_copy(update={"findings": tuple(f for f in draft.findings if concerns(f, draft.item, state))})
        for draft in drafts
    )


def use_draft(
    case_id: str,
    number: int,
    *,
    parent: int | None,
    store: RecordStore,
    workbench: Workbench,
    by: Account,
    request_id: str,
) -> Saved:
    """The newest draft in place of the edited text, which stays in the history.

    Raises NotAllowed where there is no draft, CaseMoved where the text has moved since.
    """
    state = case_state(store, case_id)
    under = item_state(state, number)
    refuse_locked(state)
    if under.draft is None or under.draft_seq is None:
        raise NotAllowed("There is no draft of this item; draft it first.")
    if under.revision != parent:
        if made := known_request(store, case_id, request_id, by=by.account_id):
            return Saved(revision=made.seq, state=state)
        raise CaseMoved("The text has changed since you opened the page.", case_id=case_id, head=state.head)
    sentences = tuple(
        ReviewedSentence(statement=statement, origin=place, draft_seq=under.draft_seq)
        for place, statement in enumerate(under.draft.statements)
    )
    event = revision(state, under, sentences, determination=under.draft.determination, workbench=workbench)
    entry = record(store, event, actor=by.account_id, case_id=case_id, request_id=request_id, head=state.head)
    return Saved(revision=entry.seq, state=case_state(store, case_id))


def governing(state: CaseState) -> date | None:
    """The day whose editions govern: what the reviewer chose, else UR denial, else RFA."""
    return state.governing or governing_date(state.case, as_of=None)


def _chosen(state: CaseState) -> Mapping[int, Determination]:
    return {item.number: item.determination for item in state.items if item.determination is not None}


def _with_verdict(
    state: CaseState, under: ItemState, determination: Determination | None, workbench: Workbench
) -> tuple[ReviewedSentence, ...]:
    """The text with the verdict sentence of this outcome at its end, or without any."""
    rest = tuple(sentence for sentence in under.sentences if sentence.statement.kind != "conclusion")
    if determination is None or not keeps_its_words(state, under):
        return rest if determination is None else under.sentences
    item = next(item for item in state.case.items if item.number == under.number)
    return (*rest, ReviewedSentence(statement=workbench.conclusion(item, determination)))


def keeps_its_words(state: CaseState, under: ItemState) -> bool:
    """Whether the text is somebody's own and is not drafted anew for an outcome. A drill's text is what was planted."""
    return under.draft is None or under.edited or state.drill is not None
