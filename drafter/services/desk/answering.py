"""What a person answers to a finding: a warning waived with a reason, a blocker contested in writing, a contest
countersigned by QA. Integrity blockers take no answer (`drafter.domain.review.answers`)."""

from __future__ import annotations

from typing import Protocol

from drafter.domain.draft import Finding
from drafter.domain.review.access import allowed, ownership
from drafter.domain.review.answers import finding_key, may_be_contested
from drafter.domain.review.events import ContestCountersigned, FindingContested, FindingWaived
from drafter.domain.review.people import Account
from drafter.domain.review.state import CaseState
from drafter.errors import NotAllowed
from drafter.ports import RecordStore
from drafter.services.desk.editing import refuse_locked
from drafter.services.desk.journal import case_state, item_state, record

SHORTEST_REASON = 8


class Said(Protocol):
    """One of the three answers."""

    def __call__(
        self, case_id: str, number: int, key: str, /, *, reason: str, store: RecordStore, by: Account, request_id: str
    ) -> CaseState: ...


def waive(
    case_id: str, number: int, key: str, *, reason: str, store: RecordStore, by: Account, request_id: str
) -> CaseState:
    """Raises NotAllowed where the finding is gone, is no warning, or no reason is given."""
    finding = _asked(case_id, number, key, reason=reason, store=store)
    if finding.severity != "warning":
        raise NotAllowed("Only a warning can be waived; correct a blocker, or contest it in writing.")
    event = FindingWaived(item=number, finding_key=key, check=finding.check, reason=reason.strip())
    record(store, event, actor=by.account_id, case_id=case_id, request_id=request_id)
    return case_state(store, case_id)


def contest(
    case_id: str, number: int, key: str, *, reason: str, store: RecordStore, by: Account, request_id: str
) -> CaseState:
    """Raises NotAllowed where the finding is gone, cannot be contested, or no reason is given."""
    finding = _asked(case_id, number, key, reason=reason, store=store)
    if not may_be_contested(finding):
        raise NotAllowed("This finding is no matter of judgement and cannot be contested; correct the text.")
    event = FindingContested(item=number, finding_key=key, check=finding.check, reason=reason.strip())
    record(store, event, actor=by.account_id, case_id=case_id, request_id=request_id)
    return case_state(store, case_id)


def countersign(
    case_id: str, number: int, key: str, *, reason: str, store: RecordStore, by: Account, request_id: str
) -> CaseState:
    """QA agrees with a contest. Raises NotAllowed where there is none, or the person is the case's own reviewer."""
    finding = _asked(case_id, number, key, reason=reason, store=store)
    state = case_state(store, case_id)
    if not allowed(by, "countersign", ownership(by, assigned_to=state.assigned_to)):
        raise NotAllowed("A contest is countersigned by QA, never by the reviewer of the case.")
    contested = [a for a in item_state(state, number).answers if a.finding_key == key and a.kind == "contested"]
    if not contested:
        raise NotAllowed("Nobody has contested this finding; there is nothing to countersign.")
    if any(answer.by == by.account_id for answer in contested):
        raise NotAllowed("Who contested a finding cannot countersign it.")
    event = ContestCountersigned(item=number, finding_key=key, check=finding.check, reason=reason.strip())
    record(store, event, actor=by.account_id, case_id=case_id, request_id=request_id)
    return case_state(store, case_id)


def _asked(case_id: str, number: int, key: str, *, reason: str, store: RecordStore) -> Finding:
    state = case_state(store, case_id)
    refuse_locked(state)
    if len(reason.strip()) < SHORTEST_REASON:
        raise NotAllowed("Give the reason in words; it stays on record with the finding.")
    for finding in item_state(state, number).findings:
        if finding_key(finding) == key:
            return finding
    raise NotAllowed("The text has changed, and the finding is no longer there; nothing was recorded.")
