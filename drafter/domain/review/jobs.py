"""Drafting that takes longer than a page may wait: one job an item, watched while written, stopped at any time."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime

from drafter.domain.exchange.heard import HeardStatement
from drafter.domain.model import DomainModel

JobStatus = Literal["waiting", "writing", "done", "failed", "stopped"]


class DraftingJob(DomainModel):
    """`heard` are the sentences so far, in the order of the reply; `message` is what to tell where it failed, or
    ended otherwise than was expected.

    `request_id` is that of the act it carries out: the draft goes on record under it, so that a job which is run again
    after its process died makes one draft and not two. `trace` is where in a trace it was asked for, "" where nobody
    traces.
    """

    job_id: str
    case_id: str
    item: int
    by: str
    request_id: str
    status: JobStatus = "waiting"
    heard: tuple[HeardStatement, ...] = ()
    message: str = ""
    trace: str = ""

    @property
    def ended(self) -> bool:
        return self.status in ("done", "failed", "stopped")

    def with_heard(self, told: HeardStatement) -> DraftingJob:
        """With one more sentence; a reply that begins again, or a repair, takes the place of what was heard."""
        kept = tuple(one for one in self.heard if one.place < told.place and one.repaired == told.repaired)
        return self.model_copy(update={"status": "writing", "heard": (*kept, told)})


class Waiting(DomainModel):
    """How a job waits that nobody has begun: `before` it are so many others; `workers` that gave a sign of life lately,
    None where the desk drafts in its own process."""

    since: AwareDatetime
    before: int
    workers: int | None = None


class QueueStanding(DomainModel):
    """What waits for workers: drafts nobody has begun and drafts being written, how long the oldest has waited in
    seconds (0 where none waits), and how many workers gave a sign of life lately."""

    waiting: int = 0
    writing: int = 0
    oldest_seconds: float = 0.0
    workers: int = 0
