"""What the errors of the OpenAI client mean, and those of LangChain above it and of the connection below it.

Every error class of the client is mapped (tests/unit/test_model_failures.py walks them).
"""

from __future__ import annotations

import openai

from drafter.adapters.model_failures import CutOff, Failure, failure_by_words, failure_of_refusal
from drafter.adapters.refusal_words import Refusal, refusal_of
from drafter.ports import Clock


def failure_of(error: BaseException, *, clock: Clock) -> Failure:
    """What an error of the client, of LangChain above it or of the connection below it means."""
    if isinstance(error, openai.APITimeoutError):
        return Failure("slow")
    if isinstance(error, openai.LengthFinishReasonError):
        return Failure("cut")
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return Failure("content")
    if isinstance(error, openai.APIResponseValidationError):
        return Failure("unreadable")
    if isinstance(error, openai.APIStatusError):
        return failure_of_refusal(refusal_of(error.status_code, _body(error), error.response.headers), clock=clock)
    if isinstance(error, (CutOff, openai.APIConnectionError)):
        return Failure("unreachable")
    if isinstance(error, openai.APIError):
        return failure_by_words(_refusal(error), Failure("server"))
    if isinstance(error, openai.OpenAIError):
        return Failure("refused")
    if isinstance(error, OSError) or type(error).__module__.split(".")[0] in ("httpx", "httpx2", "httpcore", "h11"):
        return Failure("unreachable")
    return Failure("unreadable")


def _body(error: openai.APIStatusError) -> str:
    try:
        return error.response.text
    except Exception:  # noqa: BLE001 - a body that broke off, or that cannot be decoded, tells nothing
        return ""


def _refusal(error: openai.APIError) -> Refusal:
    """What an error that came in the midst of a stream tells."""
    return Refusal(
        status=500,
        code=str(error.code or ""),
        kind=str(error.type or ""),
        parameter=str(error.param or ""),
        message=error.message,
    )
