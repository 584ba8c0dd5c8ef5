"""`openai:MODEL` against a server on loopback that misbehaves: every fault ends in a draft or in one sentence.

Both ways to ask are held to the same: through LangChain, and by HTTP alone.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from drafter.adapters.chat_source import ChatSource, Line, Server
from drafter.adapters.clock import SystemClock
from drafter.adapters.http_line import HttpLine
from drafter.adapters.rationale_chain import LangChainLine
from drafter.domain.draft import ItemDraft
from drafter.domain.exchange.request import Request, Turn
from tests.model_factories import Hearing, SetClock, back_case, drafts_of, make_model
from tests.model_server import (
    STATEMENT,
    Exchange,
    ModelServer,
    Step,
    cut_body,
    drip,
    knows,
    later,
    ok,
    own_certificate,
    refusal,
    reply,
    reset,
    stall,
    status,
)

QUOTA = {"message": "You exceeded your current quota", "type": "insufficient_quota", "code": "insufficient_quota"}
CONTEXT = {"message": "maximum context length is 8192 tokens", "code": "context_length_exceeded", "type": "x"}
NO_MODEL = {"message": "The model `x` does not exist", "code": "model_not_found", "type": "x"}
UNKNOWN_LIMIT = {"message": "Unsupported parameter: 'max_completion_tokens'", "param": "max_completion_tokens"}
DRAFTED = "drafted"


class QuickClock(SystemClock):
    """Real time, but nobody waits between two tries."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


Source = Callable[..., ChatSource]


LINES: dict[str, Callable[[Server], Line]] = {"langchain": LangChainLine, "http": HttpLine}


@pytest.fixture(params=LINES)
def source(request: pytest.FixtureRequest) -> Iterator[Source]:
    """Makes sources of either line and closes them after the test. A call may take a minute: how fast this machine is
    decides no test."""
    made: list[ChatSource] = []

    def make(
        server: ModelServer, *, seconds: float = 60.0, clock: Any = None, line: str = request.param, **given: Any
    ) -> ChatSource:
        key = given.pop("key", lambda: SecretStr("k-1"))
        told = Server(model="loopback-1", base_url=server.url, key=key, call_seconds=seconds, **given)
        made.append(ChatSource(told, connect=LINES[line], clock=clock or QuickClock()))
        return made[-1]

    yield make
    for one in made:
        one.close()


def ended(draft: ItemDraft) -> str:
    """How an item ended: drafted, or the check that says why not."""
    blockers = [finding.check for finding in draft.findings if finding.severity == "blocker"]
    return blockers[0] if blockers else DRAFTED


def statements(count: int) -> list[dict[str, Any]]:
    return [STATEMENT | {"text": f"Low back pain was reported, sentence {n}."} for n in range(count)]


# What goes on record with the draft, and what is said where there is none.
TRIES = {"500, 500, then sound": 3, "a sound reply": 1}
SAID = {
    "429 that asks for longer than there is": "asks to wait 120 s",
    "refusal": "The model declined",
    "cut at its limit twice": "Draft incomplete",
}

# Each sequence: the server's script, how the item ends, and how many requests that took.
SEQUENCES: dict[str, tuple[list[Step], str, int]] = {
    "a sound reply": ([reply()], DRAFTED, 1),
    "a reply without usage": ([reply(usage=False)], DRAFTED, 1),
    "500, 500, then sound": ([status(500), status(500), reply()], DRAFTED, 3),
    "502, then sound": ([status(502, body=b"<html>bad gateway</html>"), reply()], DRAFTED, 2),
    "503 with Retry-After": ([status(503, Retry_After="1"), reply()], DRAFTED, 2),
    "504, then sound": ([status(504), reply()], DRAFTED, 2),
    "529 overloaded": ([status(529), reply()], DRAFTED, 2),
    "500 for ever": ([status(500)], "model-failed", 4),
    "429 with Retry-After 1": ([status(429, Retry_After="1"), reply()], DRAFTED, 2),
    "429 with Retry-After in milliseconds": ([status(429, retry_after_ms="20"), reply()], DRAFTED, 2),
    "429 with a date": ([status(429, Retry_After="Tue, 24 Nov 2020 12:00:00 GMT"), reply()], DRAFTED, 2),
    "429 with nonsense": ([status(429, Retry_After="soon"), reply()], DRAFTED, 2),
    "429 that asks for longer than there is": ([status(429, Retry_After="120")], "model-failed", 1),
    "429 for ever": ([status(429)], "model-failed", 4),
    "429 because the account is empty": ([status(429, error=QUOTA)], "model-failed", 1),
    "401": ([status(401)], "model-failed", 1),
    "402": ([status(402)], "model-failed", 1),
    "403": ([status(403)], "model-failed", 1),
    "404, no such model": ([status(404, error=NO_MODEL)], "model-failed", 1),
    "404 as a page": ([status(404, body=b"<html>not here</html>")], "model-failed", 1),
    "400": ([status(400)], "model-failed", 1),
    "400, unknown limit": ([status(400, error=UNKNOWN_LIMIT), reply()], DRAFTED, 2),
    "408, then sound": ([status(408), reply()], DRAFTED, 2),
    "409, then sound": ([status(409), reply()], DRAFTED, 2),
    "413, too long": ([status(413, error=CONTEXT), reply()], DRAFTED, 2),
    "400, too long, with and without passages": ([status(400, error=CONTEXT)], "prompt-too-long", 2),
    "knows no schema": ([knows("json_object", then=reply())], DRAFTED, 2),
    "knows neither": ([knows("text", then=reply())], DRAFTED, 3),
    "redirect": ([status(307, Location="http://127.0.0.1:9/v1/chat/completions")], "model-failed", 1),
    "connection ends without an answer": ([reset(), reply()], DRAFTED, 2),
    "connection ends in the middle": ([cut_body(), reply()], DRAFTED, 2),
    "refusal": ([refusal()], "model-declined", 1),
    "content filter": ([reply(text="", finish="content_filter")], "model-failed", 1),
    "cut at its limit, then whole": ([reply(text='{"item": 1, "st', finish="length"), reply()], DRAFTED, 2),
    "cut at its limit twice": ([reply(text='{"item": 1, "st', finish="length")], "reply-cut", 2),
    "an empty reply": ([reply(text="")], "reply-unusable", 1),
    "no JSON": ([reply(text="Here is the rationale you asked for.")], "reply-unusable", 1),
    "JSON in a fence": ([reply(text='```json\n{"item": 1, "statements": []}\n```')], "reply-unusable", 1),
    "another schema": ([reply(text='{"rationale": "It is not necessary."}')], "reply-unusable", 1),
    "a decision of its own": (
        [reply(text=json.dumps({"item": 1, "statements": [STATEMENT], "decision": "overturned"}))],
        "reply-unusable",
        1,
    ),
    "200 with a page": ([ok(b"<html>sign in</html>", kind="text/html"), reply()], DRAFTED, 2),
    "200 without choices": ([ok(b'{"id": "c", "choices": []}'), reply()], DRAFTED, 2),
    "200 with null choices": ([ok(b'{"id": "c", "choices": null}'), reply()], DRAFTED, 2),
    "200 with half a JSON": ([ok(b'{"id": "c", "cho'), reply()], DRAFTED, 2),
}


@pytest.mark.bad_input(27)
@pytest.mark.bad_input(28)
@pytest.mark.bad_input(31)
@pytest.mark.parametrize("name", SEQUENCES)
@pytest.mark.parametrize("listened", [False, True], ids=["whole", "streamed"])
def test_every_fault_ends_in_a_draft_or_in_one_sentence(source: Source, name: str, listened: bool) -> None:
    script, end, requests = SEQUENCES[name]
    heard = Hearing()
    with ModelServer(*script) as server:
        (draft,) = drafts_of(make_model(source(server), listen=heard if listened else None))

    assert ended(draft) == end, draft.findings
    assert bool(draft.statements) is (end == DRAFTED)
    assert draft.criteria
    if end == DRAFTED and listened:
        assert heard.told[-1].statement == draft.statements[-1]
    if not listened or "200" not in name:
        assert len(server.bodies) == requests
    assert not draft.calls or draft.calls[-1].tries == TRIES.get(name, draft.calls[-1].tries)
    assert SAID.get(name, "") in " ".join(finding.message for finding in draft.findings)
    for finding in draft.findings:
        assert "Low back pain" not in finding.message
        assert "<html>" not in finding.message


@pytest.mark.bad_input(29)
@pytest.mark.parametrize("step", [stall(30), drip(30)], ids=["stall", "drip"])
def test_a_server_that_does_not_finish_is_left_at_the_deadline(source: Source, step: Step) -> None:
    with ModelServer(step) as server:
        began = time.monotonic()
        (draft,) = drafts_of(make_model(source(server, seconds=2)))
        took = time.monotonic() - began

    assert ended(draft) == "model-failed"
    assert took < 20
    assert len(server.bodies) == 1


@pytest.mark.bad_input(26)
def test_nobody_there_is_said_at_once_and_not_tried_for_ever(source: Source) -> None:
    with ModelServer() as server:
        pass
    clock = SetClock()
    chat = source(server, clock=clock)
    drafts = drafts_of(make_model(chat), back_case(items=3))

    assert [ended(draft) for draft in drafts] == ["model-failed"] * 3
    assert "Model unreachable: write this item manually, or retry later" in drafts[0].findings[0].message
    assert sum(clock.slept) < 10


def test_a_server_whose_certificate_nobody_vouches_for_is_sent_nothing(source: Source, tmp_path: Path) -> None:
    with ModelServer(certificate=own_certificate(tmp_path / "own.pem")) as server:
        drafts = drafts_of(make_model(source(server)), back_case(items=3), at_once=3)

    assert [ended(draft) for draft in drafts] == ["model-failed"] * 3
    assert server.bodies == []


def test_what_a_server_knows_is_remembered(source: Source) -> None:
    with ModelServer(knows("json_object", then=reply())) as server:
        drafts_of(make_model(source(server)), back_case(items=3))

    forms = [body["response_format"]["type"] for body in server.bodies]
    assert forms == ["json_schema", "json_object", "json_object", "json_object"]


def test_items_are_written_side_by_side_and_fewer_after_too_many(source: Source) -> None:
    with ModelServer(later(0.1, reply())) as server:
        drafts = drafts_of(make_model(source(server, at_once=4)), back_case(items=8), at_once=8)
    assert [draft.item for draft in drafts] == list(range(1, 9))
    assert [ended(draft) for draft in drafts] == [DRAFTED] * 8
    assert 2 <= server.most_at_once <= 4

    with ModelServer(status(429), status(429), later(0.05, reply())) as busy:
        drafts = drafts_of(make_model(source(busy, at_once=4)), back_case(items=8), at_once=8)
    assert [ended(draft) for draft in drafts] == [DRAFTED] * 8


def test_a_limit_that_a_server_does_not_take_is_left_out_by_every_call_in_flight(source: Source) -> None:
    def picky(exchange: Exchange) -> None:
        time.sleep(0.1)
        limited = "max_completion_tokens" in exchange.body
        (status(400, error=UNKNOWN_LIMIT) if limited else reply())(exchange)

    with ModelServer(picky) as server:
        drafts = drafts_of(make_model(source(server, at_once=4)), back_case(items=4), at_once=4)

    assert [ended(draft) for draft in drafts] == [DRAFTED] * 4


def test_both_lines_send_the_same(source: Source) -> None:
    asked = Request(system="s", user="Item 1: é", item=1, seed=7, turns=(Turn(role="assistant", content="r"),))
    bodies = []
    for line in LINES:
        with ModelServer() as server:
            source(server, line=line).answer(asked)
        bodies.append({name: told for name, told in server.bodies[0].items() if name != "stream"})

    assert bodies[0] == bodies[1]
    assert bodies[0]["seed"] == 7


def test_a_new_key_needs_no_restart(source: Source) -> None:
    keys = iter(["k-old", "k-new"])
    with ModelServer() as server:
        chat = source(server, key=lambda: SecretStr(next(keys)))
        drafts_of(make_model(chat), back_case(items=2))

    assert server.keys == ["Bearer k-old", "Bearer k-new"]


def test_words_that_were_taken_out_stop_the_request_in_its_bytes(source: Source) -> None:
    with ModelServer() as server:
        answer = source(server).answer(Request(system="s", user="Item 1: seen by Okonkwo", item=1, taken=("Okonkwo",)))

    assert answer.fate == "failed"
    assert answer.message.startswith("Nothing was sent")
    assert server.bodies == []


def test_a_call_that_is_interrupted_leaves_nothing_behind(source: Source) -> None:
    with ModelServer(stall(20)) as server:
        chat = source(server, seconds=20)
        done = threading.Event()

        def ask() -> None:
            chat.answer(Request(system="s", user="Item 1: x", item=1))
            done.set()

        threading.Thread(target=ask, daemon=True).start()
        _until(lambda: bool(server.bodies))
        assert not done.is_set()


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    assert true()
