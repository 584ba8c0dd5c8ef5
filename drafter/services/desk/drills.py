"""Drills for vigilance: a signed letter with one sentence made wrong, given to a reviewer as if it were a case.

A drill is never signed: its approval ends it, tells the reader what was planted, and records whether she had found it.
It has a case number of its own, so that nobody mistakes it for the worker's case.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from drafter.domain.draft import ItemDraft
from drafter.domain.model import DomainModel
from drafter.domain.review.audit import Entry
from drafter.domain.review.events import (
    CaseAssigned,
    CaseOpened,
    Drafted,
    Drill,
    DrillEnded,
)
from drafter.domain.review.people import Account
from drafter.domain.review.state import CaseState
from drafter.errors import NotAllowed
from drafter.ports import Clock, RecordStore
from drafter.services.desk.journal import case_state, item_state, record
from drafter.services.desk.second_reading import Range
from drafter.services.desk.workbench import Workbench


class DrillTally(DomainModel):
    """Drills laid, ended and found; the share found with Wilson's interval."""

    laid: int
    ended: int
    found: int
    share: Range


def lay_drill(
    case_id: str,
    *,
    item: int,
    place: int,
    planted: str,
    to: Account,
    store: RecordStore,
    workbench: Workbench,
    clock: Clock,
    by: Account,
    request_id: str,
) -> str:
    """Opens the drill and assigns it; gives its case id. Raises NotAllowed where it cannot be one."""
    signed = case_state(store, case_id)
    if signed.status != "approved" or signed.drill is not None:
        raise NotAllowed("A drill is made of a signed letter.")
    if not (to.active and to.has("reviewer")) or to.account_id == signed.assigned_to:
        raise NotAllowed("Give the drill to an active reviewer who did not sign this letter.")
    under = item_state(signed, item)
    if not 0 <= place < len(under.sentences):
        raise NotAllowed("There is no such sentence in the letter.")
    was = under.sentences[place].statement.text
    planted = " ".join(planted.split())
    if not planted or planted == was:
        raise NotAllowed("Change the sentence; as it is, there is nothing to find.")
    drill = Drill(of_case=case_id, item=item, place=place, was=was, planted=planted)
    return _laid(signed, drill, to=to, store=store, workbench=workbench, clock=clock, by=by, request_id=request_id)


def _laid(
    signed: CaseState,
    drill: Drill,
    *,
    to: Account,
    store: RecordStore,
    workbench: Workbench,
    clock: Clock,
    by: Account,
    request_id: str,
) -> str:
    digest = hashlib.sha256(f"{signed.case_id} {drill.item} {drill.planted} {request_id}".encode()).hexdigest()
    drill_id, today = digest[:16], clock.today()
    number = f"CM00-{int(digest[:10], 16) % 10_000_000:07d}"
    opened = CaseOpened(
        case=signed.case.model_copy(update={"case_number": number}),
        source_name=signed.source_name,
        source_sha256=digest,
        received=today,
        pace=signed.pace,
        due=today + (signed.due - signed.received),
        drill=drill,
    )
    # What the signed draft rested on: a name of its own would tell the reader that this is a drill.
    rests_on = next((item.rests_on for item in signed.items if item.rests_on), workbench.rests_on)
    drafted = Drafted(drafts=tuple(_drafts(signed, drill, workbench)), rests_on=rests_on)
    assigned = CaseAssigned(account_id=to.account_id)
    for name, event in (("open", opened), ("draft", drafted), ("assign", assigned)):
        record(store, event, actor=by.account_id, case_id=drill_id, request_id=f"{request_id} {name}")
    return drill_id


def _drafts(signed: CaseState, drill: Drill, workbench: Workbench) -> Iterator[ItemDraft]:
    """The signed text as drafts, one sentence of it planted; no outcome, no verdict sentence."""
    for under in signed.items:
        if under.draft is None:
            continue
        statements = [sentence.statement for sentence in under.sentences]
        if under.number == drill.item:
            statements[drill.place] = statements[drill.place].model_copy(update={"text": drill.planted})
        kept = tuple(statement for statement in statements if statement.kind != "conclusion")
        draft = under.draft.model_copy(update={"statements": kept, "determination": None, "findings": ()})
        findings = workbench.findings(signed.case, [draft])
        yield draft.model_copy(update={"findings": tuple(f for f in findings if f.item == under.number)})


def end_drill(state: CaseState, *, store: RecordStore, by: Account, request_id: str) -> Entry:
    """Ends a drill that its reader approved, with the word whether she had found what was planted."""
    drill = state.drill
    if drill is None:
        raise NotAllowed("This case is no drill.")
    under = item_state(state, drill.item)
    found = all(sentence.statement.text != drill.planted for sentence in under.sentences)
    event = DrillEnded(found=found, answered=bool(under.answers))
    return record(store, event, actor=by.account_id, case_id=state.case_id, request_id=request_id, head=state.head)


def drill_tally(store: RecordStore) -> DrillTally:
    from scipy.stats import binomtest

    laid = sum(
        isinstance(happened.event, CaseOpened) and happened.event.drill is not None
        for happened in store.history(actions=("case-opened",))
    )
    ends = [h.event for h in store.history(actions=("drill-ended",)) if isinstance(h.event, DrillEnded)]
    found = sum(end.found for end in ends)
    if not ends:
        return DrillTally(laid=laid, ended=0, found=0, share=Range(value=None))
    wilson = binomtest(found, len(ends)).proportion_ci(method="wilson")
    share = Range(value=found / len(ends), low=wilson.low, high=wilson.high)
    return DrillTally(laid=laid, ended=len(ends), found=found, share=share)
