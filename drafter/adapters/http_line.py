"""A model's server asked by HTTP and nothing more: the same question as through LangChain, for many calls at a time.

Evaluation asks hundreds of prompts in a row and streams nothing; loading LangChain and its client takes longer than
such a run's first calls. The JSON sent is the same (tests/integration/test_rationale_chain.py holds both lines to one
set of faults and to one body). No redirect is followed; the bytes are looked through before they leave.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.request import getproxies

import httpx2

from drafter.adapters.chat_source import CONNECT_SECONDS, Said, Server
from drafter.adapters.model_failures import Failure, Withheld, failure_of_refusal
from drafter.adapters.refusal_words import Refusal, refusal_of
from drafter.domain.exchange.request import Listener, Request
from drafter.domain.redaction.exchange import leaked
from drafter.ports import Clock


@cache
def _proxied() -> bool:
    """Whether the environment names a proxy: looked up once, because it takes longer than a call's own work."""
    return bool(getproxies())


class _Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.status)
        self.refusal = refusal


class HttpLine:
    """A `Line` of `chat_source` that is one HTTP connection."""

    def __init__(self, server: Server) -> None:
        self.taken: tuple[str, ...] = ()
        self._server = server
        self._url = server.base_url.rstrip("/") + "/chat/completions"
        # Reading the certificates takes longer than many a call; plain HTTP has no use for them.
        encrypted = not self._url.startswith("http://")
        self._http = httpx2.Client(
            timeout=httpx2.Timeout(server.call_seconds, connect=CONNECT_SECONDS),
            verify=encrypted,
            follow_redirects=False,
            trust_env=encrypted or _proxied(),
        )

    def ask(self, request: Request, options: dict[str, Any], listen: Listener | None) -> Said:
        """See `Line.ask`. Nothing is streamed: whoever listens hears nothing before the reply is whole."""
        told = json.dumps(self._body(request, options), ensure_ascii=False)
        if leaked(told, self.taken):
            raise Withheld
        headers = {"Authorization": f"Bearer {self._server.shown_key}", "Content-Type": "application/json"}
        answer = self._http.post(self._url, content=told.encode("utf-8"), headers=headers)
        if not answer.is_success:
            raise _Refused(refusal_of(answer.status_code, answer.text, answer.headers))
        return _said(answer.json())

    def failure(self, error: BaseException, *, clock: Clock) -> Failure:
        """See `Line.failure`."""
        if isinstance(error, _Refused):
            return failure_of_refusal(error.refusal, clock=clock)
        if isinstance(error, httpx2.TimeoutException):
            return Failure("slow")
        if isinstance(error, (httpx2.TransportError, OSError)):
            return Failure("unreachable")
        return Failure("unreadable")

    def close(self) -> None:
        self._http.close()

    def _body(self, request: Request, options: Mapping[str, Any]) -> dict[str, Any]:
        turns = [{"role": turn.role, "content": turn.content} for turn in request.turns]
        system = [{"role": "system", "content": request.system}] if request.system else []
        messages = [*system, {"role": "user", "content": request.user}, *turns]
        return {"model": self._server.model, "messages": messages, "stream": False, **options}


def _said(told: Mapping[str, Any]) -> Said:
    """Raises KeyError, TypeError or IndexError where the answer is no completion."""
    choice, usage = told["choices"][0], told.get("usage") or {}
    message = choice["message"]
    return Said(
        text=_text(message.get("content")),
        finish=choice.get("finish_reason"),
        refusal=message.get("refusal") or None,
        model=told.get("model"),
        fingerprint=told.get("system_fingerprint"),
        tokens_in=usage.get("prompt_tokens"),
        tokens_out=usage.get("completion_tokens"),
    )


def _text(content: object) -> str:
    """A content is text, or a list of parts of which some are."""
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""
