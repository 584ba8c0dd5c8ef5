"""A run is killed at random moments and resumed: no finished row is lost, and nothing is asked twice that was told.

The real command against a server on loopback that counts; `kill -9`, so that nothing of ours has a say.
"""

from __future__ import annotations

import json
import random
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from evals.benchmarks.reply_server import ReplyServer, reply_server
from tests.eval_places import EvalPlace

CASES = 12
IN_FLIGHT = 4
SECONDS = 0.05
KILLS = 25  # of each stage


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, corpus_home: Path) -> EvalPlace:
    return EvalPlace(tmp_path_factory.mktemp("killed"), corpus_home, cases=CASES)


@pytest.mark.long
@pytest.mark.parametrize("stage", ["draft", "reply"])
def test_a_run_that_is_killed_loses_no_row_and_repeats_no_more_calls_than_were_in_flight(
    place: EvalPlace, stage: str
) -> None:
    chance = random.Random(20161228)
    options = ("--fresh", "--concurrency", str(IN_FLIGHT))
    with reply_server(SECONDS) as server:
        place.run(f"{stage}-warm", *options, stage=stage, url=server.url)
        before = server.requests
        done = place.run(f"{stage}-whole", *options, stage=stage, url=server.url)
        calls = server.requests - before
        assert done.returncode == 0, done.stderr
        whole, cut_short = _without_times(place, f"{stage}-whole"), 0
        for kill in range(KILLS):
            out = f"{stage}-{kill}"
            before = server.requests
            told = place.command(*place.options(out, *options, stage=stage), url=server.url)
            with subprocess.Popen(**told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
                _until(server, before + chance.randint(0, calls), running)
                time.sleep(chance.uniform(0, 2 * SECONDS))
                running.kill()
            kept = place.lines(out)
            time.sleep(2 * SECONDS)  # what was sent before the kill has arrived
            resumed = place.run(out, *options, "--resume", stage=stage, url=server.url)
            asked = server.requests - before

            assert resumed.returncode == 0, resumed.stderr
            assert set(kept) <= set(place.lines(out))
            assert calls <= asked <= calls + IN_FLIGHT
            assert _without_times(place, out) == whole
            cut_short += 0 < len(kept) < place.items
    assert cut_short > KILLS // 4, "the moments were too early or too late to show anything"


def test_a_worker_without_its_parent_ends(place: EvalPlace) -> None:
    with reply_server(30) as server:
        told = place.command(*place.options("orphans", "--concurrency", str(IN_FLIGHT)), url=server.url)
        with subprocess.Popen(**told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            _until(server, 1, running)
            workers = _children(running.pid)
            running.kill()
        end = time.monotonic() + 10
        while any(Path(f"/proc/{worker}").exists() for worker in workers) and time.monotonic() < end:
            time.sleep(0.05)

    assert workers
    assert not [worker for worker in workers if Path(f"/proc/{worker}").exists()]


def _without_times(place: EvalPlace, out: str) -> str:
    """The summary as it lies on disk, the seconds of the calls taken out."""
    summary: dict[str, Any] = place.summary(out)
    summary["metrics"].pop("seconds", None)
    return json.dumps(summary, sort_keys=True)


def _until(server: ReplyServer, requests: int, running: subprocess.Popen[Any]) -> None:
    """Until the server has had so many requests; at the latest when the run has ended."""
    while server.requests < requests and running.poll() is None:
        time.sleep(0.005)


def _children(parent: int) -> list[str]:
    return Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="utf-8").split()
