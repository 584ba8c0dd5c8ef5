"""A review desk in memory: a case opened and assigned, the built-in model over passages that a test supplies, and a
reviewer at work on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import count
from typing import Any

from drafter.adapters.extractive_model import ExtractiveModel
from drafter.domain.case import Case, Determination
from drafter.domain.review.answers import finding_key
from drafter.domain.review.people import Account
from drafter.domain.review.state import CaseState
from drafter.ports import RationaleModel, RecordStore
from drafter.services.desk.answering import waive
from drafter.services.desk.approving import Proof, approve, proof
from drafter.services.desk.deciding import decide, draft_items
from drafter.services.desk.editing import Compare, Saved, SentenceText, save_item
from drafter.services.desk.journal import case_state
from drafter.services.desk.opening import assign, declare_conflict, open_case
from drafter.services.desk.workbench import Workbench
from guideline_corpus.model import Passage
from guideline_corpus.vocabulary import load_vocabulary
from tests.drafting_factories import SuppliedPassages, shipped_forms
from tests.factories import make_case, make_edition, make_passage
from tests.fakes import FakeRecordStore, TickingClock
from tests.review_factories import make_account, make_rests_on

REVIEWER = make_account()
OTHER = make_account(account_id="reviewer-2", login="other")
QA = make_account(account_id="qa-1", login="qa", roles=("qa",), profile=None)
REFUTED = "There is no documentation of physical therapy."  # the record of `make_case` tells of it


def make_workbench(*passages: Passage, model: RationaleModel | None = None) -> Workbench:
    held = passages or (make_passage(),)
    vocabulary = load_vocabulary()
    return Workbench(
        retriever=SuppliedPassages(held),
        model=model or ExtractiveModel(forms=shipped_forms(), vocabulary=vocabulary),
        vocabulary=vocabulary,
        wording=shipped_forms(),
        editions=(make_edition(),),
        passages=held,
        rests_on=make_rests_on(),
    )


def opened_case(
    store: RecordStore, case: Case | None = None, *, to: Account = REVIEWER, data: bytes = b"case", **asked: Any
) -> str:
    """The id of a case that is open, assigned to `to` and declared free of ties."""
    opened = open_case(
        case or make_case(),
        data=data,
        source_name="case.yaml",
        store=store,
        clock=TickingClock(),
        actor=to.account_id,
        **asked,
    )
    assign(opened.case_id, to=to, store=store, actor="admin-1", request_id=f"assign {opened.case_id}")
    declare_conflict(opened.case_id, clear=True, words="", store=store, by=to, request_id=f"declare {opened.case_id}")
    return opened.case_id


def texts(sentences: Sequence[Any]) -> list[str]:
    return [sentence.statement.text for sentence in sentences]


class Desk:
    """One reviewer at work on one case; every act with a request id of its own."""

    def __init__(self, **case: Any) -> None:
        self.store = FakeRecordStore()
        self.workbench = make_workbench()
        self.case_id = opened_case(self.store, make_case(**case))
        self._requests = count(1)

    @property
    def state(self) -> CaseState:
        return case_state(self.store, self.case_id)

    def request(self) -> str:
        return f"request {next(self._requests)}"

    def draft(self, *items: int) -> None:
        draft_items(
            self.case_id,
            items=items,
            store=self.store,
            workbench=self.workbench,
            by=REVIEWER,
            request_id=self.request(),
        )

    def decide(self, determination: Determination | None, number: int = 1) -> Saved:
        return decide(
            self.case_id,
            number,
            determination,
            store=self.store,
            workbench=self.workbench,
            by=REVIEWER,
            request_id=self.request(),
        )

    def save(
        self,
        *sentences: SentenceText,
        number: int = 1,
        parent: int | None = None,
        by: Account = REVIEWER,
        request_id: str | None = None,
    ) -> Saved | Compare:
        return save_item(
            self.case_id,
            number,
            sentences,
            parent=parent if parent is not None else self.state.item(number).revision,
            store=self.store,
            workbench=self.workbench,
            by=by,
            request_id=request_id or self.request(),
        )

    def as_written(self, number: int = 1) -> list[SentenceText]:
        sentences = self.state.item(number).sentences
        return [SentenceText(text=one.statement.text, of=place) for place, one in enumerate(sentences)]

    def proof(self, by: Account = REVIEWER) -> Proof:
        return proof(self.case_id, store=self.store, workbench=self.workbench, by=by)

    def approve(self, seen: str | None = None, request_id: str | None = None, by: Account = REVIEWER) -> int:
        return approve(
            self.case_id,
            seen=seen or self.proof().fingerprint or "",
            today=date(2016, 11, 9),
            store=self.store,
            workbench=self.workbench,
            by=by,
            request_id=request_id or self.request(),
        )

    def answer(
        self,
        said: Callable[..., CaseState],
        key: str,
        reason: str = "The visit of May is meant here.",
        by: Account = REVIEWER,
    ) -> CaseState:
        return said(self.case_id, 1, key, reason=reason, store=self.store, by=by, request_id=self.request())

    def clear(self) -> None:
        """Every open warning waived."""
        for finding in self.state.item(1).open_findings:
            if finding.severity == "warning":
                self.answer(waive, finding_key(finding))

    def blocker(self, check: str) -> str:
        return next(finding_key(one) for one in self.state.item(1).open_findings if one.check == check)
