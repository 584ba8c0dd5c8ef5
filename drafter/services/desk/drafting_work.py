"""What a drafting job does: drafts one item with somebody listening, and puts the draft on record."""

from __future__ import annotations

from collections.abc import Callable

from drafter.domain.review.jobs import DraftingJob
from drafter.errors import UnknownAccount
from drafter.ports import DraftListener, RecordStore
from drafter.services.desk.deciding import draft_items
from drafter.services.desk.journal import known_request
from drafter.services.desk.workbench import Workbench

Work = Callable[[DraftingJob, DraftListener], str]
BESIDE = "Your words were not overwritten: the draft that has come stands beside your text, and you can use it instead."


def drafting_work(*, store: RecordStore, workbench: Workbench) -> Work:
    """The work over this record and workbench; it gives what to tell the reviewer at its end, mostly nothing.

    A job run twice puts one draft on record, for its request id is known; where that was done before the job was taken
    up again, nothing is asked of the model.
    """

    def work(job: DraftingJob, listen: DraftListener) -> str:
        by = store.account(account_id=job.by)
        if by is None:
            raise UnknownAccount("The person who asked for the draft has no account any more.")
        if known_request(store, job.case_id, job.request_id, by=by.account_id):
            return ""
        saved = draft_items(
            job.case_id,
            items=(job.item,),
            store=store,
            workbench=workbench.heard_by(listen),
            by=by,
            request_id=job.request_id,
        )
        return BESIDE if saved.state.item(job.item).edited else ""

    return work
