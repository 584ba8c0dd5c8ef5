"""A model's server as a `ReplySource`: one call, one deadline, one layer of retries, whichever client does the asking.

The server is asked for JSON by a schema; one that knows no schema is asked for a JSON object, and one that knows
neither for plain text. What it was found to know is remembered. A `Line` is one client with its connection; how it
asks is its own affair (`rationale_chain` by LangChain, `http_line` by plain HTTP), what a failure means to the user and
whether it is tried again is decided here.

Each line is asked in a thread of its own and is left behind at a call's deadline, its connection closed: a server that
drips one byte a second cannot hold a reviewer longer than that (tests/integration/test_rationale_chain.py).
"""

from __future__ import annotations

import hashlib
import queue
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any, Literal, NamedTuple, Protocol

from pydantic import SecretStr

from drafter.adapters.in_flight import LOOK_SECONDS, Breaker, InFlight
from drafter.adapters.model_failures import Failure, FailureKind, Withheld
from drafter.domain.draft import CallRecord
from drafter.domain.exchange.reply import reply_schema
from drafter.domain.exchange.request import Answer, AnswerFate, Listener, Request
from drafter.domain.model import DomainModel
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

    @property
    def shown_key(self) -> str:
        """The key as it is sent; a server without one is sent a word that is none: clients insist on one."""
        key = self.key()
        return key.get_secret_value() if key else "none"


class Said(NamedTuple):
    """What a server answered, in our own words."""

    text: str
    finish: str | None
    refusal: str | None
    model: str | None
    fingerprint: str | None
    tokens_in: int | None
    tokens_out: int | None


class Line(Protocol):
    """A client with its connection; used by one call at a time. It retries nothing and follows no redirect."""

    taken: tuple[str, ...]

    def ask(self, request: Request, options: dict[str, Any], listen: Listener | None) -> Said:
        """One call. `options` are those of chat completions: max_completion_tokens or max_tokens, response_format,
        seed. A request without a system part has no message of that role.

        Raises Withheld where the bytes about to be sent hold a word of `taken`, else whatever its client raises.
        """
        ...

    def failure(self, error: BaseException, *, clock: Clock) -> Failure:
        """What an error that `ask` raised means."""
        ...

    def close(self) -> None: ...


class _OpenLine:
    """A line and the thread that asks it, which ends with it; starting one a call would take as long as the asking."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        threading.Thread(target=_make_calls, args=(self._calls,), daemon=True).start()
        weakref.finalize(self, self._calls.put, None)

    def ask(
        self, request: Request, options: dict[str, Any], listen: Listener | None
    ) -> queue.SimpleQueue[Said | BaseException]:
        """Where the answer will be, or what was raised instead."""
        results: queue.SimpleQueue[Said | BaseException] = queue.SimpleQueue()
        line = self.line

        def call() -> None:
            try:
                results.put(line.ask(request, options, listen))
            except BaseException as error:  # noqa: BLE001 - whoever waits is told what it means
                results.put(error)

        self._calls.put(call)
        return results

    def close(self) -> None:
        self._calls.put(None)
        self.line.close()


def _make_calls(calls: queue.SimpleQueue[Callable[[], None] | None]) -> None:
    while (call := calls.get()) is not None:
        call()
        del call  # holds the line, which is to go when nobody else wants it


class ChatSource:
    """A `ReplySource` behind a server."""

    def __init__(self, server: Server, *, connect: Callable[[Server], Line], clock: Clock) -> None:
        self._server = server
        self._connect = connect
        self._clock = clock
        self._idle: list[_OpenLine] = []
        self._form = 0
        self._without: set[str] = set()
        self._in_flight = InFlight(server.at_once)
        self._breaker = Breaker(clock)

    @property
    def spec(self) -> str:
        return f"openai:{self._server.model}"

    @property
    def resting(self) -> bool:
        """See `drafter.ports.MayRest`."""
        return self._breaker.open

    def answer(self, request: Request, *, listen: Listener | None = None) -> Answer:
        """See `ReplySource.answer`."""
        if self._breaker.open:
            return _failed(Failure("unreachable"))
        hearing = _Hearing(listen) if listen else None
        with self._in_flight.entered(given_up=_wish_of(hearing)) as entered:
            return self._answer(request, hearing) if entered else _stopped(request, hearing)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _answer(self, request: Request, hearing: _Hearing | None) -> Answer:
        deadline = self._clock.monotonic() + self._server.call_seconds
        limit, attempt, wait = self._server.reply_tokens, 1, FIRST_WAIT
        listen = hearing
        while True:
            form, without = self._form, frozenset(self._without)
            options = self._options(request, FORMS[form], limit, without)
            said = self._asked(
                request, options, deadline - self._clock.monotonic(), listen=listen, stopped=_wish_of(hearing)
            )
            if said is None:
                return _stopped(request, hearing)
            if isinstance(said, Failure):
                failure = said
                # Some servers stream, but not so that it can be read.
                listen = None if failure.kind == "unreadable" else listen
                if failure.kind == "form" and form + 1 < len(FORMS):
                    self._form = max(self._form, form + 1)
                    continue
                # Held against what this call left out: another in flight may have learnt the same meanwhile.
                if failure.parameter is not None and failure.parameter not in without:
                    self._without.add(failure.parameter)
                    continue
                if failure.kind == "cut" and limit == self._server.reply_tokens:
                    limit *= LONGER
                    continue
                pause = failure.wait if failure.wait is not None else wait
                self._note(failure)
                if not failure.again or attempt >= MOST_ATTEMPTS or self._clock.monotonic() + pause >= deadline:
                    return _failed(failure)
                self._pause(pause, stopped=_wish_of(hearing))
                attempt, wait = attempt + 1, wait * 2
                continue
            self._breaker.reached()
            self._in_flight.succeeded()
            if said.finish == "length" and limit == self._server.reply_tokens:
                limit *= LONGER
                continue
            return self._told(request, said, FORMS[form], tries=attempt)

    def _pause(self, seconds: float, *, stopped: Callable[[], bool] | None) -> None:
        """Waits, in short stretches where somebody may stop it."""
        while stopped is not None and seconds > LOOK_SECONDS and not stopped():
            self._clock.sleep(LOOK_SECONDS)
            seconds -= LOOK_SECONDS
        if stopped is None or not stopped():
            self._clock.sleep(seconds)

    def _note(self, failure: Failure) -> None:
        if failure.kind == "busy":
            self._in_flight.refused()
        if failure.kind in ("unreachable", "slow"):
            self._breaker.missed()

    def _told(self, request: Request, said: Said, form: Form, *, tries: int) -> Answer:
        said = said._replace(text=without_reasoning(said.text))
        call = CallRecord(
            request_sha256=request.digest,
            reply_sha256=hashlib.sha256((said.refusal or said.text).encode("utf-8")).hexdigest(),
            model=said.model or self._server.model,
            fingerprint=said.fingerprint,
            form=form,
            tokens_in=said.tokens_in,
            tokens_out=said.tokens_out,
            tries=tries,
        )
        if said.refusal:
            message = "The model declined: write this item by hand."
            return Answer(fate="declined", text=said.refusal, message=message, call=call)
        if said.finish == "content_filter":
            return _failed(Failure("content"))
        if said.finish == "length":
            return Answer(fate="cut", message=Failure("cut").sentence, call=call)
        return Answer(fate="complete", text=said.text, call=call)

    def _asked(
        self,
        request: Request,
        options: dict[str, Any],
        seconds: float,
        *,
        listen: Listener | None,
        stopped: Callable[[], bool] | None,
    ) -> Said | Failure | None:
        """One call, left behind when `seconds` are over, or, with None, when it is stopped."""
        if stopped is not None and stopped():
            return None
        open_line = self._idle.pop() if self._idle else _OpenLine(self._connect(self._server))
        open_line.line.taken = request.taken
        if "system" in self._without:
            request = request.model_copy(update={"system": "", "user": f"{request.system}\n\n{request.user}"})
        results = open_line.ask(request, options, listen)
        try:
            result = self._result(results, seconds, stopped=stopped)
        except queue.Empty:
            open_line.close()
            return None if stopped is not None and stopped() else Failure("slow")
        except BaseException:
            open_line.close()
            raise
        if isinstance(result, BaseException):
            open_line.close()
            if isinstance(result, Withheld):
                return Failure("withheld")
            return open_line.line.failure(result, clock=self._clock)
        self._idle.append(open_line)
        return result

    def _result(
        self, results: queue.SimpleQueue[Said | BaseException], seconds: float, *, stopped: Callable[[], bool] | None
    ) -> Said | BaseException:
        """Raises queue.Empty when the seconds are over, or before, when it is stopped."""
        if stopped is None:
            return results.get(timeout=max(0.0, seconds))
        end = time.monotonic() + seconds
        while True:
            left = max(0.0, end - time.monotonic())
            try:
                return results.get(timeout=min(left, LOOK_SECONDS))
            except queue.Empty:
                if stopped() or left <= LOOK_SECONDS:
                    raise

    def _options(self, request: Request, form: Form, limit: int, without: frozenset[str]) -> dict[str, Any]:
        names = [name for name in ("max_completion_tokens", "max_tokens") if name not in without]
        options: dict[str, Any] = dict.fromkeys(names[:1], limit)
        if request.seed is not None and "seed" not in without:
            options["seed"] = request.seed
        if form == "json_schema":
            schema = {"name": "reply", "strict": True, "schema": reply_schema()}
            options["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif form == "json_object":
            options["response_format"] = {"type": "json_object"}
        return options


def without_reasoning(text: str) -> str:
    """The reply without what the model thought before it, where the server leaves that in (`<think>...</think>`).

    Other servers give it in a field of its own. Nothing else around a reply is taken away.
    """
    opened, mark = text.lstrip().startswith("<think>"), text.find("</think>")
    thought = mark >= 0 and (opened or not text.lstrip().startswith("{"))
    return text[mark + len("</think>") :].strip() if thought else text


class _Hearing:
    """Passes on what is heard, and keeps what the last try gave, for a reply that is stopped."""

    def __init__(self, listen: Listener) -> None:
        self._listen = listen
        self.statements: list[str] = []

    @property
    def cancelled(self) -> bool:
        return self._listen.cancelled

    def hear(self, place: int, statement: str) -> None:
        if self.cancelled:
            return
        self.statements[place:] = [statement]
        self._listen.hear(place, statement)


def _wish_of(hearing: _Hearing | None) -> Callable[[], bool] | None:
    return (lambda: hearing.cancelled) if hearing is not None else None


def _stopped(request: Request, hearing: _Hearing | None) -> Answer:
    """The statements that were whole when nothing more was wanted, as a reply of their own."""
    held = hearing.statements if hearing else []
    text = f'{{"item": {request.item}, "statements": [{", ".join(held)}]}}' if held else ""
    return Answer(fate="stopped", text=text, message="The draft was stopped before it was whole.", reason="stopped")


def _failed(failure: Failure) -> Answer:
    fate: AnswerFate = _FATES.get(failure.kind, "failed")
    return Answer(fate=fate, message=failure.sentence, reason=failure.kind)
