"""The entries of the record at the desk: listed, narrowed, paged, exported, verified while the desk goes on."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from drafter.adapters.record_store.opening import open_record_store
from drafter.adapters.record_store.postgres import PostgresDatabase
from drafter.adapters.record_store.sqlite import SqliteDatabase
from drafter.domain.review.audit_page import AuditFilter
from drafter.domain.review.faults import RecordFault
from drafter.domain.review.verification import Verification
from drafter.errors import StoreUnavailable
from drafter.ports import RecordStore
from drafter.services.desk.auditing import Auditing
from drafter.web.desk import create_desk
from tests.fakes import FakeRecordStore, TickingClock
from tests.integration.test_case_pages import AtWork
from tests.record_factories import fill

FAULT = RecordFault(fault="entry-altered", seq=7, message="entry 7 is not the one that was recorded")


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RecordStore]:
    """Each store with the same record in it."""
    made: Any = FakeRecordStore(clock=TickingClock())
    if request.param == "sqlite":
        made = open_record_store(SqliteDatabase(tmp_path / "desk.sqlite3"), clock=TickingClock())
    if request.param == "postgresql":
        database = PostgresDatabase(request.getfixturevalue("postgres").new_database())
        made = open_record_store(database, clock=TickingClock())
    fill(made, rounds=5)
    yield made
    if request.param != "memory":
        made.close()


def numbers(store: RecordStore, **asked: Any) -> list[int]:
    return [entry.seq for entry in store.audit_page(AuditFilter(**asked)).entries]


def test_pages_hold_every_entry_once_and_the_newest_first(store: RecordStore):
    every = sorted((entry.seq for entry in store.entries()), reverse=True)
    found, before = [], None
    while True:
        page = store.audit_page(AuditFilter(page_size=7, before=before))
        found += [entry.seq for entry in page.entries]
        before = page.older
        if before is None:
            break

    assert found == every


def test_entries_are_narrowed_by_case_kind_person_and_day(store: RecordStore):
    every = list(store.entries())
    since, until = every[5].at, every[9].at

    assert numbers(store, case_id="case-1", action="approved") == [
        entry.seq for entry in every if (entry.case_id, entry.action) == ("case-1", "approved")
    ]
    assert numbers(store, since=since, until=until) == [entry.seq for entry in every[5:9]][::-1]
    assert numbers(store, since=datetime(2100, 1, 1, tzinfo=UTC)) == []
    assert numbers(store, actor="nobody") == []


@pytest.fixture
def work() -> AtWork:
    return AtWork()


def admins(work: AtWork) -> Any:
    return work.desk.browser(work.desk.person("admin", login="office"))


def test_an_administrator_sees_who_did_what_and_not_a_word_of_the_case(work: AtWork):
    page = admins(work).get("/audit").text

    assert "case-opened" in page
    assert work.reviewer.login in page
    assert "low back" not in page.lower()


def test_the_page_is_narrowed_and_a_wrong_day_is_told(work: AtWork):
    browser = admins(work)

    page = browser.get(f"/audit?case={work.case_id}&kind=drafted").text
    assert page.count('<tr><th scope="row">') == 1
    assert "No entry is like that." in browser.get("/audit?since=2099-01-01").text
    assert browser.get("/audit?since=yesterday").status_code == 422


def test_the_entries_of_a_case_are_exported_without_payloads_and_that_is_on_record(work: AtWork):
    answer = admins(work).get(f"/audit/export?case={work.case_id}")
    lines = [json.loads(line) for line in answer.text.splitlines()]

    assert lines
    assert {line["case_id"] for line in lines} == {work.case_id}
    assert set(lines[0]) == {
        "seq", "at", "actor", "action", "case_id", "request_id", "payload_sha256", "previous", "sha256",
    }  # fmt: skip
    assert list(work.desk.store.entries(case_id=work.case_id))[-1].action == "viewed"


def verifying(work: AtWork, run: Any) -> Auditing:
    """The desk with this way to verify its record."""
    auditing = Auditing(run, clock=work.desk.clock)
    work.desk.parts = replace(work.desk.parts, auditing=auditing)
    work.desk.app = create_desk(work.desk.parts)
    work.browser = work.desk.browser(work.reviewer)
    return auditing


def ended(auditing: Auditing) -> None:
    for _ in range(200):
        if not auditing.running:
            return
        time.sleep(0.01)
    raise AssertionError("the run did not end")


def test_the_record_is_verified_behind_the_page_once_at_a_time(work: AtWork):
    go_on, runs = threading.Event(), []

    def run() -> Verification:
        runs.append(1)
        go_on.wait(10)
        return Verification(at=work.desk.clock.now(), entries=12, sha256="a" * 64)

    auditing = verifying(work, run)
    browser = admins(work)
    assert "Not verified since this desk was started." in browser.get("/audit").text
    assert browser.post("/audit/verify", on="/audit").status_code == 303
    browser.post("/audit/verify", on="/audit")
    assert "The whole record is being verified." in browser.get("/audit/verification").text
    go_on.set()
    ended(auditing)

    assert len(runs) == 1
    assert "No fault in 12 entries." in browser.get("/audit").text


@pytest.mark.bad_input(38)
def test_nothing_is_signed_while_the_record_does_not_verify(work: AtWork):
    auditing = verifying(work, lambda: Verification(at=work.desk.clock.now(), entries=12, faults=(FAULT,)))
    work.decide("upheld")
    work.clear()
    auditing.start()
    ended(auditing)

    answer = work.sign()
    assert "Signing is suspended: the record did not verify." in answer.text
    assert not list(work.desk.store.entries(actions=("approved",)))
    page = admins(work).get("/audit").text
    assert "entry 7 is not the one that was recorded" in page


def test_a_run_that_comes_to_no_end_says_so_and_takes_no_fault_away(work: AtWork):
    def fail() -> Verification:
        raise StoreUnavailable("The record was not verified: the program did not answer; try again.")

    auditing = verifying(work, fail)
    auditing.start()
    ended(auditing)

    assert "the program did not answer" in admins(work).get("/audit").text
