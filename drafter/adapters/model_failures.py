"""What can go wrong between here and a model, as one sentence each; every error class of the client is mapped.

A failure is worth another try only where the same request may succeed a moment later. What the server says is never
shown: it may repeat what it was sent (tests/unit/test_model_failures.py walks the client's error classes).
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import Any, Literal, NamedTuple

import openai

from drafter.ports import Clock

FailureKind = Literal[
    "unreachable", "slow", "busy", "no_credit", "key", "forbidden", "no_model", "refused", "form", "too_long", "cut",
    "server", "unreadable", "content", "elsewhere",
]  # fmt: skip
_AGAIN: frozenset[FailureKind] = frozenset({"unreachable", "slow", "busy", "server", "unreadable"})
_SENTENCES: dict[FailureKind, str] = {
    "unreachable": "The model cannot be reached; write this item by hand, or run it again later.",
    "slow": "The model did not answer in time; write this item by hand, or run it again later.",
    "busy": "The model's server takes no more requests now; run this again later, what is drafted is kept.",
    "no_credit": "The account of the model is used up; tell whoever administers it. All else works without the model.",
    "key": "The model's server refuses the key; tell whoever administers it (OPENAI_API_KEY). All else works without.",
    "forbidden": "The model's server does not allow this key this model; tell whoever administers it.",
    "no_model": "The model's server has no such model; correct the name after openai: or OPENAI_BASE_URL.",
    "refused": "The model's server does not accept the request; tell whoever administers it.",
    "form": "The model's server knows no way to ask for JSON.",
    "too_long": "The prompt is too long for the model even without passages; shorten the record of this case.",
    "cut": "The reply was cut off at its length limit, twice; write this item by hand.",
    "server": "The model's server failed; write this item by hand, or run it again later.",
    "unreadable": "The model's server answered with something that is no reply; check OPENAI_BASE_URL.",
    "elsewhere": "The model's server sends us to another host, where nobody was asked; correct OPENAI_BASE_URL.",
    "content": "The model's server withheld the reply by a content filter; write this item by hand.",
}
_FORM_WORDS = ("response_format", "json_schema", "json_object", "structured output", "guided", "grammar")


class Failure(NamedTuple):
    """`wait`: seconds that the server asks to wait, or None; `parameter`: the request's field it does not take."""

    kind: FailureKind
    wait: float | None = None
    parameter: str | None = None

    @property
    def again(self) -> bool:
        return self.kind in _AGAIN

    @property
    def sentence(self) -> str:
        return _SENTENCES[self.kind]


class CutOff(Exception):
    """A stream that ended before the reply did."""


class TooSlow(Exception):
    """A call that took longer than it may."""


def failure_of(error: BaseException, *, clock: Clock) -> Failure:
    """What an error of the client, of LangChain above it or of the connection below it means."""
    if isinstance(error, (TooSlow, openai.APITimeoutError)):
        return Failure("slow")
    if isinstance(error, openai.LengthFinishReasonError):
        return Failure("cut")
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return Failure("content")
    if isinstance(error, openai.APIResponseValidationError):
        return Failure("unreadable")
    if isinstance(error, openai.APIStatusError):
        return _by_status(error, clock)
    if isinstance(error, (CutOff, openai.APIConnectionError)):
        return Failure("unreachable")
    if isinstance(error, openai.APIError):
        return _by_code(error, Failure("server"))
    if isinstance(error, openai.OpenAIError):
        return Failure("refused")
    if isinstance(error, OSError) or type(error).__module__.split(".")[0] in ("httpx", "httpx2", "httpcore", "h11"):
        return Failure("unreachable")
    return Failure("unreadable")


def _by_status(error: openai.APIStatusError, clock: Clock) -> Failure:
    status = error.status_code
    if status == 429:
        return _by_code(error, Failure("busy", wait=_asked_wait(error, clock)))
    if status in (400, 404, 413, 415, 422):
        return _by_code(error, Failure("no_model" if status == 404 else "refused"))
    if status == 401:
        return Failure("key")
    if status == 402:
        return Failure("no_credit")
    if status == 403:
        return Failure("forbidden")
    if status in (408, 409, 425) or status >= 500:
        return Failure("server", wait=_asked_wait(error, clock))
    return Failure("elsewhere" if status < 400 else "refused")


def _by_code(error: openai.APIError, otherwise: Failure) -> Failure:
    """A failure that the error's body tells more of than its status."""
    code = str(error.code or "").lower()
    told = f"{code} {error.type or ''} {error.message}".lower()
    if "insufficient_quota" in told or "billing" in told:
        return Failure("no_credit")
    if otherwise.kind in ("busy", "server"):
        return otherwise
    if "context_length" in told or "context length" in told or "maximum context" in told or "too many tokens" in told:
        return Failure("too_long")
    parameter = str(error.param or "")
    if parameter.startswith("response_format") or any(word in told for word in _FORM_WORDS):
        return Failure("form")
    if "model_not_found" in code:
        return Failure("no_model")
    named = [name for name in ("max_completion_tokens", "max_tokens") if name in (parameter, *told.split("'"))]
    return otherwise._replace(parameter=named[0]) if named else otherwise


def _asked_wait(error: openai.APIStatusError, clock: Clock) -> float | None:
    headers: Any = error.response.headers
    told = headers.get("retry-after-ms")
    try:
        if told is not None:
            return max(0.0, float(told) / 1000)
        told = headers.get("retry-after")
        if told is None:
            return None
        return max(0.0, float(told))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(str(told)) - clock.now()).total_seconds())
    except (ValueError, TypeError):
        return None
