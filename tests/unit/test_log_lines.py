"""Log lines as JSON: what a collector needs, and nothing that a library quotes."""

from __future__ import annotations

import json
import logging
import sys

from drafter.adapters.log_lines import JsonLines

CANARY = "Zebulon Quince, SSN 219-09-9999"


def line(logger: str, message: str, **record: object) -> dict[str, object]:
    made = logging.LogRecord(logger, logging.INFO, "/x/module.py", 7, message, None, None)
    vars(made).update(record)
    told: dict[str, object] = json.loads(JsonLines(process="desk").format(made))
    return told


def test_a_request_is_one_object_with_its_values():
    told = line("drafter.web.access", "ignored", told={"route": "queue.show", "status": 200, "ms": 12})

    assert (told["route"], told["status"], told["ms"], told["process"]) == ("queue.show", 200, 12, "desk")
    assert "message" not in told


def test_a_sentence_of_this_program_stands_in_its_line():
    assert line("drafter.web", "request 1: ValueError at x.py:3")["message"] == "request 1: ValueError at x.py:3"


def test_of_a_library_only_the_place_is_told():
    told = line("sqlalchemy.engine", f"INSERT ... {CANARY}")

    assert told["place"] == "module:7"
    assert "Zebulon" not in json.dumps(told)


def test_an_exception_is_its_kind_and_not_its_message():
    try:
        raise ValueError(CANARY)
    except ValueError:
        told = line("uvicorn.error", "Exception in ASGI application", exc_info=sys.exc_info())

    assert told["fault"] == "ValueError"
    assert "Zebulon" not in json.dumps(told)
