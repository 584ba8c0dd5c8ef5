"""What the case page says of a draft that is written behind it: that it waits, and what became of hers meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from drafter.adapters.drafting_threads import DraftingThreads
from drafter.domain.review.jobs import DraftingJob, Waiting
from drafter.services.desk.drafting_work import BESIDE
from drafter.web.desk import create_desk
from tests.factories import make_case, make_item
from tests.integration.test_case_pages import AtWork
from tests.review_factories import make_opened

SINCE = datetime(2016, 11, 9, 9, 41, tzinfo=UTC)


class OneJob:
    """The jobs as a desk sees them: one, as it stands."""

    def __init__(self, job: DraftingJob, waiting: Waiting | None = None) -> None:
        self._job, self._waiting = job, waiting

    def of_item(self, case_id: str, item: int) -> DraftingJob | None:
        return self._job if item == self._job.item else None

    def waiting(self, case_id: str, item: int) -> Waiting | None:
        return self._waiting

    def start(self, **asked: Any) -> DraftingJob:
        return self._job

    def stop(self, case_id: str, item: int) -> None: ...


@pytest.fixture
def at_work() -> AtWork:
    items = tuple(make_item(number=number, heading=f"MRI of the lumbar spine, {number}") for number in (1, 2, 3))
    return AtWork(case=make_opened(case=make_case(items=items)).case)


def page(work: AtWork, jobs: Any, path: str = "") -> str:
    work.desk.app = create_desk(replace(work.desk.parts, drafting=jobs))
    return str(work.of(work.reviewer).get(f"{work.item}{path}").text)


def job(work: AtWork, **changes: Any) -> DraftingJob:
    asked = {"job_id": "job-1", "case_id": work.case_id, "item": 1, "by": work.reviewer.account_id}
    return DraftingJob(**asked, request_id="draft", **changes)


@pytest.mark.parametrize("path", ["", "/drafting"])
def test_a_draft_that_waits_says_since_when_and_how_many_are_before_it(at_work: AtWork, path: str):
    seen = page(at_work, OneJob(job(at_work), Waiting(since=SINCE, before=3, workers=2)), path)

    assert "Waiting to be drafted</b> since 11/09/2016 01:41 PST; 3 drafts are before it." in seen
    assert "sentences so far" not in seen
    assert "drafter work" not in seen


def test_a_draft_that_waits_for_a_worker_that_nobody_started_says_so(at_work: AtWork):
    seen = page(at_work, OneJob(job(at_work), Waiting(since=SINCE, before=0, workers=0)))

    assert "it is the next" in seen
    assert "No worker is running that could write it" in seen


def test_a_draft_that_was_begun_counts_its_sentences(at_work: AtWork):
    seen = page(at_work, OneJob(job(at_work)))

    assert "0 sentences so far" in seen
    assert "Waiting to be drafted" not in seen


def test_the_desks_own_threads_draft_one_after_the_other_and_say_so(at_work: AtWork, blocked: threading.Event):
    def work(told: DraftingJob, listen: Any) -> str:
        blocked.wait(10)
        return ""

    jobs = DraftingThreads(work, at_once=1, clock=at_work.desk.clock)
    for number in (1, 2, 3):
        jobs.start(case_id=at_work.case_id, item=number, by=at_work.reviewer.account_id, request_id=f"draft {number}")
    while jobs.waiting(at_work.case_id, 1) is not None:
        pass

    assert "0 sentences so far" in page(at_work, jobs)
    at_work.item = f"/cases/{at_work.case_id}/items/3"
    assert "1 draft is before it" in page(at_work, jobs)


@pytest.fixture
def blocked() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_words_that_were_kept_are_told_until_she_saves_again(at_work: AtWork):
    at_work.save("Her own sentence.")
    at_work.browser.post(f"{at_work.item}/draft")
    done = OneJob(job(at_work, status="done", message=BESIDE))

    seen = page(at_work, done)
    assert BESIDE in seen
    assert "Use the draft instead of my text" in seen
    assert "Her own sentence." in seen
    at_work.save("Her own sentence, again.")
    assert BESIDE not in page(at_work, done)
