"""What may be spent, asked before anything is sent; and the log of every call, without a word of it.

    <home>/calls/2026-11-24.jsonl    one line a call: hashes, sizes, seconds, tokens, cost, how it ended

A call is reserved at the most that it can cost before it is sent and settled at what it did cost, so that several calls
in flight cannot overspend together. The day's sum is read from the log, so that a restart forgets nothing; several
programs of one home share it, each seeing what the others have settled.
"""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from drafter.domain.exchange.request import Answer, Listener, Request
from drafter.domain.model import DomainModel
from drafter.domain.watching import UNWATCHED, Facts, Tell
from drafter.ports import Clock, MayRest, ReplySource, Watch

CHARACTERS_A_TOKEN = 3.5  # English prose runs at 4 to 5; a reserve must not be too small

CALL_LIMIT, DAY_SPENT = "call-limit", "day-spent"  # reasons of an answer that nobody was asked for


class Limits(DomainModel):
    """Tokens (prompt and reply together) a call, case and day, and money a day; None: no limit.

    `price_in` and `price_out` are a currency's units a million tokens.
    """

    tokens_a_call: int | None = None
    tokens_a_case: int | None = None
    tokens_a_day: int | None = None
    cost_a_day: float | None = None
    price_in: float = 0.0
    price_out: float = 0.0

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        return (tokens_in * self.price_in + tokens_out * self.price_out) / 1_000_000


class BudgetedCalls:
    """A `ReplySource` that refuses what would overspend, and logs what was asked."""

    def __init__(
        self,
        source: ReplySource,
        folder: Path,
        *,
        limits: Limits,
        reply_tokens: int,
        clock: Clock,
        watch: Watch = UNWATCHED,
    ) -> None:
        self._source = source
        self._folder = folder
        self._limits = limits
        self._reply_tokens = reply_tokens
        self._clock = clock
        self._watch = watch
        self._lock = threading.Lock()
        self._reserved: Counter[str] = Counter()
        self._reserved_cost = 0.0
        self._cases: Counter[str] = Counter()

    @property
    def spec(self) -> str:
        return self._source.spec

    @property
    def resting(self) -> bool:
        """See `drafter.ports.MayRest`."""
        return isinstance(self._source, MayRest) and self._source.resting

    def answer(self, request: Request, *, listen: Listener | None = None) -> Answer:
        """See `ReplySource.answer`."""
        with self._watch.step("model", Facts(model=self.spec, characters=request.characters)) as tell:
            answer = self._answer(request, listen, tell)
            tell(Facts(outcome=answer.fate, reason=answer.reason))
            return answer

    def _answer(self, request: Request, listen: Listener | None, tell: Tell) -> Answer:
        tokens_in = round(request.characters / CHARACTERS_A_TOKEN)
        whole, cost = tokens_in + self._reply_tokens, self._limits.cost(tokens_in, self._reply_tokens)
        case = request.case_number or ""
        with self._lock:
            refused = self._refused(case, whole, cost)
            if refused:
                return refused
            self._reserved["tokens"] += whole
            self._reserved_cost += cost
            self._cases[case] += whole
        began, answer = self._clock.monotonic(), None
        try:
            answer = self._source.answer(request, listen=listen)
            return answer
        finally:
            spent = spent_tokens(answer, tokens_in=tokens_in, most_out=self._reply_tokens)
            tell(Facts(tokens_in=spent[0], tokens_out=spent[1], cost=self._limits.cost(*spent)))
            with self._lock:
                self._reserved["tokens"] -= whole
                self._reserved_cost -= cost
                self._cases[case] += sum(spent) - whole
                self._log(request, answer, spent=spent, seconds=self._clock.monotonic() - began)

    def _refused(self, case: str, tokens: int, cost: float) -> Answer | None:
        limits = self._limits
        if limits.tokens_a_call is not None and tokens > limits.tokens_a_call:
            told = f"the call needs up to {tokens} tokens, and a call may take {limits.tokens_a_call}."
            return _unsent(CALL_LIMIT, told)
        if limits.tokens_a_case is not None and self._cases[case] + tokens > limits.tokens_a_case:
            return _unsent(CALL_LIMIT, f"the {limits.tokens_a_case} tokens of this case are spent; write it by hand.")
        if limits.tokens_a_day is None and limits.cost_a_day is None:
            return None
        day_tokens, day_cost = self._spent_today()
        if limits.tokens_a_day is not None and day_tokens + self._reserved["tokens"] + tokens > limits.tokens_a_day:
            told = f"the {limits.tokens_a_day} tokens of the day are spent; drafting goes on tomorrow."
            return _unsent(DAY_SPENT, told)
        if limits.cost_a_day is not None and day_cost + self._reserved_cost + cost > limits.cost_a_day:
            told = f"the day's budget of {limits.cost_a_day:g} is spent; drafting goes on tomorrow."
            return _unsent(DAY_SPENT, told)
        return None

    def _spent_today(self) -> tuple[int, float]:
        tokens, cost = 0, 0.0
        for line in self._lines():
            tokens += int(line.get("tokens_in") or 0) + int(line.get("tokens_out") or 0)
            cost += float(line.get("cost") or 0.0)
        return tokens, cost

    def _lines(self) -> Iterator[dict[str, float]]:
        try:
            text = self._path().read_text(encoding="utf-8")
        except OSError:
            return
        for line in text.splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue  # cut off by a kill; what it would have told was never settled

    def _path(self) -> Path:
        return self._folder / f"{self._clock.today().isoformat()}.jsonl"

    def _log(self, request: Request, answer: Answer | None, *, spent: tuple[int, int], seconds: float) -> None:
        call = answer.call if answer else None
        line = {
            "at": self._clock.now().isoformat(timespec="seconds"),
            "spec": self.spec,
            "request_sha256": request.digest,
            "request_characters": request.characters,
            "reply_sha256": call.reply_sha256 if call else None,
            "reply_characters": len(answer.text) if answer else 0,
            "fate": answer.fate if answer else "interrupted",
            "seconds": round(seconds, 3),
            "tokens_in": spent[0],
            "tokens_out": spent[1],
            "cost": round(self._limits.cost(*spent), 6),
        }
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            own = os.open(self._path(), os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
            with open(own, "a", encoding="utf-8") as file:
                file.write(json.dumps(line, sort_keys=True) + "\n")
        except OSError:
            return


def _unsent(reason: str, told: str) -> Answer:
    return Answer(fate="failed", message=f"Nothing was sent: {told}", reason=reason)


def spent_tokens(answer: Answer | None, *, tokens_in: int, most_out: int) -> tuple[int, int]:
    """Tokens in and out: as the server told, else as estimated; a call that was cut off counts whole."""
    if answer is None:
        return tokens_in, most_out
    if answer.call is None:
        return 0, 0
    told_in, told_out = answer.call.tokens_in, answer.call.tokens_out
    estimated = round(len(answer.text) / CHARACTERS_A_TOKEN)
    return told_in if told_in is not None else tokens_in, told_out if told_out is not None else estimated
