"""A model's server asked through LangChain; the only file that names it.

LangChain and the client below it are told to retry nothing: tries and deadline are `chat_source`'s. Redirects are not
followed, so that no host but the one configured is contacted, and the bytes of every request are looked through for
what was taken out of the prompt before they leave (tests/integration/test_rationale_chain.py).
"""

from __future__ import annotations

import json
import ssl
import warnings
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx2
import openai
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI

from drafter.adapters.chat_source import CONNECT_SECONDS, Said, Server
from drafter.adapters.model_failures import CutOff, Failure, NotStreamed, Withheld
from drafter.adapters.openai_failures import failure_of
from drafter.domain.exchange.heard import StatementScanner
from drafter.domain.exchange.request import Listener, Request
from drafter.domain.redaction.exchange import leaked
from drafter.ports import Clock


@cache
def _certificates() -> ssl.SSLContext:
    """The certificates that a server is held to: read once for all lines, because that takes longer than a prompt."""
    return httpx2.create_ssl_context()


class LangChainLine:
    """A `Line` of `chat_source` that is a LangChain model with a connection of its own."""

    def __init__(self, server: Server) -> None:
        self.taken: tuple[str, ...] = ()
        # What LangChain has to say of a refusal is said to the user by `model_failures`.
        warnings.filterwarnings("ignore", category=UserWarning, module="langchain_openai")
        timeout = openai.Timeout(server.call_seconds, connect=CONNECT_SECONDS)
        self._http = openai.DefaultHttpxClient(
            timeout=timeout,
            follow_redirects=False,
            event_hooks={"request": [self._look_through]},
            verify=_certificates(),
        )
        self._chat = ChatOpenAI(
            model=server.model,
            base_url=server.base_url,
            api_key=lambda: server.shown_key,
            max_retries=0,
            timeout=timeout,
            http_client=self._http,
            http_async_client=httpx2.AsyncClient(verify=_certificates()),  # never used; left out, it reads them again
            use_responses_api=False,
            stream_usage=False,
        )

    def ask(self, request: Request, options: dict[str, Any], listen: Listener | None) -> Said:
        """See `Line.ask`; a call that is listened to is streamed."""
        return _call(self._chat, request, options, listen)

    def failure(self, error: BaseException, *, clock: Clock) -> Failure:
        """See `Line.failure`."""
        return failure_of(error, clock=clock)

    def close(self) -> None:
        self._http.close()

    def _look_through(self, outgoing: Any) -> None:
        told = json.dumps(json.loads(outgoing.content or b"{}"), ensure_ascii=False)
        if leaked(told, self.taken):
            raise Withheld


def _call(chat: ChatOpenAI, request: Request, options: dict[str, Any], listen: Listener | None) -> Said:
    messages = _messages(request)
    if listen is None:
        return _said(chat.invoke(messages, **_with_schema_in_body(options)))
    whole: Any = None
    scanner, place = StatementScanner(), 0
    for chunk in chat.stream(messages, **_with_older_limit(options)):
        whole = chunk if whole is None else whole + chunk
        for statement in scanner.feed(_text(chunk)):
            listen.hear(place, statement)
            place += 1
    if whole is None:
        raise NotStreamed
    if not whole.response_metadata.get("finish_reason") and not _is_whole(_text(whole)):
        raise CutOff
    return _said(whole)


def _with_schema_in_body(options: Mapping[str, Any]) -> dict[str, Any]:
    """As a part of the body the schema is sent as it is; as an argument the client would take it apart at every call
    and read the reply by rules of its own."""
    own = {name: options[name] for name in ("response_format", "max_tokens") if name in options}
    plain = {name: told for name, told in options.items() if name not in own}
    return {**plain, "extra_body": own} if own else plain


def _with_older_limit(options: Mapping[str, Any]) -> dict[str, Any]:
    """LangChain renames the older name of the limit; as a part of the body it keeps it."""
    plain = {name: told for name, told in options.items() if name != "max_tokens"}
    return {**plain, "extra_body": {"max_tokens": options["max_tokens"]}} if len(plain) < len(options) else plain


def _is_whole(text: str) -> bool:
    """Some servers end a stream without a reason; a reply that is whole was not cut off."""
    try:
        return isinstance(json.loads(text[text.find("{") :]), dict)
    except (ValueError, RecursionError):
        return False


def _messages(request: Request) -> list[BaseMessage]:
    turns: list[BaseMessage] = [
        AIMessage(turn.content) if turn.role == "assistant" else HumanMessage(turn.content) for turn in request.turns
    ]
    system = [SystemMessage(request.system)] if request.system else []
    return [*system, HumanMessage(request.user), *turns]


def _said(message: BaseMessage) -> Said:
    told, usage = message.response_metadata, getattr(message, "usage_metadata", None) or {}
    return Said(
        text=_text(message),
        finish=told.get("finish_reason"),
        refusal=message.additional_kwargs.get("refusal") or None,
        model=told.get("model_name"),
        fingerprint=told.get("system_fingerprint"),
        tokens_in=usage.get("input_tokens"),
        tokens_out=usage.get("output_tokens"),
    )


def _text(message: BaseMessage) -> str:
    return message.content if isinstance(message.content, str) else str(message.text)
