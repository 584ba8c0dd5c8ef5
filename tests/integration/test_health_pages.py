"""Whether the desk is up, asked over HTTP: one word for whoever comes, the whole for an administrator."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import anyio
import httpx
import pytest

from drafter.domain.health import Part
from drafter.errors import StoreUnavailable
from drafter.services.health import HealthCheck, Probe
from drafter.web.desk import create_desk
from tests.web_factories import HOST, Desk


def desk_with(*probes: Probe) -> Desk:
    desk = Desk()
    desk.parts = replace(desk.parts, health=HealthCheck(probes, clock=desk.clock))
    desk.app = create_desk(desk.parts)
    return desk


def record(look: Callable[[], Part] = lambda: Part(name="record")) -> Probe:
    return Probe(name="record", look=look, needed=True)


def keyword_only() -> Part:
    return Part(name="search", state="degraded", told="The embedding weights are not installed.")


def away() -> Part:
    raise StoreUnavailable("The record store desk at db1.example cannot be reached.")


def test_whoever_comes_is_told_one_word():
    browser = desk_with(record(), Probe(name="search", look=keyword_only)).browser()

    answers = {path: browser.get(path) for path in ("/health", "/health/live", "/health/ready")}

    assert {path: (answer.status_code, answer.json()) for path, answer in answers.items()} == {
        "/health": (200, {"status": "degraded"}),
        "/health/live": (200, {"status": "ok"}),
        "/health/ready": (200, {"status": "ok"}),
    }
    assert all("set-cookie" not in answer.headers for answer in answers.values())


def test_a_process_without_its_record_lives_and_is_not_ready():
    browser = desk_with(record(away)).browser()

    assert browser.get("/health/live").status_code == 200
    for path in ("/health", "/health/ready"):
        answer = browser.get(path)
        assert (answer.status_code, answer.json()) == (503, {"status": "down"})
        assert "db1.example" not in answer.text


def test_an_administrator_reads_what_it_is_and_what_to_do():
    desk = desk_with(record(), Probe(name="search", look=keyword_only))
    browser = desk.browser(desk.person("admin"))

    page, told = browser.get("/operation"), browser.get("/api/v1/health").json()

    assert "The embedding weights are not installed." in page.text
    assert "Operation" in browser.get("/accounts").text
    assert (told["status"], told["process"]) == ("degraded", desk.parts.process)
    assert [part["name"] for part in told["parts"]] == ["record", "search"]


@pytest.mark.parametrize("role", ["reviewer", "qa", "prompt_editor"])
def test_nobody_else_reads_it(role: str):
    desk = desk_with(record())
    browser = desk.browser(desk.person(role))  # type: ignore[arg-type]

    assert browser.get("/operation").status_code == browser.get("/api/v1/health").status_code == 403


def test_a_process_whose_threads_all_wait_still_says_that_it_lives():
    desk, waiting = desk_with(record()), threading.Event()

    def wait(*_: object, **__: object) -> None:
        waiting.wait()

    desk.parts.sign_in.visitor = wait  # type: ignore[method-assign]

    async def ask() -> list[int]:
        transport = httpx.ASGITransport(app=desk.app)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            async with anyio.create_task_group() as group:
                for _ in range(60):
                    group.start_soon(lambda: client.get("/cases", headers={"Cookie": "desk=some-session"}))
                await anyio.sleep(0.3)
                with anyio.fail_after(5):
                    answers = [(await client.get(path)).status_code for path in ("/health/live", "/health/ready")]
                waiting.set()
            return answers

    assert anyio.run(ask) == [200, 200]
