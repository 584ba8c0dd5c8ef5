"""Drafting jobs, whatever runs them: watched sentence by sentence, one an item, stopped, failing in one sentence."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import pytest

from drafter.adapters.drafting_queue import DraftingQueue
from drafter.adapters.drafting_threads import FAILED, DraftingThreads
from drafter.domain.draft import Statement
from drafter.domain.exchange.heard import HeardStatement
from drafter.domain.review.jobs import DraftingJob
from drafter.errors import ModelUnavailable
from drafter.ports import DraftingJobs, DraftListener
from tests.postgres import Cluster

Work = Callable[[DraftingJob, DraftListener], str]
ASKED = {"case_id": "case-1", "by": "reviewer-1", "request_id": "request-1"}


@pytest.fixture(params=["threads", "queue"])
def jobs_with(request: pytest.FixtureRequest) -> Iterator[Callable[[Work], DraftingJobs]]:
    """Jobs of each kind that do this work; the queue's worker is a thread here, in the desk a process."""
    if request.param == "threads":
        yield DraftingThreads
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    with ExitStack() as stack:
        yield lambda work: stack.enter_context(worked_queue(cluster.new_database(), work))


@contextmanager
def worked_queue(url: str, work: Work) -> Iterator[DraftingQueue]:
    """The queue as a desk sees it, and a worker that shares nothing with it but the database."""
    asking, working = DraftingQueue(url), DraftingQueue(url)
    worker = threading.Thread(target=lambda: working.run_worker(work, lost_after=2), daemon=True)
    worker.start()
    try:
        yield asking
    finally:
        working.close()
        worker.join()
        asking.close()


def heard(place: int, *, repaired: bool = False) -> HeardStatement:
    statement = Statement(text=f"Sentence {place}.", kind="reasoning")
    return HeardStatement(item=1, place=place, repaired=repaired, statement=statement)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def job_of(jobs: DraftingJobs, item: int = 1) -> DraftingJob:
    job = jobs.of_item("case-1", item)
    assert job is not None
    return job


def test_sentences_are_seen_as_they_come_and_the_job_ends(jobs_with):
    go_on = threading.Event()

    def work(job: DraftingJob, listen: DraftListener) -> str:
        listen.heard(heard(0))
        listen.heard(heard(1))
        go_on.wait(10)
        return ""

    jobs = jobs_with(work)
    jobs.start(item=1, **ASKED)
    until(lambda: len(job_of(jobs).heard) == 2)
    assert job_of(jobs).status == "writing"
    go_on.set()
    until(lambda: job_of(jobs).ended)
    assert job_of(jobs).status == "done"


def test_an_item_has_one_job_at_a_time_and_other_items_their_own(jobs_with):
    go_on, begun = threading.Event(), []

    def work(job: DraftingJob, listen: DraftListener) -> str:
        begun.append(job.item)
        go_on.wait(10)
        return ""

    jobs = jobs_with(work)
    first = jobs.start(item=1, **ASKED)
    assert jobs.start(item=1, **ASKED).job_id == first.job_id
    assert jobs.start(item=2, **ASKED).job_id != first.job_id
    until(lambda: len(begun) == 2)
    go_on.set()
    until(lambda: job_of(jobs).ended)
    assert sorted(begun) == [1, 2]


def test_a_stopped_job_says_so_to_who_writes(jobs_with):
    def work(job: DraftingJob, listen: DraftListener) -> str:
        until(lambda: listen.cancelled)
        return ""

    jobs = jobs_with(work)
    jobs.start(item=1, **ASKED)
    jobs.stop("case-1", 1)
    until(lambda: job_of(jobs).ended)
    assert job_of(jobs).status == "stopped"


def test_a_failure_is_one_sentence_and_never_a_word_of_the_case(jobs_with):
    def refused(job: DraftingJob, listen: DraftListener) -> str:
        raise ModelUnavailable("The model cannot be reached; try again.")

    def broken(job: DraftingJob, listen: DraftListener) -> str:
        raise ValueError("the worker's diagnosis")

    for work, message in ((refused, "The model cannot be reached; try again."), (broken, FAILED)):
        jobs = jobs_with(work)
        jobs.start(item=1, **ASKED)
        until(lambda held=jobs: job_of(held).ended)  # type: ignore[misc]
        assert (job_of(jobs).status, job_of(jobs).message) == ("failed", message)


def test_what_the_work_has_to_tell_stands_on_the_job_that_is_done(jobs_with):
    jobs = jobs_with(lambda job, listen: "Your words were not overwritten.")
    jobs.start(item=1, **ASKED)
    until(lambda: job_of(jobs).ended)
    assert (job_of(jobs).status, job_of(jobs).message) == ("done", "Your words were not overwritten.")


def test_a_job_that_nobody_has_begun_says_since_when_it_waits_and_how_many_are_before_it(jobs_with):
    go_on, most = threading.Event(), 4

    def work(job: DraftingJob, listen: DraftListener) -> str:
        go_on.wait(10)
        return ""

    jobs, began = jobs_with(work), datetime.now(UTC)
    for number in range(1, most + 3):
        jobs.start(item=number, **ASKED)
    until(lambda: [jobs.waiting("case-1", number) is None for number in range(1, most + 3)] == [True] * 4 + [False] * 2)
    first, second = (jobs.waiting("case-1", number) for number in (most + 1, most + 2))

    assert [first.before, second.before] == [0, 1]
    assert began <= first.since <= second.since <= datetime.now(UTC)
    assert first.workers in (None, 1)
    assert jobs.waiting("case-2", 1) is None
    go_on.set()
    until(lambda: all(job_of(jobs, number).ended for number in range(1, most + 3)))
    assert jobs.waiting("case-1", most + 2) is None


def test_a_queue_without_a_worker_says_so(postgres: Cluster):
    queue = DraftingQueue(postgres.new_database())
    for number in (1, 2):
        queue.start(item=number, **ASKED)

    second = queue.waiting("case-1", 2)

    assert second is not None
    assert (second.before, second.workers) == (1, 0)
    queue.stop("case-1", 1)
    assert queue.waiting("case-1", 1) is None
    second = queue.waiting("case-1", 2)
    assert second is not None
    assert second.before == 0
    queue.close()


def test_a_reply_that_begins_again_takes_the_place_of_what_was_heard():
    job = DraftingJob(job_id="1", item=1, **ASKED)
    for told in (heard(0), heard(1), heard(0), heard(1), heard(2)):
        job = job.with_heard(told)
    assert [one.place for one in job.heard] == [0, 1, 2]
    assert [one.repaired for one in job.with_heard(heard(0, repaired=True)).heard] == [True]


def test_what_waits_for_workers_and_who_lives_can_be_asked(postgres: Cluster):
    go_on = threading.Event()
    url = postgres.new_database()
    queue = DraftingQueue(url)
    for number in (1, 2, 3):
        queue.start(item=number, **ASKED)
    queue.stop("case-1", 3)
    time.sleep(0.05)

    waiting = queue.standing()

    assert (waiting.waiting, waiting.writing, waiting.workers) == (2, 0, 0)
    assert waiting.oldest_seconds > 0.04
    working = DraftingQueue(url)

    def work(job: DraftingJob, listen: DraftListener) -> str:
        go_on.wait(10)
        return ""

    worker = threading.Thread(target=lambda: working.run_worker(work, at_once=1), daemon=True)
    worker.start()
    until(lambda: queue.standing().writing == 1)
    assert (queue.standing().waiting, queue.standing().workers) == (1, 1)
    go_on.set()
    until(lambda: queue.standing().waiting == 0)
    working.close()
    worker.join()
    queue.close()
