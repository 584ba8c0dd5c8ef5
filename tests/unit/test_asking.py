"""The questions of a run: asked once, within limits, and known again after a crash."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from drafter.adapters.call_budget import Limits
from drafter.adapters.reply_cache import CachedReplies
from drafter.domain.draft import CallRecord
from drafter.domain.exchange.request import Answer, Listener, Request
from evals.asking import AskedReplies, Spending, Stopped
from evals.errors import RunInvalid


class Echo:
    """Answers with the item's number, after all who are meant to be in flight have come."""

    spec = "openai:echo"

    def __init__(self, *, fails: str = "", together: int = 1) -> None:
        self.asked: list[int] = []
        self.most_at_once = 0
        self._fails = fails
        self._now = 0
        self._lock = threading.Lock()
        self._together = threading.Barrier(together, timeout=5)

    def answer(self, request: Request, *, listen: Listener | None = None) -> Answer:
        with self._lock:
            self.asked.append(request.item)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        self._together.wait()
        with self._lock:
            self._now -= 1
        if self._fails:
            return Answer(fate="failed", message="It failed.", reason=self._fails)
        call = CallRecord(request_sha256=request.digest, model="echo", tokens_in=100, tokens_out=50)
        return Answer(fate="complete", text=str(request.item), call=call)


def question(item: int) -> Request:
    return Request(system="s", user=f"Item {item}", case_number="C", item=item)


Asking = Callable[..., AskedReplies]


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    """Opens the questions of a run in a folder, and closes them after the test."""
    opened: list[AskedReplies] = []

    def begin(source: Echo, *, folder: str = "run", fresh: bool = True, **spending: Any) -> AskedReplies:
        told = {"at_once": 4, "most_calls": None, "most_cost": None, "prices": Limits(), "reply_tokens": 50} | spending
        (tmp_path / folder).mkdir(exist_ok=True)
        path, cache = tmp_path / folder / "replies.jsonl", CachedReplies(source, tmp_path / "cache", settings="echo")
        opened.append(AskedReplies(path, source, cache=cache, fresh=fresh, spending=Spending(**told)))
        return opened[-1]

    yield begin
    for one in opened:
        one.close()


def test_a_question_is_asked_once_in_a_run_and_known_again_after_a_crash(asking: Asking):
    source = Echo()
    first = asking(source)
    told = first.ask(question(1), repeat=0)
    first.close()
    again = asking(source)

    assert again.ask(question(1), repeat=0) == told
    assert source.asked == [1]
    assert (again.made, told.cached) == (1, False)


def test_repeats_are_different_questions_each_with_its_place_in_the_cache(asking: Asking):
    source = Echo()
    for folder in ("one", "two"):
        run = asking(source, folder=folder, fresh=False)
        told = [run.ask(question(1), repeat=repeat) for repeat in (0, 1)]

    assert source.asked == [1, 1]
    assert [one.cached for one in told] == [True, True]


def test_a_torn_last_line_is_cut_and_its_question_asked_again(asking: Asking, tmp_path: Path):
    source, path = Echo(), tmp_path / "run" / "replies.jsonl"
    run = asking(source)
    run.ask(question(1), repeat=0)
    run.ask(question(2), repeat=0)
    run.close()
    path.write_bytes(path.read_bytes()[:-9])
    again = asking(source)
    for item in (1, 2):
        again.ask(question(item), repeat=0)

    assert source.asked == [1, 2, 2]


def test_a_line_that_is_no_reply_is_said(asking: Asking, tmp_path: Path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "replies.jsonl").write_text("nonsense\n", encoding="utf-8")

    with pytest.raises(RunInvalid, match="no reply"):
        asking(Echo())


def test_no_more_calls_are_made_than_may_be_however_many_ask_at_once(asking: Asking):
    source = Echo()
    run = asking(source, most_calls=5, at_once=8)

    def ask(item: int) -> str:
        try:
            return run.ask(question(item), repeat=0).answer.text
        except Stopped as stopped:
            return str(stopped)

    with ThreadPoolExecutor(16) as pool:
        asked = list(pool.map(ask, range(40)))

    assert len(source.asked) == 5
    assert sum("--max-calls" in told for told in asked) == 35


def test_no_call_is_made_that_could_cost_more_than_is_left(asking: Asking):
    prices = Limits(price_in=1_000_000, price_out=1_000_000)
    source = Echo()
    run = asking(source, prices=prices, most_cost=320.0)
    told = [run.ask(question(item), repeat=0) for item in (1, 2)]
    with pytest.raises(Stopped, match="--max-cost"):
        run.ask(question(3), repeat=0)

    assert [one.cost for one in told] == [150.0, 150.0]
    assert run.spent == 300.0


def test_a_limit_holds_for_the_run_and_not_for_one_start_of_it(asking: Asking):
    source = Echo()
    asking(source, most_calls=2).ask(question(1), repeat=0)
    again = asking(source, most_calls=2)
    again.ask(question(2), repeat=0)
    with pytest.raises(Stopped):
        again.ask(question(3), repeat=0)

    assert again.ask(question(1), repeat=0).answer.text == "1"


def test_calls_are_made_side_by_side_and_never_more_than_allowed(asking: Asking):
    source = Echo(together=3)
    run = asking(source, at_once=3)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda item: run.ask(question(item), repeat=0), range(12)))

    assert source.most_at_once == 3


def test_a_call_that_failed_counts_and_is_asked_again(asking: Asking):
    failing = asking(Echo(fails="slow"))
    assert failing.ask(question(1), repeat=0).answer.fate == "failed"
    source = Echo()
    again = asking(source, fresh=False)

    assert again.made == 1
    assert again.ask(question(1), repeat=0).answer.text == "1"


@pytest.mark.parametrize("reason", ["key", "no_model", "no_credit", "day-spent"])
def test_what_every_call_would_meet_stops_the_run(asking: Asking, reason: str):
    source = Echo(fails=reason)
    run = asking(source)
    for item in (1, 2):
        with pytest.raises(Stopped, match="It failed"):
            run.ask(question(item), repeat=0)

    assert source.asked == [1]


def test_after_an_interruption_nobody_is_asked_but_what_is_known_is_told(asking: Asking):
    source = Echo()
    run = asking(source)
    run.ask(question(1), repeat=0)
    run.stop("Interrupted.")

    assert run.ask(question(1), repeat=0).answer.text == "1"
    with pytest.raises(Stopped):
        run.ask(question(2), repeat=0)


def test_the_file_holds_one_line_a_call(asking: Asking, tmp_path: Path):
    run = asking(Echo())
    run.ask(question(1), repeat=0)
    (line,) = (tmp_path / "run" / "replies.jsonl").read_text(encoding="utf-8").splitlines()

    assert set(json.loads(line)) == {"key", "answer", "cached", "seconds", "cost"}
