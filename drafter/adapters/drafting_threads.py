"""Drafting jobs in the desk's own process: a few threads, nothing kept beyond it.

A job that dies with its process has changed nothing: the draft goes on record in one step at its end.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import uuid4

from drafter.adapters.clock import SystemClock
from drafter.domain.exchange.heard import HeardStatement
from drafter.domain.review.jobs import DraftingJob, JobStatus, Waiting
from drafter.domain.watching import UNWATCHED, Facts
from drafter.errors import DrafterError
from drafter.ports import Clock, DraftListener, Watch

AT_ONCE = 4
KEPT = 200  # ended jobs that a page may still ask for
Work = Callable[[DraftingJob, DraftListener], str]
FAILED = "The draft could not be made; what was there is unchanged. Try again, or write the text yourself."


def carried_out(work: Work, job: DraftingJob, listen: DraftListener) -> tuple[JobStatus, str]:
    """Does the work; how the job ended, and what to tell of it."""
    try:
        told = work(job, listen)
    except DrafterError as error:
        return "failed", str(error)
    except Exception:  # noqa: BLE001 - a thread's fault must reach the page, and its message may quote the case
        return "failed", FAILED
    return ("stopped" if listen.cancelled else "done"), told


def facts_of(job: DraftingJob) -> Facts:
    """What may be told of a job: whose it is by ids of ours; of its request the id alone, without what that did."""
    request_id = job.request_id.partition(" ")[0]
    return Facts(job_id=job.job_id, request_id=request_id, case_id=job.case_id, item=job.item, account_id=job.by)


class DraftingThreads:
    """See `drafter.ports.DraftingJobs`. `work` drafts the item of a job and records it."""

    def __init__(
        self, work: Work, *, at_once: int = AT_ONCE, clock: Clock | None = None, watch: Watch = UNWATCHED
    ) -> None:
        self._work = work
        self._watch = watch
        self._clock = clock or SystemClock()
        self._unbegun: dict[str, datetime] = {}  # since when each waits, in the order in which they are begun
        self._jobs: dict[str, DraftingJob] = {}
        self._stopped: set[str] = set()
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="drafting")

    def start(self, *, case_id: str, item: int, by: str, request_id: str) -> DraftingJob:
        with self._lock:
            running = (j for j in self._jobs.values() if (j.case_id, j.item) == (case_id, item) and not j.ended)
            if known := next(running, None):
                return known
            with self._watch.step("job-asked") as tell:
                job = DraftingJob(
                    job_id=uuid4().hex,
                    case_id=case_id,
                    item=item,
                    by=by,
                    request_id=request_id,
                    trace=self._watch.here(),
                )
                tell(facts_of(job))
            self._jobs[job.job_id] = job
            self._unbegun[job.job_id] = self._clock.now()
            self._forget()
        self._threads.submit(self._run, job)
        return job

    def of_item(self, case_id: str, item: int) -> DraftingJob | None:
        with self._lock:
            mine = [job for job in self._jobs.values() if (job.case_id, job.item) == (case_id, item)]
        return mine[-1] if mine else None

    def waiting(self, case_id: str, item: int) -> Waiting | None:
        job = self.of_item(case_id, item)
        with self._lock:
            unbegun = list(self._unbegun)
            if job is None or job.job_id not in unbegun:
                return None
            return Waiting(since=self._unbegun[job.job_id], before=unbegun.index(job.job_id))

    def stop(self, case_id: str, item: int) -> None:
        job = self.of_item(case_id, item)
        if job is not None and not job.ended:
            self._stopped.add(job.job_id)

    def close(self) -> None:
        """Stops what runs; for the end of the process."""
        self._stopped.update(self._jobs)
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _run(self, job: DraftingJob) -> None:
        with self._lock:
            del self._unbegun[job.job_id]
        with self._watch.step("job", facts_of(job), after=job.trace) as tell:
            status, message = carried_out(self._work, job, _Listener(self, job.job_id))
            self._put(job.job_id, status=status, message=message)
            tell(Facts(outcome=status))

    def is_stopped(self, job_id: str) -> bool:
        return job_id in self._stopped

    def hear(self, job_id: str, told: HeardStatement) -> None:
        with self._lock:
            self._jobs[job_id] = self._jobs[job_id].with_heard(told)

    def _put(self, job_id: str, **changes: str) -> None:
        with self._lock:
            self._jobs[job_id] = self._jobs[job_id].model_copy(update=changes)

    def _forget(self) -> None:
        ended = [job_id for job_id, job in self._jobs.items() if job.ended]
        for job_id in ended[:-KEPT]:
            del self._jobs[job_id]
            self._stopped.discard(job_id)


class _Listener:
    def __init__(self, jobs: DraftingThreads, job_id: str) -> None:
        self._jobs, self._job_id = jobs, job_id

    @property
    def cancelled(self) -> bool:
        return self._jobs.is_stopped(self._job_id)

    def heard(self, told: HeardStatement) -> None:
        self._jobs.hear(self._job_id, told)
