"""`drafter serve` and `drafter user` as they are typed: the real programs on a home of their own."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from drafter.desk_bootstrap import open_accounts
from drafter.settings import settings_from
from tests.conftest import REPOSITORY

PASSWORD = "seven lamps on a quiet shelf"


def environment(home: Path, **more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "DRAFTER_HOME": str(home), "PYTHONPATH": str(REPOSITORY), **more}


def drafter(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from drafter.cli.main import main; main()", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment(home, **more), check=False, timeout=120
    )


@contextmanager
def served(home: Path, *arguments: str, **more: str) -> Iterator[tuple[str, str, subprocess.Popen[str]]]:
    """The address of a desk that is being served, what it printed, and its process."""
    command = [sys.executable, "-c", "from drafter.cli.main import main; main()", "serve", "--port", "0", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(home, **more)
    ) as process:
        try:
            printed = ""
            while "Ctrl+C" not in printed:
                line = process.stdout.readline() if process.stdout else ""
                assert line, process.stderr.read() if process.stderr else ""
                printed += line
            address = re.search(r"http://127\.0\.0\.1:\d+", printed)
            assert address
            yield address[0], printed, process
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)


@pytest.mark.long
def test_a_first_start_prints_the_address_and_a_code_that_makes_the_administrator(corpus_home: Path, tmp_path: Path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "corpus").symlink_to(corpus_home / "corpus")
    with served(home) as (address, printed, process):
        code = re.search(r"Code: ([0-9a-f-]{14})", printed)
        assert code
        with httpx.Client(base_url=address, headers={"Origin": address}) as browser:
            page = browser.get("/", follow_redirects=True)
            token = re.search(r'name="csrf" value="(\w+)"', page.text)
            assert token
            given = {"csrf": token[1], "code": code[1], "login": "office", "password": PASSWORD, "again": PASSWORD}
            assert browser.post("/first-run", data=given).headers["location"] == "/accounts"
            assert browser.get("/accounts").status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130, "interrupted, as the contract says"
        log = process.stderr.read() if process.stderr else ""
    assert '"route": "signing_in.make_first"' in log
    assert PASSWORD not in log
    assert code[1] not in log


@pytest.mark.long
def test_nobody_is_let_in_before_the_desk_can_answer(corpus_home: Path, tmp_path: Path):
    """A proxy in front goes to another process at once, and does not wait for one that is still opening its record."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "corpus").symlink_to(corpus_home / "corpus")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    waits: list[float] = []
    command = [sys.executable, "-c", "from drafter.cli.main import main; main()", "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(home)) as desk:
        try:
            while not waits:
                began = time.monotonic()
                try:
                    httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=60).raise_for_status()
                    waits.append(time.monotonic() - began)
                except httpx.ConnectError:
                    assert desk.poll() is None
                    time.sleep(0.01)
        finally:
            desk.send_signal(signal.SIGINT)
            desk.wait(30)
    assert waits[0] < 1, "the first who is let in is answered"


@pytest.mark.long
def test_a_demo_is_ready_in_seconds_and_its_accounts_can_sign_in(corpus_home: Path, tmp_path: Path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "corpus").symlink_to(corpus_home / "corpus")
    began = time.monotonic()
    with served(home, "--demo", str(REPOSITORY / "evals" / "samples")) as (address, printed, _):
        ready = time.monotonic() - began
        passwords = dict(re.findall(r"^  (\w+)\s+(\S+)", printed, re.MULTILINE))
        assert set(passwords) == {"reviewer", "qa", "editor", "office"}
        answer = httpx.post(f"{address}/api/v1/session", json={"login": "reviewer", "password": passwords["reviewer"]})
        rows = httpx.get(f"{address}/api/v1/cases", cookies=dict(answer.cookies)).json()["rows"]
        assert {row["status"] for row in rows} >= {"new", "drafted"}
    assert ready < 60


@pytest.mark.long
def test_a_desk_says_how_it_is_and_logs_objects_where_asked_to(corpus_home: Path, tmp_path: Path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "corpus").symlink_to(corpus_home / "corpus")
    with served(home, DRAFTER_LOG="json") as (address, _, process):
        answers = [httpx.get(f"{address}/health{path}").json() for path in ("", "/live", "/ready")]
        (home / "corpus").unlink()
        time.sleep(1.5)
        down = httpx.get(f"{address}/health/ready")
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        log = process.stderr.read() if process.stderr else ""
    lines = [json.loads(line) for line in log.splitlines()]
    assert answers == [{"status": "ok"}] * 3
    assert (down.status_code, down.json()) == (503, {"status": "down"})
    assert [line["template"] for line in lines] == ["/health", "/health/live", "/health/ready", "/health/ready"]
    assert {line["process"] for line in lines} == {"desk"}


def test_an_address_that_others_reach_is_refused_without_https_in_front(tmp_path: Path):
    refused = drafter(tmp_path, "serve", "--host", "0.0.0.0")
    unnamed = drafter(tmp_path, "serve", "--host", "0.0.0.0", "--behind-proxy")

    assert refused.returncode == unnamed.returncode == 2
    assert "passwords would go there unencrypted" in refused.stderr
    assert "DRAFTER_DESK_HOSTS" in unnamed.stderr


def test_a_desk_without_a_corpus_says_what_to_do(tmp_path: Path):
    refused = drafter(tmp_path, "serve", "--port", "0")

    assert refused.returncode == 2
    assert "guideline-corpus build" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_accounts_are_kept_from_the_shell(tmp_path: Path):
    credentials = ("--specialty", "Pain Medicine", "--licensure", "California")
    added = drafter(tmp_path, "user", "add", "m.keller", "--role", "reviewer", *credentials)
    password = added.stdout.rstrip().rpartition(" ")[2]
    wrong = drafter(tmp_path, "user", "roles", "m.keller", "--role", "surgeon")
    drafter(tmp_path, "user", "roles", "m.keller", "--role", "reviewer", "--role", "qa")
    listed = drafter(tmp_path, "user", "list", "--json")
    reset = drafter(tmp_path, "user", "reset", "m.keller")
    drafter(tmp_path, "user", "deactivate", "m.keller")

    assert added.returncode == 0, added.stderr
    assert (wrong.returncode, "there is no such role" in wrong.stderr) == (2, True)
    assert '"roles":["reviewer","qa"]' in listed.stdout.replace(" ", "")
    assert password not in reset.stdout
    account = open_accounts(settings_from({"DRAFTER_HOME": str(tmp_path)})).named("m.keller")
    assert (account.active, account.must_choose_password) == (False, True)
    assert account.profile is not None
    assert account.profile.specialty == "Pain Medicine"
