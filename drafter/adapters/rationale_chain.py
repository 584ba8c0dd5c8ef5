"""`openai:MODEL`: a model behind any server that speaks OpenAI's chat completions; the only file that names LangChain.

One call, one deadline, one layer of retries: LangChain and the client below it are told to retry nothing. The server is
asked for JSON by a schema; one that knows no schema is asked for a JSON object, and one that knows neither for plain
text. What it was found to know is remembered. Redirects are not followed, so that no host but the one configured is
contacted, and the bytes of every request are looked through for what was taken out of the prompt before they leave.

Each call runs in a thread of its own and is left behind at its deadline, its connection closed: a server that drips one
byte a second cannot hold a reviewer longer than that (tests/integration/test_rationale_chain.py).
"""

from __future__ import annotations

import hashlib
import json
import queue
import threading
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import openai
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.utils.json import parse_partial_json
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from drafter.adapters.in_flight import Breaker, InFlight
from drafter.adapters.model_failures import CutOff, Failure, FailureKind, TooSlow, failure_of
from drafter.domain.draft import CallRecord
from drafter.domain.exchange.reply import reply_schema
from drafter.domain.exchange.request import Answer, AnswerFate, Listener, Request
from drafter.domain.model import DomainModel
from drafter.domain.redaction.exchange import leaked
from drafter.ports import Clock

Form = Literal["json_schema", "json_object", "text"]
FORMS: tuple[Form, ...] = ("json_schema", "json_object", "text")
CONNECT_SECONDS = 10.0
CALL_SECONDS = 90.0
FIRST_WAIT = 0.5
MOST_ATTEMPTS = 4
_FATES: dict[FailureKind, AnswerFate] = {"too_long": "too_long", "cut": "cut"}
LONGER = 3  # how many times the reply's limit is raised by, once, where a reply was cut


class Server(DomainModel):
    """Where the model is. `key` is asked for at every call, so that a new key needs no restart."""

    model: str
    base_url: str
    key: Callable[[], SecretStr | None]
    reply_tokens: int = 2000
    at_once: int = 4
    call_seconds: float = CALL_SECONDS


class _Line:
    """A client with its connection; used by one call at a time."""

    def __init__(self, server: Server) -> None:
        self.taken: tuple[str, ...] = ()
        timeout = openai.Timeout(server.call_seconds, connect=CONNECT_SECONDS)
        self._http = openai.DefaultHttpxClient(
            timeout=timeout, follow_redirects=False, event_hooks={"request": [self._look_through]}
        )
        self.chat = ChatOpenAI(
            model=server.model,
            base_url=server.base_url,
            api_key=lambda: _key(server),
            max_retries=0,
            timeout=timeout,
            http_client=self._http,
            use_responses_api=False,
            stream_usage=False,
        )

    def close(self) -> None:
        self._http.close()

    def _look_through(self, outgoing: Any) -> None:
        told = json.dumps(json.loads(outgoing.content or b"{}"), ensure_ascii=False)
        if leaked(told, self.taken):
            raise Withheld


class Withheld(Exception):
    """The bytes that were about to be sent hold words that were taken out of the prompt."""


class _Said(NamedTuple):
    text: str
    finish: str | None
    refusal: str | None
    model: str | None
    fingerprint: str | None
    tokens_in: int | None
    tokens_out: int | None


class ChatSource:
    """A `ReplySource` behind a server."""

    def __init__(self, server: Server, *, clock: Clock) -> None:
        self._server = server
        self._clock = clock
        self._idle: list[_Line] = []
        self._form = 0
        self._without: set[str] = set()
        self._in_flight = InFlight(server.at_once)
        self._breaker = Breaker(clock)

    @property
    def spec(self) -> str:
        return f"openai:{self._server.model}"

    def answer(self, request: Request, *, listen: Listener | None = None) -> Answer:
        """See `ReplySource.answer`."""
        if self._breaker.open:
            return Answer(fate="failed", message=Failure("unreachable").sentence)
        with self._in_flight.entered():
            return self._answer(request, listen)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _answer(self, request: Request, listen: Listener | None) -> Answer:
        deadline = self._clock.monotonic() + self._server.call_seconds
        limit, attempt, wait = self._server.reply_tokens, 1, FIRST_WAIT
        while True:
            form = self._form
            try:
                said = self._asked(request, FORMS[form], limit, deadline - self._clock.monotonic(), listen)
            except Withheld:
                return Answer(
                    fate="failed", message="Nothing was sent: the request held what had been taken out of it."
                )
            except Exception as error:  # noqa: BLE001 - whatever a client raises, `failure_of` knows what it means
                failure = failure_of(error, clock=self._clock)
                listen = (
                    None if failure.kind == "unreadable" else listen
                )  # some servers stream, but not so that it reads
                if failure.kind == "form" and form + 1 < len(FORMS):
                    self._form = max(self._form, form + 1)
                    continue
                if failure.parameter is not None and failure.parameter not in self._without:
                    self._without.add(failure.parameter)
                    continue
                if failure.kind == "cut" and limit == self._server.reply_tokens:
                    limit *= LONGER
                    continue
                pause = failure.wait if failure.wait is not None else wait
                self._note(failure)
                if not failure.again or attempt >= MOST_ATTEMPTS or self._clock.monotonic() + pause >= deadline:
                    return _failed(failure)
                self._clock.sleep(pause)
                attempt, wait = attempt + 1, wait * 2
                continue
            self._breaker.reached()
            self._in_flight.succeeded()
            if said.finish == "length" and limit == self._server.reply_tokens:
                limit *= LONGER
                continue
            return self._told(request, said, FORMS[form])

    def _note(self, failure: Failure) -> None:
        if failure.kind == "busy":
            self._in_flight.refused()
        if failure.kind in ("unreachable", "slow"):
            self._breaker.missed()

    def _told(self, request: Request, said: _Said, form: Form) -> Answer:
        call = CallRecord(
            request_sha256=request.digest,
            reply_sha256=hashlib.sha256((said.refusal or said.text).encode("utf-8")).hexdigest(),
            model=said.model or self._server.model,
            fingerprint=said.fingerprint,
            form=form,
            tokens_in=said.tokens_in,
            tokens_out=said.tokens_out,
        )
        if said.refusal:
            message = "The model declined to write this item; write it by hand."
            return Answer(fate="declined", text=said.refusal, message=message, call=call)
        if said.finish == "content_filter":
            return _failed(Failure("content"))
        if said.finish == "length":
            return Answer(fate="cut", message=Failure("cut").sentence, call=call)
        return Answer(fate="complete", text=said.text, call=call)

    def _asked(self, request: Request, form: Form, limit: int, seconds: float, listen: Listener | None) -> _Said:
        """One call in a thread of its own. Raises TooSlow at the deadline, and whatever the client raises."""
        line = self._idle.pop() if self._idle else _Line(self._server)
        line.taken = request.taken
        results: queue.SimpleQueue[_Said | BaseException] = queue.SimpleQueue()
        options = self._options(form, limit)

        def call() -> None:
            try:
                results.put(_call(line.chat, request, options, listen))
            except BaseException as error:  # noqa: BLE001 - it is raised again by whoever waits
                results.put(error)

        threading.Thread(target=call, daemon=True).start()
        try:
            result = results.get(timeout=max(0.0, seconds))
        except queue.Empty:
            line.close()
            raise TooSlow from None
        except BaseException:
            line.close()
            raise
        if isinstance(result, BaseException):
            line.close()
            raise result
        self._idle.append(line)
        return result

    def _options(self, form: Form, limit: int) -> dict[str, Any]:
        options: dict[str, Any] = {} if "max_completion_tokens" in self._without else {"max_tokens": limit}
        if form == "json_schema":
            schema = {"name": "reply", "strict": True, "schema": reply_schema()}
            options["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif form == "json_object":
            options["response_format"] = {"type": "json_object"}
        return options


def _call(chat: ChatOpenAI, request: Request, options: dict[str, Any], listen: Listener | None) -> _Said:
    messages = _messages(request)
    if listen is None:
        return _said(chat.invoke(messages, **options))
    whole: Any = None
    complete = 0
    for chunk in chat.stream(messages, **options):
        whole = chunk if whole is None else whole + chunk
        count = _complete_statements(_text(whole))
        if count > complete:
            complete = count
            listen(request.item, count)
    if whole is None or not whole.response_metadata.get("finish_reason"):
        raise CutOff
    return _said(whole)


def _messages(request: Request) -> list[BaseMessage]:
    turns: list[BaseMessage] = [
        AIMessage(turn.content) if turn.role == "assistant" else HumanMessage(turn.content) for turn in request.turns
    ]
    return [SystemMessage(request.system), HumanMessage(request.user), *turns]


def _said(message: BaseMessage) -> _Said:
    told, usage = message.response_metadata, getattr(message, "usage_metadata", None) or {}
    return _Said(
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


def _complete_statements(text: str) -> int:
    """How many statements of a reply that is still being written are whole: all but the last begun."""
    try:
        held = parse_partial_json(text)
    except ValueError:
        return 0
    statements = held.get("statements") if isinstance(held, dict) else None
    if not isinstance(statements, list):
        return 0
    return len(statements) if text.rstrip().endswith("]}") else max(0, len(statements) - 1)


def _failed(failure: Failure) -> Answer:
    fate: AnswerFate = _FATES.get(failure.kind, "failed")
    return Answer(fate=fate, message=failure.sentence)


def _key(server: Server) -> str:
    """A server without a key is sent a word that is none: the client insists on one."""
    key = server.key()
    return key.get_secret_value() if key else "none"
