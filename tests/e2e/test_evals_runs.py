"""`evals run` with a model, by the real command against a server on loopback."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.eval_places import EvalPlace
from tests.model_server import STATEMENT, Exchange, ModelServer, later, reply, status

CASES = 4
ITEMS = 2 * CASES
VENDORS = ("chromadb", "langchain_core", "langchain_openai", "onnxruntime", "openai")
SOUND = STATEMENT | {"text": "Low back pain was reported on 10/05/2016."}


@pytest.fixture
def place(tmp_path: Path, corpus_home: Path) -> EvalPlace:
    return EvalPlace(tmp_path, corpus_home, cases=CASES)


@pytest.mark.parametrize("stage", ["draft", "reply"])
def test_a_reply_is_asked_for_once_and_then_cached_unless_fresh_ones_are_wanted(place: EvalPlace, stage: str) -> None:
    with ModelServer(reply(SOUND)) as server:
        first = place.run("one", "--concurrency", "4", stage=stage, url=server.url)
        asked = len(server.bodies)
        again = place.run("two", stage=stage, url=server.url)
        cached = len(server.bodies)
        fresh = place.run("three", "--fresh", stage=stage, url=server.url)

    assert (first.returncode, again.returncode, fresh.returncode) == (0, 0, 0), first.stderr
    assert (asked, cached, len(server.bodies)) == (ITEMS, ITEMS, 2 * ITEMS)
    assert [row["cached"] for row in place.rows("one")] == [False] * ITEMS
    assert [row["cached"] for row in place.rows("two")] == [True] * ITEMS
    assert all(row["seconds"] is not None for row in place.rows("three"))
    assert place.rows("one")[0]["scores"]["statements"] == 1
    assert "k-secret" not in (place.folder / "one" / "replies.jsonl").read_text(encoding="utf-8")


def test_replies_that_were_collected_are_drafted_without_a_call(place: EvalPlace) -> None:
    with ModelServer(reply(SOUND)) as server:
        place.run("collected", stage="reply", url=server.url)
        drafted = place.run("drafted", stage="draft", url=server.url)

    assert drafted.returncode == 0
    assert len(server.bodies) == ITEMS
    assert {row["draft"]["statements"][0]["text"] for row in place.rows("drafted")} == {SOUND["text"]}


def test_a_run_stops_at_its_limits_and_goes_on_when_they_are_raised(place: EvalPlace) -> None:
    prices = {"DRAFTER_PRICE_IN": "1", "DRAFTER_PRICE_OUT": "2"}
    with ModelServer(reply(SOUND)) as server:
        calls = place.run("run", "--max-calls", "3", url=server.url, **prices)
        made = len(server.bodies)
        still = place.run("run", "--max-calls", "3", "--resume", url=server.url, **prices)
        money = place.run("run", "--max-cost", "0.0001", "--resume", url=server.url, **prices)
        held = len(server.bodies)
        whole = place.run("run", "--resume", url=server.url, **prices)

    assert (calls.returncode, still.returncode, money.returncode, whole.returncode) == (4, 4, 4, 0)
    assert "--max-calls" in calls.stderr
    assert "--max-cost" in money.stderr
    assert (made, held, len(server.bodies)) == (3, 3, ITEMS)
    assert place.summary("run")["metrics"]["cost"]["mean"] == pytest.approx(0.0011, abs=1e-4)


def test_an_item_whose_call_failed_is_an_error_and_no_zero_and_is_asked_again(place: EvalPlace) -> None:
    def failing(exchange: Exchange) -> None:
        (status(400) if "Acupuncture" in json.dumps(exchange.body) and exchange.item == 2 else reply(SOUND))(exchange)

    with ModelServer(failing) as server:
        broken = place.run("run", url=server.url)
        errors = [row for row in place.rows("run") if "error" in row]
        summed = place.summary("run")
    with ModelServer(reply(SOUND)) as server:
        mended = place.run("run", "--resume", url=server.url)
        asked = len(server.bodies)

    assert (broken.returncode, mended.returncode) == (4, 0)
    assert {(row["item"], row["error"]["class"]) for row in errors} == {(2, "refused")}
    assert [row["scores"] for row in errors] == [None] * CASES
    assert summed["errors"] == {"refused": CASES}
    assert summed["metrics"]["statements"] | {"n": CASES, "undefined": CASES} == summed["metrics"]["statements"]
    assert asked == CASES
    assert "errors" not in place.summary("run")
    assert len(place.rows("run")) == ITEMS


def test_a_key_that_is_refused_stops_the_run_in_one_sentence(place: EvalPlace) -> None:
    with ModelServer(status(401)) as server:
        done = place.run("run", "--concurrency", "1", url=server.url)

    assert done.returncode == 4
    assert "refuses the key" in done.stderr
    assert len(server.bodies) == 1
    assert "Traceback" not in done.stderr


def test_repeats_are_asked_apart_and_a_seed_is_raised_with_each(place: EvalPlace) -> None:
    with ModelServer(reply(SOUND)) as server:
        done = place.run("run", "--repeats", "2", "--seed", "5", url=server.url)
        again = place.run("again", "--repeats", "2", "--seed", "5", url=server.url)

    assert (done.returncode, again.returncode) == (0, 0)
    assert sorted(body["seed"] for body in server.bodies) == [5] * ITEMS + [6] * ITEMS
    assert sorted(row["repeat"] for row in place.rows("run")) == [0] * ITEMS + [1] * ITEMS
    assert place.summary("run")["items"] == ITEMS


def test_recorded_replies_are_waited_for_and_then_gone_on_with(place: EvalPlace) -> None:
    told = ("run", "set", "--out", "run", "--stage", "draft", "--model", "replay:replies")
    waiting = place(*told)
    pending = sorted((place.folder / "replies" / "pending").glob("*.json"))
    for path in pending:
        item = json.loads(path.read_text(encoding="utf-8"))["item"]
        answer = {"reply": {"item": item, "statements": [SOUND]}}
        (place.folder / "replies" / path.name).write_text(json.dumps(answer), encoding="utf-8")
    whole = place(*told, "--resume")

    assert (waiting.returncode, whole.returncode) == (4, 0), whole.stderr
    assert "DIR/pending" in waiting.stderr
    assert len(pending) == ITEMS
    assert len(place.rows("run")) == ITEMS


def test_an_interrupted_run_keeps_what_was_under_way(place: EvalPlace) -> None:
    with ModelServer(later(0.3, reply(SOUND))) as server:
        told = place.command(*place.options("run", "--concurrency", "2"), url=server.url)
        with subprocess.Popen(**told, stderr=subprocess.PIPE, start_new_session=True) as running:
            _until(lambda: len(server.bodies) >= 3)
            running.send_signal(signal.SIGINT)
            _, said = running.communicate(timeout=60)
        asked = len(server.bodies)
        whole = place.run("run", "--resume", url=server.url)

    assert running.returncode == 130, said
    assert "--resume goes on" in said
    assert asked < ITEMS
    assert whole.returncode == 0
    assert len(server.bodies) == ITEMS


def test_what_is_stored_is_drafted_without_index_chain_or_client(place: EvalPlace) -> None:
    told = ("run", "set", "--stage", "draft", "--model", "replay:replies", "--concurrency", "1", "--out")
    place(*told, "first")
    script = f"""
import sys
from evals.cli import main
try:
    main({[*told, "second"]!r})
except SystemExit as end:
    print(end.code)
print([name for name in {VENDORS!r} if name in sys.modules])
"""
    command = place.command()
    again = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=False, timeout=60,
        text=True, env=command["env"], cwd=command["cwd"],
    )  # fmt: skip

    assert again.stdout.splitlines() == ["4", "[]"], again.stderr


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    assert true()
