"""How a request ends that could not be done: one page for people, one object for programs, the same words in both.

It says what happened, what was kept, what to do, and an id by which the log knows the request. Never what was typed,
never a trace; the log of an unforeseen fault holds the kind of fault and where it arose, and not its message, for
messages quote values.
"""

from __future__ import annotations

import logging
import traceback

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from drafter.domain.model import DomainModel
from drafter.errors import (
    ApprovalRefused,
    CaseMoved,
    CasePurged,
    DrafterError,
    LetterLocked,
    LoginTaken,
    NotAllowed,
    QuotaReached,
    SignInRefused,
    StorageFull,
    StoreUnavailable,
    TooManyAttempts,
    UnknownAccount,
    UnknownCase,
    UnknownItem,
)
from drafter.web.refusal import Refusal
from drafter.web.rendering import Pages
from guideline_corpus.errors import CorpusError

LOGGER = "drafter.web"
_KEPT_ON_PAGE = "Nothing was saved. What you typed is still on the page before this one: go back to it."
_KEPT_AS_IT_WAS = "All that was saved before is still saved, and what you typed is still on the page before this one."
_TYPED = 60


class Problem(DomainModel):
    """What a program is told. `fields` names what was missing or wrong."""

    title: str
    happened: str
    kept: str
    todo: str
    request_id: str
    fields: tuple[str, ...] = ()


class _Meaning(DomainModel):
    """What a kind of fault means: the status, what was kept, what to do."""

    status: int
    kept: str = "Nothing was changed."
    todo: str = "Go back, correct it and send it again."


# The first that fits holds: a fault stands before what it is a kind of.
_MEANINGS: tuple[tuple[type[Exception], _Meaning], ...] = (
    (TooManyAttempts, _Meaning(status=429, kept="You are not signed in.", todo="Wait, then try again.")),
    (QuotaReached, _Meaning(status=429, kept=_KEPT_AS_IT_WAS, todo="Go on with it tomorrow, or ask an administrator.")),
    (SignInRefused, _Meaning(status=401, todo="Type them again.")),
    (UnknownAccount, _Meaning(status=404, todo="Choose one of the list of accounts.")),
    (UnknownCase, _Meaning(status=404, todo="Go back to the cases.")),
    (UnknownItem, _Meaning(status=404, todo="Go back to the case.")),
    (CasePurged, _Meaning(status=404, todo="Go back to the cases.")),
    (LetterLocked, _Meaning(status=422, todo="Go back to the case; an amendment opens it again.")),
    (ApprovalRefused, _Meaning(status=422, todo="Go back to the case and do what it names first.")),
    (NotAllowed, _Meaning(status=403, todo="Go back to the cases.")),
    (LoginTaken, _Meaning(status=409, todo="Choose another login.")),
    (CaseMoved, _Meaning(status=409, kept=_KEPT_ON_PAGE, todo="Reload the case and compare.")),
    (StorageFull, _Meaning(status=507, kept=_KEPT_ON_PAGE, todo="Tell an administrator, then send it again.")),
    (StoreUnavailable, _Meaning(status=503, kept=_KEPT_ON_PAGE, todo="Wait a moment and send it again.")),
)


class Failures:
    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def of_http(self, request: Request, error: Exception) -> Response:
        if isinstance(error, Refusal):
            return self.answer(request, error)
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = error.headers if isinstance(error, HTTPException) else None
        return self.answer(request, _of_status(status, headers))

    async def of_fields(self, request: Request, error: Exception) -> Response:
        faults = error.errors() if isinstance(error, RequestValidationError) else ()
        fields = tuple(dict.fromkeys(_field(fault["loc"]) for fault in faults))
        named = ", ".join(fields)
        refusal = Refusal(
            422,
            f"Missing or wrong: {named}." if named else "Something is missing or wrong.",
            kept=_KEPT_ON_PAGE,
            todo="Go back, correct it and send it again.",
        )
        return self.answer(request, refusal, fields=fields)

    async def of_drafter(self, request: Request, error: Exception) -> Response:
        return self.answer(request, refusal_of(error))

    def answer(self, request: Request, refusal: Refusal, *, fields: tuple[str, ...] = ()) -> Response:
        state = request.scope.get("state", {})
        problem = Problem(
            title=refusal.title,
            happened=refusal.happened,
            kept=refusal.kept,
            todo=refusal.todo,
            request_id=state.get("request_id", ""),
            fields=fields,
        )
        headers = dict(refusal.headers or {})
        if request.url.path.startswith("/api/"):
            return JSONResponse(problem.model_dump(mode="json"), status_code=refusal.status_code, headers=headers)
        fragment = request.headers.get("hx-request") == "true"
        if fragment:
            headers |= {"HX-Retarget": "#problem", "HX-Reswap": "innerHTML"}
        template = "problem.html" if fragment else "failure.html"
        page = self._pages.render(
            template,
            visit=state.get("visit"),
            problem=problem,
            status=refusal.status_code,
            back=refusal.back,
        )
        return HTMLResponse(page, status_code=refusal.status_code, headers=headers)


class CatchAll:
    """The last net: an unforeseen fault ends in the error page, and in one line of the log."""

    def __init__(self, app: ASGIApp, *, failures: Failures) -> None:
        self._app, self._failures = app, failures
        self._logger = logging.getLogger(LOGGER)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:  # noqa: BLE001 - whatever it is, its message must not reach a log
            self._logger.error("request %s: %s", scope.get("state", {}).get("request_id"), where(error))
            if not started:
                request = Request(scope, receive)
                response = self._failures.answer(request, _of_status(500, None))
                await response(scope, receive, send)


def where(error: BaseException) -> str:
    """The kind of a fault and the lines it came by, without its message."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    lines = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {lines}"


def refusal_of(error: Exception) -> Refusal:
    """What a fault of the program's own means to who sent the request."""
    if not isinstance(error, DrafterError | CorpusError):
        return _of_status(500, None)
    told = next((said for kind, said in _MEANINGS if isinstance(error, kind)), _Meaning(status=422))
    return Refusal(told.status, str(error), kept=told.kept, todo=told.todo)


def _of_status(status: int, headers: object) -> Refusal:
    told = dict(headers) if isinstance(headers, dict) else None
    match status:
        case 404:
            return Refusal(404, "There is no such page.", headers=told)
        case 405:
            return Refusal(405, "This page does not do what was asked of it.", headers=told)
        case 400 | 422:
            return Refusal(status, "What was sent could not be read.", todo="Reload the page and send it again.")
        case 413:
            return Refusal(413, "What was sent is too large.", kept="Nothing of it was kept.", headers=told)
    return Refusal(
        status,
        "An unforeseen fault of the program. It was noted, without any text of the case.",
        kept="What was saved before is still saved. What you just sent may not be.",
        todo="Go back and look; if it is not there, send it again. Tell an administrator the id below.",
        headers=told,
    )


def _field(place: tuple[int | str, ...]) -> str:
    """`body.login` as `login`; what a program calls its fields is shown as far as it can be a name."""
    parts = [str(part) for part in place if part not in ("body", "query", "path", "header", "form")]
    return "".join(letter for letter in ".".join(parts) if letter.isprintable())[:_TYPED] or "the body"
