"""The signature. It binds to the fingerprint of the text that the reviewer had on her screen, after every check was run
once more on the whole letter; if a character moved, a check finds something new, or an item is undecided, it is
refused and the page shows why (tests/unit/test_desk_approving.py)."""

from __future__ import annotations

import hmac
from datetime import date

from drafter.domain.model import DomainModel
from drafter.domain.review.events import AmendmentOpened, Approved
from drafter.domain.review.letter import Letter, fingerprint
from drafter.domain.review.lettering import letter_of
from drafter.domain.review.obstacles import Obstacle, obstacles
from drafter.domain.review.people import Account
from drafter.domain.review.state import CaseState
from drafter.errors import ApprovalRefused, NotAllowed
from drafter.ports import RecordStore
from drafter.services.desk.answering import SHORTEST_REASON
from drafter.services.desk.drills import end_drill
from drafter.services.desk.editing import findings_on
from drafter.services.desk.journal import case_state, known_request, record
from drafter.services.desk.workbench import Workbench


class Proof(DomainModel):
    """What the approval page shows: the letter, its fingerprint, and what is in the way (nothing, or it is no letter to
    sign)."""

    state: CaseState
    letter: Letter | None
    fingerprint: str | None
    obstacles: tuple[Obstacle, ...]


def proof(case_id: str, *, store: RecordStore, workbench: Workbench, by: Account) -> Proof:
    """The letter as it stands, checked anew as a whole."""
    state = _checked_anew(case_state(store, case_id), workbench)
    letter = letter_of(state, credentials=by.profile.credentials) if by.profile else None
    return Proof(
        state=state,
        letter=letter,
        fingerprint=fingerprint(letter) if letter else None,
        obstacles=obstacles(state, account=by),
    )


def approve(
    case_id: str,
    *,
    seen: str,
    today: date,
    store: RecordStore,
    workbench: Workbench,
    by: Account,
    request_id: str,
) -> int:
    """Signs the letter whose fingerprint is `seen`; gives the number of the audit entry. A drill ends instead.
    `today` becomes the letter's date.

    The caller has re-authenticated the person. Raises ApprovalRefused with the first thing in the way, CaseMoved where
    somebody writes at the same moment, and the store's faults.
    """
    if made := known_request(store, case_id, request_id, by=by.account_id):
        return made.seq
    ready = proof(case_id, store=store, workbench=workbench, by=by)
    if ready.obstacles:
        raise ApprovalRefused(ready.obstacles[0].message)
    if ready.letter is None or ready.fingerprint is None:
        raise ApprovalRefused("The letter is not complete; go back to the case.")
    if not hmac.compare_digest(ready.fingerprint, seen):
        raise ApprovalRefused("The text has changed since you opened this page; read it again, then sign.")
    if ready.state.drill is not None:
        return end_drill(ready.state, store=store, by=by, request_id=request_id).seq
    event = Approved(
        letter=ready.letter,
        fingerprint=ready.fingerprint,
        revisions=tuple(item.revision or 0 for item in ready.state.items),
        day=today,
    )
    entry = record(store, event, actor=by.account_id, case_id=case_id, request_id=request_id, head=ready.state.head)
    return entry.seq


def amend(case_id: str, *, reason: str, store: RecordStore, by: Account, request_id: str) -> CaseState:
    """Takes a signed letter up again. Raises NotAllowed where nothing is signed or no reason is given."""
    state = case_state(store, case_id)
    if known_request(store, case_id, request_id, by=by.account_id):
        return state
    if state.status != "approved":
        raise NotAllowed("Only a signed letter can be amended.")
    if len(reason.strip()) < SHORTEST_REASON:
        raise NotAllowed("Say why the letter is amended; the reason stays on record.")
    event = AmendmentOpened(reason=reason.strip(), of_approval=state.approvals[-1].seq)
    record(store, event, actor=by.account_id, case_id=case_id, request_id=request_id, head=state.head)
    return case_state(store, case_id)


def _checked_anew(state: CaseState, workbench: Workbench) -> CaseState:
    """The state with the findings that the checks give now: corpus or checks may have changed since the last save."""
    items = tuple(
        item.model_copy(
            update={
                "findings": findings_on(
                    state, item, item.sentences, determination=item.determination, workbench=workbench
                )
            }
        )
        for item in state.items
    )
    return state.model_copy(update={"items": items})
