"""A review desk in memory: a case opened and assigned, the built-in model over passages that a test supplies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drafter.adapters.extractive_model import ExtractiveModel
from drafter.domain.case import Case
from drafter.domain.review.people import Account
from drafter.ports import RationaleModel, RecordStore
from drafter.services.desk.opening import assign, declare_conflict, open_case
from drafter.services.desk.workbench import Workbench
from guideline_corpus.model import Passage
from guideline_corpus.vocabulary import load_vocabulary
from tests.drafting_factories import SuppliedPassages, shipped_forms
from tests.factories import make_case, make_edition, make_passage
from tests.fakes import TickingClock
from tests.review_factories import make_account, make_rests_on

REVIEWER = make_account()
QA = make_account(account_id="qa-1", login="qa", roles=("qa",), profile=None)


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
