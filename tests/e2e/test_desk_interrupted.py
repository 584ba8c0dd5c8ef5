"""A process of the desk dies over a request, behind nginx: what is known again goes to the other; for the rest, and
where nobody is left, a page of the desk's own says what happened.

The process is held (it takes the request and does nothing), then killed; nginx gives each process every other request.
That a process may have recorded before it died is what `tests/integration/test_cases_sent_twice.py` is about.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from drafter.adapters.clock import SystemClock
from drafter.adapters.record_store.opening import CheckpointPlaces, named_database, open_record_store
from evals.benchmarks.desk_load import PASSWORD, set_up
from evals.benchmarks.desk_people import REASON
from evals.benchmarks.desk_processes import DeskProcesses, nginx_program, trusting
from tests.conftest import IN_CI
from tests.postgres import Cluster

pytestmark = pytest.mark.long

MISSING = "nginx is not installed here (Debian: apt-get install nginx)"
HELD = 1
TAKEN = 3.0  # seconds in which nginx has given the held process its share


class Person:
    """A reviewer with one case that lacks nothing but her signature, by the programs' API."""

    def __init__(self, desks: DeskProcesses, login: str, case_id: str) -> None:
        self.http = httpx.Client(
            base_url=desks.address, verify=trusting(desks.certificate), timeout=60, trust_env=False
        )
        self._login, self._case = login, f"/cases/{case_id}"

    def signs_in(self) -> httpx.Response:
        return self.http.post("/api/v1/session", json={"login": self._login, "password": PASSWORD})

    def prepares(self) -> None:
        self.http.headers["X-CSRF-Token"] = self.signs_in().raise_for_status().json()["csrf"]
        self.asks("POST", f"{self._case}/ties", clear=True)
        self.asks("POST", f"{self._case}/items/1/draft")
        self.asks("PUT", f"{self._case}/items/1/determination", determination="upheld")
        for way in self.asks("GET", f"{self._case}/letter").json()["obstacles"]:
            self.asks("POST", f"{self._case}/items/1/findings/{way['finding_key']}/waive", reason=REASON)
        letter = self.asks("GET", f"{self._case}/letter").json()
        self._given = {"fingerprint": letter["fingerprint"], "password": PASSWORD}

    def signs(self) -> httpx.Response:
        return self.http.post(f"/api/v1{self._case}/approval", json=self._given)

    def imports(self) -> httpx.Response:
        given = {"text": f"A 47-year-old woman, seen for {self._login}.", "treatments": ["Physical therapy"]}
        return self.http.post("/api/v1/imports/text", json=given)

    def asks(self, method: str, path: str, **body: Any) -> httpx.Response:
        return self.http.request(method, f"/api/v1{path}", json=body or None).raise_for_status()


@pytest.fixture
def desk(postgres: Cluster, corpus_home: Path, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """Two processes behind nginx and four reviewers."""
    if nginx_program() is None:
        if IN_CI:
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    home, url = tmp_path / "home", postgres.new_database()
    home.mkdir()
    (home / "corpus").symlink_to(corpus_home / "corpus")
    store = open_record_store(
        named_database(home=home, url=url),
        clock=SystemClock(),
        checkpoints=CheckpointPlaces(folder=home / "checkpoints", keys=home / "keys"),
    )
    hers = set_up(store, 4)
    with (
        closing(store),
        tempfile.TemporaryDirectory(prefix="desk-interrupted-") as folder,  # nginx's workers may be another user
        DeskProcesses(folder=Path(folder), home=home, database=url) as processes,
    ):
        people = [Person(processes, login, cases[0]) for login, cases in hers.items()]
        try:
            yield SimpleNamespace(processes=processes, store=store, people=people)
        finally:
            for person in people:
                person.http.close()


def over_a_death(desk: SimpleNamespace, act: Callable[[Person], httpx.Response]) -> list[httpx.Response]:
    """The answers to all four at once, of whom some were asking a process that was killed then."""
    answers: list[httpx.Response] = []
    desk.processes.hold(HELD)
    asking = [threading.Thread(target=lambda one=one: answers.append(act(one))) for one in desk.people]
    for one in asking:
        one.start()
    time.sleep(TAKEN)
    waiting = len(desk.people) - len(answers)
    desk.processes.stop(HELD, hard=True)
    for one in asking:
        one.join()
    assert waiting, "somebody's request lay with the process that was killed"
    desk.processes.start(HELD)
    time.sleep(TAKEN)  # nginx leaves out who was away for two seconds
    return answers


def test_signatures_and_imports_go_to_the_other_process_and_a_sign_in_is_told(desk: SimpleNamespace):
    for person in desk.people:
        person.prepares()

    signed = over_a_death(desk, Person.signs)
    imported = over_a_death(desk, Person.imports)
    signed_in = over_a_death(desk, Person.signs_in)

    assert [answer.status_code for answer in signed] == [200] * 4
    assert len({moment.seq for moment in desk.store.history(actions=("approved",))}) == 4
    assert [answer.status_code for answer in imported] == [202] * 4
    assert len({answer.json()["import_id"] for answer in imported}) == 4
    until = time.monotonic() + 60
    while len(list(desk.store.history(actions=("case-opened",)))) < 4 * 2 + 4:
        assert time.monotonic() < until, "every text becomes a case"
        time.sleep(0.2)
    assert {answer.status_code for answer in signed_in} == {200, 502}
    for answer in signed_in:
        assert (answer.status_code == 502) == ("The review desk was interrupted" in answer.text)


def test_where_no_process_is_left_the_page_says_so_and_the_desk_comes_back(desk: SimpleNamespace):
    for process in (0, 1):
        desk.processes.stop(process, hard=True)
    http = desk.people[0].http

    for answer in (http.get("/sign-in"), http.post("/sign-in", data={"login": "m.keller"}), http.get("/cases")):
        assert answer.status_code == 502
        assert "Reload this page" in answer.text
        assert answer.headers["cache-control"] == "no-store"
    assert http.get("/desk_interrupted.html").status_code == 404, "nobody asks for it by itself"

    for process in (0, 1):
        desk.processes.start(process)
    time.sleep(TAKEN)
    assert http.get("/sign-in").status_code == 200
