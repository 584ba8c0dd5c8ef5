"""What the errors of the OpenAI client mean, and those of LangChain above it and of the connection below it.

Every error class of the client is mapped (tests/unit/test_model_failures.py walks them).
"""

from __future__ import annotations

from collections.abc import Mapping

import openai

from drafter.adapters.model_failures import CutOff, Failure, Refusal, failure_by_words, failure_of_refusal
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
        return failure_of_refusal(_refusal(error, error.status_code, error.response.headers), clock=clock)
    if isinstance(error, (CutOff, openai.APIConnectionError)):
        return Failure("unreachable")
    if isinstance(error, openai.APIError):
        return failure_by_words(_refusal(error, 500, {}), Failure("server"))
    if isinstance(error, openai.OpenAIError):
        return Failure("refused")
    if isinstance(error, OSError) or type(error).__module__.split(".")[0] in ("httpx", "httpx2", "httpcore", "h11"):
        return Failure("unreachable")
    return Failure("unreadable")


def _refusal(error: openai.APIError, status: int, headers: Mapping[str, str]) -> Refusal:
    return Refusal(
        status=status,
        code=str(error.code or ""),
        kind=str(error.type or ""),
        parameter=str(error.param or ""),
        message=error.message,
        headers=headers,
    )
