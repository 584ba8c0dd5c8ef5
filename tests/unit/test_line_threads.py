"""A model's server is asked in a few threads that last as long as their lines, and no longer."""

from __future__ import annotations

import gc
import json
import threading
import time
from typing import Any

import pytest

from drafter.adapters.chat_source import ChatSource, Said, Server
from drafter.adapters.clock import SystemClock
from drafter.adapters.model_failures import Failure
from drafter.domain.exchange.request import Listener, Request
from drafter.ports import Clock

REPLY = json.dumps({"item": 1, "statements": []})
ASKED = Request(system="s", user="u", case_number="1", item=1, taken=())


class NotedLine:
    """Notes the thread it is asked in; `stuck` holds it until the line is closed."""

    threads: list[threading.Thread]

    def __init__(self, *, stuck: bool = False) -> None:
        self.taken: tuple[str, ...] = ()
        self._closed = threading.Event()
        self._stuck = stuck

    def ask(self, request: Request, options: dict[str, Any], listen: Listener | None) -> Said:
        self.threads.append(threading.current_thread())
        if self._stuck:
            self._closed.wait()
        return Said(REPLY, "stop", None, None, None, None, None)

    def failure(self, error: BaseException, *, clock: Clock) -> Failure:
        return Failure("unreadable")

    def close(self) -> None:
        self._closed.set()


@pytest.fixture
def threads() -> list[threading.Thread]:
    NotedLine.threads = []
    return NotedLine.threads


def source(*, stuck: bool = False, seconds: float = 5.0) -> ChatSource:
    server = Server(model="m", base_url="http://127.0.0.1:9/v1", key=lambda: None, call_seconds=seconds)
    return ChatSource(server, connect=lambda _: NotedLine(stuck=stuck), clock=SystemClock())


def ended(threads: list[threading.Thread]) -> bool:
    until = time.monotonic() + 5
    while any(one.is_alive() for one in threads) and time.monotonic() < until:
        time.sleep(0.01)
    return not any(one.is_alive() for one in threads)


def test_one_call_after_another_is_made_in_one_thread(threads: list[threading.Thread]) -> None:
    chat = source()
    for _ in range(5):
        assert chat.answer(ASKED).fate == "complete"

    assert len(threads) == 5
    assert len(set(threads)) == 1
    chat.close()
    assert ended(threads)


def test_a_source_that_nobody_holds_leaves_no_thread(threads: list[threading.Thread]) -> None:
    chat = source()
    chat.answer(ASKED)
    assert threads[0].is_alive()
    del chat
    gc.collect()

    assert ended(threads)


def test_a_call_that_was_left_behind_ends_its_thread_with_its_line(threads: list[threading.Thread]) -> None:
    chat = source(stuck=True, seconds=0.05)

    assert chat.answer(ASKED).fate == "failed"
    assert ended(threads)
