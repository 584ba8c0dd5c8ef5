"""Events and states of the desk with one thing overridden; every text is invented."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from drafter.domain.draft import Finding, Statement
from drafter.domain.review.events import (
    CaseAssigned,
    CaseOpened,
    ConflictDeclared,
    Drafted,
    DraftRestsOn,
    Event,
    ReviewedSentence,
    Revised,
)
from drafter.domain.review.people import Account, ReviewerProfile
from drafter.domain.review.state import CaseState, Happened, advance
from tests.factories import make_case, make_item_draft

NOW = datetime(2016, 11, 9, 10, 0, tzinfo=UTC)
REVIEWER = "reviewer-1"


def make_account(**overrides: Any) -> Account:
    values: dict[str, Any] = {
        "account_id": REVIEWER,
        "login": "reviewer",
        "roles": ("reviewer",),
        "profile": ReviewerProfile(specialty="Occupational Medicine", licensure="California"),
    }
    return Account(**(values | overrides))


def make_opened(**overrides: Any) -> CaseOpened:
    values: dict[str, Any] = {
        "case": make_case().without_reviewer_text(),
        "source_name": "case.yaml",
        "source_sha256": "0" * 64,
        "received": date(2016, 11, 8),
        "pace": "standard",
        "due": date(2016, 12, 8),
    }
    return CaseOpened(**(values | overrides))


def make_rests_on(**overrides: Any) -> DraftRestsOn:
    values = {
        "program": "imr-drafter 0",
        "model": "extractive",
        "prompt": "extractive@0001",
        "prompt_sha256": "1" * 64,
        "corpus_version": "test",
    }
    return DraftRestsOn(**(values | overrides))


def make_drafted(**overrides: Any) -> Drafted:
    return Drafted(**({"drafts": (make_item_draft(),), "rests_on": make_rests_on()} | overrides))


def make_sentence(text: str = "The record holds eight visits.", **overrides: Any) -> ReviewedSentence:
    return ReviewedSentence(**({"statement": Statement(text=text, kind="reasoning")} | overrides))


def make_revised(**overrides: Any) -> Revised:
    values: dict[str, Any] = {
        "item": 1,
        "parent": 3,
        "determination": "upheld",
        "sentences": (make_sentence(),),
    }
    return Revised(**(values | overrides))


def make_blocker(**overrides: Any) -> Finding:
    values: dict[str, Any] = {
        "check": "absence-refuted",
        "severity": "blocker",
        "item": 1,
        "message": "The record refutes it.",
        "field": "statements.0",
        "start": 0,
        "end": 3,
        "quote": "The",
    }
    return Finding(**(values | overrides))


def happened(event: Event, *, seq: int, actor: str = REVIEWER, case_id: str | None = "case-1") -> Happened:
    return Happened(seq=seq, at=NOW, actor=actor, case_id=case_id, event=event)


def state_after(*events: Event, opened: CaseOpened | None = None) -> CaseState:
    """The state of a case opened, assigned and declared free of conflict, after `events`."""
    first = (opened or make_opened(), CaseAssigned(account_id=REVIEWER), ConflictDeclared(clear=True))
    state: CaseState | None = None
    for seq, event in enumerate((*first, *events), start=1):
        state = advance(state, happened(event, seq=seq))
    assert state is not None
    return state


def make_assigned(account_id: str | None = REVIEWER) -> CaseAssigned:
    return CaseAssigned(account_id=account_id)
