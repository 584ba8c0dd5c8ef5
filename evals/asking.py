"""The one place of a run that asks a model: what it said in this run, what is cached, what may be spent, the call.

    <run>/replies.jsonl    one line a call: key, answer, whether it was cached, seconds, cost

A reply is put down before anything is made of it. A run that is killed has lost only the calls that were in flight: on
`--resume` every other reply is read from the file, so the same question is not paid for twice and the rows come out as
they would have (tests/e2e/test_killed_runs.py). Calls and money are counted from the file too, so that a limit
holds for the run and not for one start of it. A call that failed is in the file for the counting; it is asked again.
"""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from drafter.adapters.call_budget import CHARACTERS_A_TOKEN, DAY_SPENT, Limits, spent_tokens
from drafter.adapters.reply_cache import CachedReplies
from drafter.domain.draft import CallRecord
from drafter.domain.exchange.request import Answer, Request
from drafter.ports import ReplySource
from evals.errors import RunInvalid
from evals.run_folder import said_of, whole_lines

# Failures that the next call would meet as well: the run stops and says so.
HOPELESS = frozenset({"key", "forbidden", "no_model", "no_credit", "elsewhere", DAY_SPENT})


class Told(NamedTuple):
    """An answer with what it took: `cached` tells that nobody was asked for it in this run; `seconds` of the call,
    and its `cost` in the currency of the prices, None where none are set."""

    answer: Answer
    cached: bool
    seconds: float
    cost: float | None


class Stopped(Exception):
    """No further call is made in this run; its message is the sentence for the user."""


class Spending(NamedTuple):
    """What a run may spend, `at_once` calls at a time. `reply_tokens` is the most that a reply can be."""

    at_once: int
    most_calls: int | None
    most_cost: float | None
    prices: Limits
    reply_tokens: int


class AskedReplies:
    """Answers each question of a run once. Safe to be called by many threads."""

    def __init__(
        self, path: Path, calls: ReplySource, *, cache: CachedReplies, fresh: bool, spending: Spending
    ) -> None:
        self._calls = calls
        self._cache = cache
        self._fresh = fresh
        self._spending = spending
        self._priced = bool(spending.prices.price_in or spending.prices.price_out)
        self._slots = threading.BoundedSemaphore(spending.at_once)
        self._told: dict[str, Told] = {}
        self._lock = threading.Lock()
        self._stopped: str | None = None
        self._reserved = 0.0
        self.made, self.cost, self.in_flight = 0, 0.0, 0
        self._read(path)
        self._run = path.parent
        with said_of(self._run):
            self._file = path.open("ab")

    def ask(self, request: Request, *, repeat: int) -> Told:
        """The answer to a request. Raises Stopped where it is not known and nobody may be asked any more."""
        key = f"{request.case_number}\0{request.item}\0{request.digest}\0{request.seed}\0{repeat}"
        key = hashlib.sha256(key.encode("utf-8")).hexdigest()
        if (told := self._told.get(key)) is not None:
            return told
        if not self._fresh and (held := self._cache.held(request, repeat=repeat)) is not None:
            return self._keep(key, Told(held, cached=True, seconds=0.0, cost=self._price(0, 0)))
        with self._slots:
            told = self._call(key, request)
        self._cache.keep(request, told.answer, repeat=repeat)
        if told.answer.reason in HOPELESS:
            self.stop(told.answer.message)
            raise Stopped(told.answer.message)
        return told

    def _call(self, key: str, request: Request) -> Told:
        reserved = self._reserve(request)
        began = monotonic()
        try:
            answer = self._calls.answer(request)
            cost = self._price(*spent_tokens(answer, tokens_in=_tokens(request), most_out=self._spending.reply_tokens))
            return self._keep(key, Told(answer, cached=False, seconds=round(monotonic() - began, 3), cost=cost))
        finally:
            with self._lock:
                self.in_flight -= 1
                self._reserved -= reserved

    def stop(self, why: str) -> None:
        """Nobody is asked from now on; what is in flight is still put down."""
        with self._lock:
            self._stopped = self._stopped or why

    @property
    def spent(self) -> float | None:
        """What the calls of the run cost; None where no price is set."""
        return self.cost if self._priced else None

    def close(self) -> None:
        self._file.close()

    def _reserve(self, request: Request) -> float:
        """Takes one call and the most that it can cost out of what is left."""
        _, most_calls, most_cost, prices, reply_tokens = self._spending
        most = prices.cost(_tokens(request), reply_tokens)
        with self._lock:
            if most_calls is not None and self.made + self.in_flight >= most_calls:
                self._stopped = self._stopped or f"The {most_calls} calls of --max-calls are made."
            if most_cost is not None and self.cost + self._reserved + most > most_cost:
                self._stopped = self._stopped or f"The next call could go beyond --max-cost {most_cost:g}."
            if self._stopped is not None:
                raise Stopped(self._stopped)
            self.in_flight += 1
            self._reserved += most
        return most

    def _price(self, tokens_in: int, tokens_out: int) -> float | None:
        return round(self._spending.prices.cost(tokens_in, tokens_out), 6) if self._priced else None

    def _keep(self, key: str, told: Told) -> Told:
        line = {"key": key} | told._asdict() | {"answer": told.answer.model_dump()}
        text = json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n"
        with self._lock, said_of(self._run):
            self._file.write(text.encode("utf-8"))
            self._file.flush()
            self._count(key, told)
        return told

    def _count(self, key: str, told: Told) -> None:
        self.made += not told.cached
        self.cost += told.cost or 0.0
        if told.answer.fate != "failed":
            self._told[key] = told

    def _read(self, path: Path) -> None:
        """What the run was told before it was cut off."""
        whole_lines(path)
        if not path.exists():
            return
        for line in path.read_text(encoding="utf-8").split("\n"):
            if not line:
                continue
            try:
                held: dict[str, Any] = json.loads(line)
                self._count(held["key"], _read_told(held))
            except (ValueError, KeyError, TypeError):
                raise RunInvalid(
                    f"{path} holds a line that is no reply; take it out, then go on with --resume"
                ) from None


def _read_told(held: dict[str, Any]) -> Told:
    """A line of the file, without checking what this program wrote itself."""
    answer = held["answer"]
    call = CallRecord.model_construct(**answer["call"]) if answer["call"] else None
    return Told(
        Answer.model_construct(**answer | {"call": call}),
        cached=held["cached"],
        seconds=held["seconds"],
        cost=held["cost"],
    )


def _tokens(request: Request) -> int:
    return round(request.characters / CHARACTERS_A_TOKEN)
