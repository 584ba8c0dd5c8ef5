"""Every error class of the client means something to the user; none is unmapped, none is shown as it is."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import openai
import pytest

from drafter.adapters.model_failures import Failure
from drafter.adapters.openai_failures import failure_of
from tests.model_factories import SetClock

REQUEST = httpx2.Request("POST", "http://127.0.0.1/v1/chat/completions")
SECRET = "Okonkwo has low back pain"


def classes(base: type[BaseException]) -> Iterator[type[BaseException]]:
    yield base
    for one in base.__subclasses__():
        yield from classes(one)


ERRORS = sorted(
    {one for one in classes(openai.OpenAIError) if one.__module__.split(".")[0] == "openai"},
    key=lambda one: one.__name__,
)


def instance(kind: type[BaseException], status: int = 500) -> BaseException:
    """An error of the class with what its handling reads of it, built past its constructor."""
    error = kind.__new__(kind)
    BaseException.__init__(error, SECRET)
    given = {
        "message": SECRET, "code": None, "type": None, "param": None, "body": None, "request": REQUEST,
        "status_code": getattr(kind, "status_code", None) or status,
        "response": httpx2.Response(status, request=REQUEST, headers={"retry-after": "2"}),
    }  # fmt: skip
    for name, value in given.items():
        if not hasattr(type(error), name) or not isinstance(getattr(type(error), name), property):
            error.__dict__[name] = value
    return error


@pytest.mark.parametrize("kind", ERRORS, ids=lambda one: one.__name__)
def test_every_error_class_of_the_client_has_a_sentence_that_repeats_nothing(kind: type[BaseException]) -> None:
    failure = failure_of(instance(kind), clock=SetClock())

    assert failure.sentence.endswith(".")
    assert SECRET not in failure.sentence
    if issubclass(kind, openai.APIError):
        assert failure.kind != "unreadable" or issubclass(kind, openai.APIResponseValidationError)


@pytest.mark.parametrize("status", [300, 307, *range(400, 432), 451, *range(500, 512), 520, 529, 599])
def test_every_status_has_a_sentence_and_only_what_may_pass_is_tried_again(status: int) -> None:
    failure = failure_of(instance(openai.APIStatusError, status), clock=SetClock())

    assert failure.sentence
    assert failure.again is (status in (408, 409, 425, 429) or (status >= 500 and status != 501))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionResetError(), "unreachable"),
        (httpx2.ConnectError("x"), "unreachable"),
        (httpx2.RemoteProtocolError("x"), "unreachable"),
        (ValueError("not JSON"), "unreadable"),
        (TypeError("null choices"), "unreadable"),
        (AttributeError("str"), "unreadable"),
    ],
)
def test_what_libraries_below_and_above_the_client_raise_is_mapped_too(error: BaseException, kind: str) -> None:
    assert failure_of(error, clock=SetClock()).kind == kind


def test_a_wait_is_read_as_seconds_milliseconds_or_a_date() -> None:
    def waits(**headers: str) -> float | None:
        error = instance(openai.RateLimitError, 429)
        error.__dict__["response"] = httpx2.Response(429, request=REQUEST, headers=headers)
        return failure_of(error, clock=SetClock()).wait

    assert waits(**{"retry-after": "3"}) == 3
    assert waits(**{"retry-after-ms": "250"}) == 0.25
    assert waits(**{"retry-after": "Tue, 24 Nov 2026 12:00:30 GMT"}) == 30
    assert waits(**{"retry-after": "soon"}) is None
    assert waits() is None
    assert Failure("busy").again
