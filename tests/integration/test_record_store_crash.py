"""The power of a kill: what was acknowledged is there, nothing is there by half, and a repeated request is there once.

A kill shows that the order of things is right (the answer after the commit, the checkpoint file after the database).
That a commit is on the disk is for `synchronous` and the disk; a kill cannot show it.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from subprocess import PIPE

import pytest

from drafter.adapters.record_store.opening import named_database, open_record_store
from drafter.domain.review.audit import verify_chain
from drafter.services.record_audit import audit_record
from tests.appending_child import save_of
from tests.conftest import REPOSITORY
from tests.fakes import TickingClock
from tests.postgres import Cluster
from tests.record_factories import make_places

KILLS = 200


class SavingProgram:
    """A program whose children save until they are killed (`tests.appending_child`)."""

    def __init__(self, address: str, home: Path) -> None:
        command = [sys.executable, "-m", "tests.appending_child", address, str(home)]
        self._process = subprocess.Popen(command, cwd=REPOSITORY, stdin=PIPE, stdout=PIPE, text=True)

    def run_and_kill(self, *, start: int, after: float) -> int:
        """Save from number `start` on for so many seconds, then die; the last save that was acknowledged."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{start}\n")
        self._process.stdin.flush()
        told = [self._process.stdout.readline().split(), self._process.stdout.readline().split()]
        (pid,) = [int(words[1]) for words in told if words[0] == "pid"]
        time.sleep(after)
        os.kill(pid, signal.SIGKILL)
        while (words := self._process.stdout.readline().split()) != ["ended"]:
            told.append(words)
        return max(int(words[0]) for words in told if words[0] != "pid")

    def close(self) -> None:
        self._process.communicate()


def check_after_kill(address: str, home: Path, *, acknowledged: int) -> int:
    """Nothing lost, halved or doubled, also after the client repeats its last requests; the next save's number."""
    database = named_database(home=home, url=address)
    store = open_record_store(database, clock=TickingClock(), checkpoints=make_places(home))
    requests = [entry.request_id for entry in store.entries() if entry.request_id.startswith("save-")]
    there = max(int(request.split("-")[1]) for request in requests)
    assert acknowledged <= there <= acknowledged + 1
    for number in range(max(0, acknowledged - 3), there + 2):
        store.append_all(save_of(number))
    entries = list(store.entries())
    requests = [entry.request_id for entry in entries if entry.request_id.startswith("save-")]
    assert requests == [new.request_id for number in range(there + 2) for new in save_of(number)]
    assert list(verify_chain(entries)) == []
    assert all(store.event(entry) for entry in entries[-5:])
    store.close()
    return there + 2


def kill_rounds(address: str, home: Path, *, rounds: int, seed: int) -> int:
    """How many saves were acknowledged in all."""
    chance, start, in_all = random.Random(seed), 0, 0
    program = SavingProgram(address, home)
    for number in range(rounds):
        acknowledged = program.run_and_kill(start=start, after=chance.uniform(0.0, 0.15))
        in_all += acknowledged - start + 1
        if number % 10 == 0:
            assert audit_record(named_database(home=home, url=address), places=make_places(home)).faults == ()
        start = check_after_kill(address, home, acknowledged=acknowledged)
    program.close()
    assert audit_record(named_database(home=home, url=address), places=make_places(home)).faults == ()
    return in_all


@pytest.mark.bad_input(34)
def test_a_killed_desk_loses_nothing_that_it_acknowledged(tmp_path: Path):
    assert kill_rounds(f"sqlite:///{tmp_path}/desk.sqlite3", tmp_path, rounds=3, seed=1) >= 3


@pytest.mark.bad_input(34)
@pytest.mark.long
def test_two_hundred_kills_lose_nothing_halve_nothing_and_double_nothing(tmp_path: Path):
    acknowledged = kill_rounds(f"sqlite:///{tmp_path}/desk.sqlite3", tmp_path, rounds=KILLS, seed=2)

    assert acknowledged > KILLS
    sys.stderr.write(f"{KILLS} kills, {acknowledged} saves acknowledged, none lost\n")


@pytest.mark.long
def test_kills_lose_nothing_on_postgresql_either(postgres: Cluster, tmp_path: Path):
    assert kill_rounds(postgres.new_database(), tmp_path, rounds=20, seed=3) > 20
