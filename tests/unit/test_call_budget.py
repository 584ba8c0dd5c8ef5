"""Nothing is spent beyond what is allowed, every call is logged, and no log holds a word of a case."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from drafter.adapters.call_budget import BudgetedCalls, Limits
from drafter.adapters.reply_cache import CachedReplies
from drafter.domain.draft import CallRecord
from drafter.domain.exchange.request import Answer, Listener, Request
from tests.model_factories import ScriptedReplies, SetClock

WORDS = "The worker complained of low back pain."


def request(text: str = WORDS, *, case: str = "A", item: int = 1) -> Request:
    return Request(system="", user=text, case_number=case, item=item)


def answer(text: str = "reply") -> Answer:
    call = CallRecord(request_sha256="r", reply_sha256="s", model="m", tokens_in=100, tokens_out=50)
    return Answer(fate="complete", text=text, call=call)


def budgeted(folder: Path, source: Any, **limits: Any) -> BudgetedCalls:
    return BudgetedCalls(source, folder, limits=Limits(**limits), reply_tokens=100, clock=SetClock())


def test_a_call_that_is_too_large_is_not_sent(tmp_path: Path) -> None:
    source = ScriptedReplies()

    refused = budgeted(tmp_path, source, tokens_a_call=150).answer(request("word " * 1000))

    assert (refused.fate, source.requests) == ("failed", [])
    assert refused.message.startswith("Nothing was sent: the call needs")


@pytest.mark.bad_input(33)
def test_a_case_and_a_day_have_their_own_limits(tmp_path: Path) -> None:
    by_case = budgeted(tmp_path / "case", ScriptedReplies(answer(), answer()), tokens_a_case=200)
    fates = [by_case.answer(request(case=case)).fate for case in ("A", "A", "B")]
    assert fates == ["complete", "failed", "complete"]

    by_day = budgeted(tmp_path / "day", ScriptedReplies(answer()), tokens_a_day=200)
    assert [by_day.answer(request(case=case)).fate for case in ("A", "B")] == ["complete", "failed"]


def test_what_was_spent_before_a_restart_counts(tmp_path: Path) -> None:
    limits: dict[str, Any] = {"cost_a_day": 0.0005, "price_in": 1.0, "price_out": 4.0}
    assert budgeted(tmp_path, ScriptedReplies(answer()), **limits).answer(request()).fate == "complete"

    again = budgeted(tmp_path, ScriptedReplies(), **limits).answer(request())

    assert again.message == "Nothing was sent: the day's budget of 0.0005 is spent; drafting goes on tomorrow."


@pytest.mark.bad_input(27)
def test_calls_in_flight_cannot_overspend_together(tmp_path: Path) -> None:
    inside, go = threading.Barrier(2), threading.Event()

    class Slow:
        spec = "openai:slow"

        def answer(self, request: Request, *, listen: Listener | None = None) -> Answer:
            inside.wait(5)
            go.wait(5)
            return answer()

    calls = budgeted(tmp_path, Slow(), tokens_a_day=200)
    thread = threading.Thread(target=lambda: calls.answer(request()))
    thread.start()
    inside.wait(5)
    second = calls.answer(request(case="B"))
    go.set()
    thread.join()

    assert second.fate == "failed"


def test_the_log_tells_hashes_sizes_and_cost_and_not_a_word(tmp_path: Path) -> None:
    budgeted(tmp_path, ScriptedReplies(answer("[NAME-1] has pain.")), price_in=1.0, price_out=4.0).answer(request())
    (line,) = (tmp_path / "2026-11-24.jsonl").read_text(encoding="utf-8").splitlines()
    told = json.loads(line)

    assert told["request_sha256"] == request().digest
    assert (told["tokens_in"], told["tokens_out"], told["cost"]) == (100, 50, 0.0003)
    assert not any(word in line for word in ("worker", "pain", "NAME"))


def test_a_reply_that_was_paid_for_is_not_paid_for_again(tmp_path: Path) -> None:
    source = ScriptedReplies(answer(), answer("other"))

    def ask(settings: str = "m", **given: Any) -> Answer:
        return CachedReplies(source, tmp_path, settings=settings).answer(request(**given))

    assert ask() == ask()
    assert len(source.requests) == 1
    assert ask(settings="other model").text == "other"


def test_a_reply_is_kept_for_its_own_case_only(tmp_path: Path) -> None:
    source = ScriptedReplies(answer("of A"), answer("of B"))
    cache = CachedReplies(source, tmp_path, settings="m")

    assert [cache.answer(request(case=case)).text for case in ("A", "B", "A")] == ["of A", "of B", "of A"]


@pytest.mark.bad_input(30)
def test_failures_are_not_kept_and_a_refusal_is_kept_apart(tmp_path: Path) -> None:
    declined = answer("I will not.").model_copy(update={"fate": "declined"})
    source = ScriptedReplies(Answer(fate="failed", message="x"), declined, answer())
    cache = CachedReplies(source, tmp_path, settings="m")

    assert [cache.answer(request()).fate for _ in range(3)] == ["failed", "declined", "complete"]
    assert len(list((tmp_path / "declined").glob("*.json"))) == 1


def test_a_damaged_file_of_the_cache_is_asked_again(tmp_path: Path) -> None:
    cache = CachedReplies(ScriptedReplies(answer(), answer("again")), tmp_path, settings="m")
    cache.answer(request())
    (file,) = tmp_path.glob("*.json")
    file.write_text("{", encoding="utf-8")

    assert cache.answer(request()).text == "again"
