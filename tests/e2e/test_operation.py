"""What can be seen of a desk at work from outside: metrics, traces and log lines, of the desk and of a worker.

A case is drafted by a worker, edited, signed and exported; then everything that left the two processes is read. It
tells of each step, and holds no word of the case, of its text, of who worked on it.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from drafter.adapters.clock import SystemClock
from drafter.adapters.passwords import Passwords
from drafter.adapters.record_store.opening import CheckpointPlaces, named_database, open_record_store
from drafter.domain.review.answers import finding_key
from drafter.domain.review.people import ReviewerProfile
from drafter.domain.review.state import CaseState
from drafter.ports import RecordStore
from drafter.services.access.accounts import Accounts
from drafter.services.desk.opening import assign, open_case
from tests.conftest import REPOSITORY
from tests.factories import make_case, make_item
from tests.model_server import ModelServer, reply
from tests.otlp_receiver import OtlpReceiver, ReceivedSpan
from tests.postgres import Cluster
from tests.running import Running

PASSWORD, LOGIN = "seven lamps on a quiet shelf", "m.kestrel"
NUMBER = "CM16-0987654"
SUMMARY = (
    "The patient is a 47-year-old female cabinetmaker with lumbosacral radiculopathy. Dr. Quince noted antalgic gait. "
    "Eight sessions of physical therapy were completed with improvement."
)
DRAFTED, EDITED = "Antalgic gait was noted.", "Antalgic gait was noted beside her lumbosacral radiculopathy."
REASON = "The cabinetmaker is meant."
PROGRAM_WORDS = {"beside", "request", "sessions", "that", "were", "with"}  # stand in names and titles of figures too


@contextmanager
def observed(home: Path, url: str, folder: Path) -> Iterator[SimpleNamespace]:
    """Desk and worker over one record, a model's server and a receiver of traces."""
    statement = {"text": DRAFTED, "kind": "record", "supports": None, "grounds": ["R1"], "quote": None}
    with ModelServer(reply(statement)) as model, OtlpReceiver() as receiver:
        environment = {
            "PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "DRAFTER_HOME": str(home),
            "DRAFTER_DATABASE_URL": url, "DRAFTER_DRAFTING": "queue", "DRAFTER_MODEL": "openai:loopback-1",
            "OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": "none", "DRAFTER_PRICE_IN": "3", "DRAFTER_PRICE_OUT": "9",
            "DRAFTER_TRACES": receiver.url, "DRAFTER_LOG": "json",
        }  # fmt: skip
        desk = Running(environment, folder / "desk.log", "serve", "--port", "0", "--metrics-port", "0")
        worker = Running(environment, folder / "worker.log", "work", "--metrics-port", "0")
        try:
            yield SimpleNamespace(desk=desk, worker=worker, receiver=receiver)
        finally:
            desk.end()
            worker.end()


class Person:
    """A reviewer with a browser."""

    def __init__(self, address: str, store: RecordStore, case_id: str) -> None:
        self.http = httpx.Client(base_url=address, headers={"Origin": address}, timeout=60)
        self._store, self._case = store, f"/cases/{case_id}"
        self._case_id = case_id

    def post(
        self, path: str, fields: dict[str, str] | None = None, *, on: str = "/account", expected: int = 303
    ) -> httpx.Response:
        token = re.search(r'name="csrf" value="(\w+)"', self.http.get(on).text)
        assert token
        answer = self.http.post(path, data={"csrf": token[1], **(fields or {})})
        assert answer.status_code == expected, answer.text
        return answer

    @property
    def state(self) -> CaseState:
        state = self._store.state(self._case_id)
        assert state is not None
        return state

    def signs_in(self, password: str, *, expected: int = 303) -> None:
        given = {"login": LOGIN, "password": password, "code": ""}
        self.post("/sign-in", given, on="/sign-in", expected=expected)

    def has_it_drafted(self, path: str, **fields: str) -> None:
        """By a worker, whom the page waits for."""
        before = self.state.item(1).draft_seq
        self.post(f"{self._case}/items/1/{path}", fields)
        until = time.monotonic() + 60
        while self.state.item(1).draft_seq == before:
            assert time.monotonic() < until
            time.sleep(0.1)

    def works_it_through(self) -> None:
        """Ties, draft, outcome, an edit, answers to what is found, signature, letter."""
        self.post(f"{self._case}/ties", {"clear": "yes"})
        self.has_it_drafted("draft")
        self.has_it_drafted("determination", determination="upheld")
        revision = str(self.state.item(1).revision)
        given = {"parent": revision, "place": "0", "text": EDITED}
        self.post(f"{self._case}/items/1/sentences/0", given)
        for finding in self.state.item(1).open_findings:
            answer = f"{self._case}/items/1/findings/{finding_key(finding)}/waive"
            self.post(answer, {"reason": REASON})

    def signs(self) -> None:
        page = self.http.get(f"{self._case}/approve").text
        seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
        assert seen, page
        given = {"seen": seen[1], "attest": "true", "no_tie": "true", "password": PASSWORD}
        self.post(f"{self._case}/approve", given)
        self.post(f"{self._case}/export/pdf", expected=200)


def reviewer_with_case(store: RecordStore) -> str:
    accounts = Accounts(store=store, passwords=Passwords())
    account, _ = accounts.add(login=LOGIN, roles=("reviewer", "qa"), actor="system", password=PASSWORD)
    accounts.set_profile(account, ReviewerProfile(specialty="Physiatry", licensure="California"), actor="system")
    case = make_case(case_number=NUMBER, case_summary=SUMMARY, items=(make_item(treatment="Physical therapy"),))
    opened = open_case(
        case, data=b"case", source_name="kestrel.yaml", store=store, clock=SystemClock(), actor=account.account_id
    )
    assign(opened.case_id, to=account, store=store, actor="system", request_id="assign")
    return opened.case_id


def words_of(state: CaseState) -> set[str]:
    """Every word of the case, its draft and its signed text that is not one of the program's own."""
    item = state.item(1)
    texts = [SUMMARY, DRAFTED, REASON, state.case.items[0].treatment]
    texts += [sentence.statement.text for sentence in item.sentences]
    assert EDITED in texts
    return set(re.findall(r"[a-z]{4,}", " ".join(texts).lower())) - PROGRAM_WORDS


@pytest.mark.long
def test_a_signed_case_is_seen_in_figures_spans_and_lines_and_not_a_word_of_it_is(
    postgres: Cluster, corpus_home: Path, tmp_path: Path
):
    home, url = tmp_path / "home", postgres.new_database()
    home.mkdir()
    (home / "corpus").symlink_to(corpus_home / "corpus")
    store = open_record_store(
        named_database(home=home, url=url),
        clock=SystemClock(),
        checkpoints=CheckpointPlaces(folder=home / "checkpoints", keys=home / "keys"),
    )
    case_id = reviewer_with_case(store)
    with observed(home, url, tmp_path) as seen:
        person = Person(seen.desk.found(r"(http://127\.0\.0\.1:\d+)\n"), store, case_id)
        person.signs_in("a wrong one altogether", expected=401)
        person.signs_in(PASSWORD)
        person.works_it_through()
        person.signs()
        desk, worker = seen.desk.metrics(), seen.worker.metrics()
        person.http.close()
        lines, jobs = seen.desk.end(), seen.worker.end()
        spans = list(seen.receiver.spans())
        sent = b"".join(seen.receiver.bodies).decode("utf-8", "replace")
    state = person.state
    store.close()

    assert state.status == "approved"
    told_by_figures(desk, worker)
    told_by_spans(spans, case_id)
    told_by_lines(lines, jobs, case_id)
    everything = "\n".join((desk, worker, lines, jobs, sent)).lower()
    assert [word for word in (LOGIN, NUMBER.lower(), NUMBER[5:], "quince", PASSWORD) if word in everything] == []
    assert sorted(word for word in words_of(state) if re.search(rf"\b{word}\b", everything)) == []


def told_by_figures(desk: str, worker: str) -> None:
    for line in (
        'drafter_requests_total{method="POST",route="/cases/{case_id}/approve",status="303"} 1.0',
        'drafter_record_entries_total{action="approved"} 1.0',
        'drafter_record_entries_total{action="exported"} 1.0',
        'drafter_sign_ins_refused_total{why="password"} 1.0',
        "drafter_jobs_asked_total 2.0",
        "drafter_queue_workers 1.0",
        'drafter_queue_jobs{state="waiting"} 0.0',
        'drafter_part_well{part="record"} 1.0',
        'drafter_build_info{process="desk"',
    ):
        assert line in desk, line
    for line in (
        'drafter_jobs_ended_total{outcome="done"} 2.0',
        'drafter_model_tokens_total{direction="in",model="openai:loopback-1"}',
        'drafter_model_calls_total{model="openai:loopback-1",outcome="complete",reason=""}',
        'drafter_drafts_total{model="openai:loopback-1",outcome="done"} 2.0',
        "drafter_model_resting 0.0",
        'drafter_findings_total{check="',
    ):
        assert line in worker, line
    assert float(re.findall(r"drafter_model_cost_total\{.*\} (\S+)", worker)[0]) > 0


def told_by_spans(spans: list[ReceivedSpan], case_id: str) -> None:
    by_id = {span.span: span for span in spans}
    jobs = [span for span in spans if span.name == "job"]

    assert len(jobs) == 2
    for job in jobs:
        asked = by_id[job.parent]
        request = by_id[asked.parent]
        assert (job.service, asked.service) == ("imr-drafter-worker", "imr-drafter-desk")
        assert re.fullmatch(r"POST /cases/\{case_id\}/items/\{number\}/(draft|determination)", request.name)
        assert {one.trace for one in (job, asked, request)} == {job.trace}
        assert (job.told["drafter.case_id"], job.told["drafter.outcome"]) == (case_id, "done")
        below = {span.name for span in spans if span.trace == job.trace}
        assert {"draft", "search", "model", "record"} <= below
        assert any(span.name == "model" and by_id[span.parent].name == "draft" for span in spans)
    assert any(span.name == "checks" for span in spans)
    assert not [span for span in spans if span.events or span.message]


def told_by_lines(desk: str, worker: str, case_id: str) -> None:
    requests = [json.loads(line) for line in desk.splitlines()]
    jobs: list[dict[str, Any]] = [json.loads(line) for line in worker.splitlines()]
    signed = next(line for line in requests if line.get("route") == "approving.sign" and line["status"] == 303)

    assert (signed["case"], signed["process"], signed["template"]) == (case_id, "desk", "/cases/{case_id}/approve")
    assert [(line["case"], line["outcome"]) for line in jobs if line["logger"] == "drafter.work"] == [
        (case_id, "done")
    ] * 2
