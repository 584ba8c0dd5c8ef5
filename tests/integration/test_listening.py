"""Drafts heard and stopped while a server on loopback writes them, over real HTTP."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from drafter.adapters.chat_source import ChatSource, Line, Server
from drafter.adapters.clock import SystemClock
from drafter.adapters.http_line import HttpLine
from drafter.adapters.rationale_chain import LangChainLine
from drafter.domain.draft import ItemDraft
from tests.model_factories import Hearing, back_case, drafts_of, make_model
from tests.model_server import STATEMENT, ModelServer, reply, slowly, stall, status

LINES: dict[str, Callable[[Server], Line]] = {"langchain": LangChainLine, "http": HttpLine}


@pytest.fixture
def sources() -> Iterator[Any]:
    made: list[ChatSource] = []

    def make(server: ModelServer, *, line: str = "langchain", **given: Any) -> ChatSource:
        told = Server(model="loopback-1", base_url=server.url, key=lambda: SecretStr("k"), **given)
        made.append(ChatSource(told, connect=LINES[line], clock=SystemClock()))
        return made[-1]

    yield make
    for one in made:
        one.close()


def statements(count: int) -> list[dict[str, Any]]:
    return [STATEMENT | {"text": f"Low back pain was reported, sentence {n}."} for n in range(count)]


def checks(draft: ItemDraft) -> list[str]:
    return [finding.check for finding in draft.findings]


@pytest.mark.parametrize("line", LINES)
def test_sentences_are_heard_in_order_each_once(sources: Any, line: str) -> None:
    heard = Hearing()
    with ModelServer(reply(*statements(3))) as server:
        (draft,) = drafts_of(make_model(sources(server, line=line), listen=heard))

    assert heard.places == [(1, 0), (1, 1), (1, 2)]
    assert tuple(one.statement for one in heard.told) == draft.statements


def test_a_sentence_is_heard_before_the_reply_is_whole(sources: Any) -> None:
    heard, went_on = Hearing(), threading.Event()

    def step(exchange: Any) -> None:
        told = '{"item": 1, "statements": ['
        first, second = (str(one).replace("'", '"').replace("None", "null") for one in statements(2))
        exchange.stream(f"{told}{first}, {second}]}}", finish="stop", pause=lambda n: n < 6 or went_on.wait(5))

    with ModelServer(step) as server:
        done: list[ItemDraft] = []
        model = make_model(sources(server), listen=heard)
        writer = threading.Thread(target=lambda: done.extend(drafts_of(model)))
        writer.start()
        end = time.monotonic() + 5
        while not heard.told and time.monotonic() < end:
            time.sleep(0.01)
        before = (len(heard.told), list(done))
        went_on.set()
        writer.join(10)

    assert before == (1, [])
    assert len(done[0].statements) == 2


def test_a_second_try_is_heard_from_its_first_sentence(sources: Any) -> None:
    heard = Hearing()
    with ModelServer(status(500), reply(*statements(2))) as server:
        drafts_of(make_model(sources(server), listen=heard))

    assert heard.places == [(1, 0), (1, 1)]


def test_a_draft_that_is_stopped_keeps_its_whole_sentences_and_the_next_items_are_not_asked_for(sources: Any) -> None:
    heard = Hearing(enough=2)
    with ModelServer(slowly(*statements(30), seconds=0.02)) as server:
        began = time.monotonic()
        first, second = drafts_of(make_model(sources(server), listen=heard), back_case(items=2), check=True)
        took = time.monotonic() - began

    assert [one.text[-11:-1] for one in first.statements] == ["sentence 0", "sentence 1"]
    assert "reply-stopped" in checks(first)
    assert second.statements == ()
    assert "reply-stopped" in checks(second)
    assert len(server.bodies) == 1
    assert took < 5


class Impatient:
    """A listener that has had enough after a while, whatever it heard."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def cancelled(self) -> bool:
        return time.monotonic() > self._end

    def heard(self, told: object) -> None:
        return


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(
    "script", [[stall(20)], [status(429, Retry_After="30")]], ids=["silent server", "between two tries"]
)
def test_a_draft_is_stopped_while_nothing_comes(sources: Any, line: str, script: list[Any]) -> None:
    with ModelServer(*script) as server:
        began = time.monotonic()
        (draft,) = drafts_of(make_model(sources(server, line=line), listen=Impatient(0.4)))

    assert time.monotonic() - began < 3
    assert "reply-stopped" in checks(draft)
    assert draft.criteria


def test_a_draft_is_stopped_while_it_waits_for_its_turn(sources: Any) -> None:
    with ModelServer(stall(20)) as server:
        began = time.monotonic()
        drafts = drafts_of(make_model(sources(server, at_once=1), listen=Impatient(0.4)), back_case(items=3), at_once=3)

    assert time.monotonic() - began < 4
    assert ["reply-stopped" in checks(draft) for draft in drafts] == [True] * 3
    assert len(server.bodies) == 1
