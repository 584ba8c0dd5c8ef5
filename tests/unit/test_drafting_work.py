"""A drafting job that is run again after its process died."""

from __future__ import annotations

from typing import cast

from drafter.adapters.passwords import Passwords
from drafter.domain.review.jobs import DraftingJob
from drafter.services.access.accounts import Accounts
from drafter.services.desk.drafting_work import drafting_work
from drafter.services.desk.workbench import Workbench
from tests.desk_factories import make_workbench, opened_case
from tests.fakes import FakeRecordStore
from tests.model_factories import Hearing


def test_a_draft_that_is_on_record_is_not_drafted_again():
    store = FakeRecordStore()
    reviewer, _ = Accounts(store=store, passwords=Passwords(cheap=True)).add(
        login="m.keller", roles=("reviewer",), actor="system"
    )
    case_id = opened_case(store, to=reviewer)
    job = DraftingJob(job_id="1", case_id=case_id, item=1, by=reviewer.account_id, request_id="asked once")

    drafting_work(store=store, workbench=make_workbench())(job, Hearing())
    drafted = list(store.entries(case_id=case_id))
    nothing_to_draft_with = cast(Workbench, None)
    drafting_work(store=store, workbench=nothing_to_draft_with)(job, Hearing())

    assert list(store.entries(case_id=case_id)) == drafted
    assert drafted[-1].action == "drafted"
