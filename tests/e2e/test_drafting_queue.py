"""Drafts that workers of their own write, as real processes over PostgreSQL and a model's server on loopback: a worker
that is killed at any moment leaves no job behind, and no draft twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest

from drafter.adapters.clock import SystemClock
from drafter.adapters.drafting_queue import DraftingQueue
from drafter.adapters.passwords import Passwords
from drafter.adapters.record_store.opening import named_database, open_record_store
from drafter.domain.review.people import Account
from drafter.ports import RecordStore
from drafter.services.access.accounts import Accounts
from drafter.services.desk.opening import assign, declare_conflict, open_case
from tests.conftest import REPOSITORY
from tests.factories import make_case
from tests.model_server import STATEMENT, ModelServer, slowly
from tests.postgres import Cluster

KILLS = int(os.environ.get("KILLS") or 20)  # the hundred: KILLS=100 pytest tests/e2e/test_drafting_queue.py
LOST_AFTER = 3.0


class Workers:
    """`drafter work` as it is typed, over one home, database and model's server."""

    def __init__(self, *, home: Path, url: str, model: str) -> None:
        self._environment = {
            "PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "DRAFTER_HOME": str(home),
            "DRAFTER_DATABASE_URL": url, "DRAFTER_DRAFTING": "queue", "DRAFTER_MODEL": "openai:loopback-1",
            "OPENAI_BASE_URL": model, "OPENAI_API_KEY": "none",
        }  # fmt: skip
        self.running: list[subprocess.Popen[str]] = []

    def add(self) -> subprocess.Popen[str]:
        """One more, once it has said that it works."""
        command = [sys.executable, "-c", "from drafter.cli.main import main; main()", "work"]
        worker = subprocess.Popen(
            [*command, "--lost-after", str(LOST_AFTER)], env=self._environment, stdout=subprocess.PIPE, text=True
        )
        assert worker.stdout is not None
        assert "Drafts for the desk on PostgreSQL" in worker.stdout.readline()
        self.running.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[str]) -> None:
        worker.send_signal(signal.SIGKILL)
        self._ended(worker)

    def end(self) -> list[int]:
        """Tells all to stop; their exit codes."""
        codes = []
        for worker in list(self.running):
            worker.terminate()
            codes.append(self._ended(worker))
        return codes

    def _ended(self, worker: subprocess.Popen[str]) -> int:
        code = worker.wait(30)
        if worker.stdout is not None:
            worker.stdout.close()
        self.running.remove(worker)
        return code


def reviewer_of(store: RecordStore) -> Account:
    account, _ = Accounts(store=store, passwords=Passwords(cheap=True)).add(
        login="m.keller", roles=("reviewer",), actor="system"
    )
    return account


def opened(store: RecordStore, number: int, *, to: Account) -> str:
    case = make_case(case_number=f"CM99-{number:07d}")
    made = open_case(case, data=str(number).encode(), source_name="c.yaml", store=store, clock=SystemClock(), actor="x")
    assign(made.case_id, to=to, store=store, actor="system", request_id=uuid4().hex)
    declare_conflict(made.case_id, clear=True, words="", store=store, by=to, request_id=uuid4().hex)
    return made.case_id


@pytest.mark.long
def test_workers_killed_at_random_moments_leave_every_job_ended_once(
    postgres: Cluster, corpus_home: Path, capsys: pytest.CaptureFixture[str]
):
    url, random = postgres.new_database(), Random(7)
    store = open_record_store(named_database(home=corpus_home, url=url), clock=SystemClock())
    reviewer = reviewer_of(store)
    cases = [opened(store, number, to=reviewer) for number in range(3 * KILLS)]
    queue = DraftingQueue(url)
    with ModelServer(slowly(*[STATEMENT] * 6, seconds=0.06)) as server:
        workers = Workers(home=corpus_home, url=url, model=server.url)
        workers.add()
        for number in range(KILLS):
            workers.add()
            for case_id in cases[3 * number : 3 * number + 3]:
                queue.start(case_id=case_id, item=1, by=reviewer.account_id, request_id=f"draft {case_id}")
            time.sleep(random.uniform(0, 1.5))
            workers.kill(workers.running[0])
        last = time.monotonic()
        while not all(ended(queue, case_id) for case_id in cases):
            assert time.monotonic() - last < 60, Counter(status(queue, case_id) for case_id in cases)
            time.sleep(0.2)
        settled = time.monotonic() - last
        codes = workers.end()

    drafts = Counter(entry.case_id for entry in store.entries(actions=("drafted",)))
    with capsys.disabled():
        sys.stdout.write(
            f"\n{KILLS} kills, {len(cases)} jobs, {len(server.bodies)} replies asked for; "
            f"all ended {settled:.1f} s after the last kill\n"
        )
    assert Counter(status(queue, case_id) for case_id in cases) == {"done": len(cases)}
    assert drafts == dict.fromkeys(cases, 1)
    assert codes == [0]
    queue.close()
    store.close()


def status(queue: DraftingQueue, case_id: str) -> str:
    job = queue.of_item(case_id, 1)
    return job.status if job else "unknown"


def ended(queue: DraftingQueue, case_id: str) -> bool:
    return status(queue, case_id) in ("done", "failed", "stopped")


def test_a_worker_without_a_queue_says_where_drafts_are_written(tmp_path: Path):
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "DRAFTER_HOME": str(tmp_path)}
    command = [sys.executable, "-c", "from drafter.cli.main import main; main()", "work"]
    refused = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)

    assert refused.returncode == 2
    assert refused.stderr.startswith("The desk drafts in its own process;")
    assert refused.stderr.count("\n") == 1
