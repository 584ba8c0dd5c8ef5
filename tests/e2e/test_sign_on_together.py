"""Two processes of the desk over one PostgreSQL, and a real identity provider: a person who begins at one process goes
on at the other, also where the first was killed while she was at the provider."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import httpx
import pytest

from drafter.adapters.clock import SystemClock
from drafter.adapters.passwords import Passwords
from drafter.adapters.record_store.opening import CheckpointPlaces, named_database, open_record_store
from drafter.ports import RecordStore
from drafter.services.access.accounts import Accounts
from drafter.services.desk.opening import assign, open_case
from tests.conftest import REPOSITORY
from tests.factories import make_case
from tests.identity_provider import CLIENT, SECRET, Provider, running_provider
from tests.postgres import Cluster
from tests.running import Running
from tests.sign_on_factories import AtProvider, going_to, told
from tests.web_factories import HOST, PROFILE

ADDRESS = f"https://{HOST}"
NAME = "m.keller"
A, B = 0, 1


class Processes:
    """The two processes; `kill` ends one where it stands, `start` puts another in its place."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._environment, self._folder = environment, folder
        self._running: dict[int, Running] = {}
        self._logs: list[Path] = []

    def start(self, number: int) -> None:
        log = self._folder / f"desk-{len(self._logs)}.log"
        self._logs.append(log)
        self._running[number] = Running(self._environment, log, "serve", "--behind-proxy", "--port", "0")

    def kill(self, number: int) -> None:
        self._running.pop(number).kill()

    def port(self, number: int) -> int:
        return int(self._running[number].found(r"http://127\.0\.0\.1:(\d+)\n"))

    def end(self) -> None:
        while self._running:
            self._running.popitem()[1].end()

    @property
    def logged(self) -> str:
        return "".join(log.read_text(encoding="utf-8") for log in self._logs)


class Proxy(httpx.BaseTransport):
    """What the proxy in front does, with the test's hand on it: every request goes to the process `to`."""

    def __init__(self, processes: Processes) -> None:
        self.to = A
        self._processes, self._sent = processes, httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        there = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._processes.port(self.to))
        headers = {
            **request.headers, "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https",
            "X-Request-Id": uuid4().hex,
        }  # fmt: skip
        sent = httpx.Request(
            request.method, there, headers=headers, stream=request.stream, extensions=request.extensions
        )
        return self._sent.handle_request(sent)

    def close(self) -> None:
        self._sent.close()


class Person:
    """Somebody of the organisation with a browser; each of its requests names the process that it comes to."""

    both = True  # whether both processes live

    def __init__(self, processes: Processes) -> None:
        self.proxy = Proxy(processes)
        self.http = httpx.Client(
            base_url=ADDRESS, transport=self.proxy, headers={"Origin": ADDRESS}, timeout=60, trust_env=False
        )
        self.there = AtProvider(NAME)

    def __enter__(self) -> Person:
        return self

    def __exit__(self, *told: object) -> None:
        self.http.close()
        self.proxy.close()
        self.there.close()

    def get(self, path: str, *, at: int) -> httpx.Response:
        self.proxy.to = at
        return self.http.get(path.removeprefix(ADDRESS))

    def post(self, path: str, *, at: int, on: str = "/account", **fields: str) -> httpx.Response:
        """A form of the page `on`, which the other process had shown."""
        token = re.search(r'name="csrf" value="(\w+)"', self.get(on, at=1 - at if self.both else at).text)
        assert token
        self.proxy.to = at
        return self.http.post(path, data={"csrf": token[1], **fields})

    def asks(self, method: str, path: str, *, at: int, **body: object) -> Any:
        """The programs' API, in her session."""
        csrf = self.get("/api/v1/session", at=at).json()["csrf"]
        answer = self.http.request(method, f"/api/v1{path}", json=body or None, headers={"X-CSRF-Token": csrf})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def is_let_in(self, at: int) -> bool:
        return self.get("/cases", at=at).status_code == 200


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as started:
        started.client(returns_to=ADDRESS)
        started.person(NAME, "IMR reviewers")
        yield started


@pytest.fixture
def desk(provider: Provider, postgres: Cluster, corpus_home: Path, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """Both processes at work, with an administrator made here."""
    home, url = tmp_path / "home", postgres.new_database()
    home.mkdir()
    (home / "corpus").symlink_to(corpus_home / "corpus")
    with ExitStack() as at_end:
        store = open_record_store(
            named_database(home=home, url=url),
            clock=SystemClock(),
            checkpoints=CheckpointPlaces(folder=home / "checkpoints", keys=home / "keys"),
        )
        at_end.callback(store.close)
        accounts = Accounts(store=store, passwords=Passwords(cheap=True))
        accounts.add(login="office", roles=("admin",), actor="system", password="seven lamps on a quiet shelf")
        environment = {
            "PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "DRAFTER_HOME": str(home),
            "DRAFTER_DATABASE_URL": url, "DRAFTER_DESK_HOSTS": HOST, "DRAFTER_OIDC_ISSUER": provider.issuer,
            "DRAFTER_OIDC_CLIENT_ID": CLIENT, "DRAFTER_OIDC_CLIENT_SECRET": SECRET,
            "DRAFTER_OIDC_SCOPES": "openid profile groups", "DRAFTER_OIDC_ROLES": "IMR reviewers=reviewer",
        }  # fmt: skip
        processes = Processes(environment, tmp_path)
        at_end.callback(processes.end)
        processes.start(A)
        processes.start(B)
        yield SimpleNamespace(processes=processes, store=store, accounts=accounts)


@pytest.fixture
def person(desk: SimpleNamespace) -> Iterator[Person]:
    with Person(desk.processes) as somebody:
        yield somebody


def case_of(desk: SimpleNamespace) -> str:
    """A case of hers; her specialty is entered too."""
    account = desk.accounts.named(NAME)
    desk.accounts.set_profile(account, PROFILE, actor="system")
    opened = open_case(
        make_case(case_number="CM16-0987654"), data=b"case", source_name="case.yaml", store=desk.store,
        clock=SystemClock(), actor="system",
    )  # fmt: skip
    assign(opened.case_id, to=account, store=desk.store, actor="system", request_id="assign")
    return opened.case_id


def make_ready(person: Person, case_id: str) -> None:
    """Ties, draft, outcome and answers, each asked of the other process than the one before."""
    turn = 0

    def asks(method: str, path: str, **body: object) -> Any:
        nonlocal turn
        turn += 1
        return person.asks(method, f"/cases/{case_id}{path}", at=turn % 2, **body)

    asks("POST", "/ties", clear=True)
    for item in asks("GET", "")["items"]:
        asks("POST", f"/items/{item['number']}/draft")
        asks("PUT", f"/items/{item['number']}/determination", determination="upheld")
    for way in asks("GET", "/letter")["obstacles"]:
        asks("POST", f"/items/{way['item']}/findings/{way['finding_key']}/waive", reason="Read beside the record.")


def recorded(store: RecordStore, *actions: str) -> list[Any]:
    return [moment.event for moment in store.history(actions=actions)]


@pytest.mark.long
def test_who_begins_at_a_process_that_dies_signs_on_signs_and_signs_out_at_the_other(
    desk: SimpleNamespace, person: Person
):
    processes = desk.processes

    going = person.get("/sign-in/provider", at=A).headers["location"]
    back = person.there.to_desk(going)
    processes.kill(A)
    opened = person.get(back, at=B)
    assert opened.headers["location"] == "/", "the answer holds at a process that did not ask"
    key = person.http.cookies["__Host-desk"]
    assert person.is_let_in(B)
    processes.start(A)
    assert person.is_let_in(A), "and the session at one that did not open it"

    case_id = case_of(desk)
    make_ready(person, case_id)
    path = f"/cases/{case_id}/approve"
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', person.get(path, at=B).text)
    assert seen
    ticked = {"seen": seen[1], "attest": "true", "no_tie": "true"}
    assert person.post(path, at=B, on=path, **ticked).status_code == 422, "not before it is confirmed"
    asked = person.there.asked
    confirming = going_to(person.post(f"{path}/confirm", at=A, on=path, **ticked).text)
    confirmed = person.there.to_desk(confirming)
    processes.kill(A)
    assert person.get(confirmed, at=B).headers["location"] == path
    assert person.there.asked == asked + 1
    person.both = False
    signed = person.post(path, at=B, on=path, **ticked)
    assert signed.headers["location"] == f"/cases/{case_id}/letter", signed.text
    processes.start(A)
    person.both = True
    assert "signed" in person.get(f"/cases/{case_id}/letter", at=A).text.lower()

    leaving = going_to(person.post("/sign-out", at=B).text)
    assert person.there.to_desk(leaving) == f"{ADDRESS}/sign-in", (
        "the provider knew whom to sign out, and asked nothing"
    )
    person.http.cookies.set("__Host-desk", key, domain=HOST)
    for process in (A, B):
        assert not person.is_let_in(process)
    for once in ("signed-in", "identity-confirmed", "approved", "signed-out"):
        assert len(recorded(desk.store, once)) == 1, once
    secrets = (told(back)["code"], told(confirmed)["code"], told(leaving)["id_token_hint"], key)
    assert [secret for secret in secrets if secret in processes.logged] == []


@pytest.mark.long
def test_an_answer_shown_to_both_processes_at_once_opens_one_session(desk: SimpleNamespace, person: Person):
    for turn in range(3):
        back = person.there.to_desk(person.get("/sign-in/provider", at=A).headers["location"])
        cookies, answers = dict(person.http.cookies), list[httpx.Response]()

        def shown(at: int) -> None:
            with Person(desk.processes) as other:
                other.http.cookies.update(cookies)  # noqa: B023  (the thread ends within the turn)
                answers.append(other.get(back, at=at))  # noqa: B023

        both = [threading.Thread(target=shown, args=(process,)) for process in (A, B)]
        for one in both:
            one.start()
        for one in both:
            one.join()

        assert sorted(answer.status_code for answer in answers) == [303, 401]
        assert len(recorded(desk.store, "signed-in")) == turn + 1
    assert [event.why for event in recorded(desk.store, "sign-in-refused")] == ["replayed"] * 3
