"""The desk as a web application: the table of routes behind the door, inside what protects every answer.

Nothing here lives in the module: an application is made of its parts, and a test makes its own. `create_desk` ends in
an error if a route got in beside the table.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from drafter import __version__
from drafter.desk_bootstrap import DeskParts
from drafter.errors import DrafterError
from drafter.web.api.shapes import PROBLEMS
from drafter.web.door import Door
from drafter.web.failures import CatchAll, Failures
from drafter.web.protection.access_log import AccessLog
from drafter.web.protection.cookies import Cookies
from drafter.web.protection.headers import SecurityHeaders
from drafter.web.rendering import Pages
from drafter.web.route import PUBLIC, Route
from drafter.web.routes import ROUTES
from drafter.web.watched import WatchedRequests
from guideline_corpus.errors import CorpusError

_EMPTY = 204


def create_desk(parts: DeskParts) -> FastAPI:
    """The application for these parts."""
    pages = Pages(paths=frozenset(row.path for row in ROUTES if row.method == "GET"), zone=parts.settings.time_zone)
    failures = Failures(pages)
    desk = FastAPI(
        lifespan=_working,
        title="IMR review desk",
        version=__version__,
        description="Cases, their drafts and their review. Sign in first; every request that changes something carries "
        "the token of its session in X-CSRF-Token.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    desk.state.parts = parts
    door = Door(parts=parts, pages=pages, cookies=Cookies(secure=parts.secure))
    desk.state.cookies = door.cookies
    for row in ROUTES:
        _add(desk, row, door)
    desk.add_exception_handler(HTTPException, failures.of_http)
    desk.add_exception_handler(RequestValidationError, failures.of_fields)
    desk.add_exception_handler(DrafterError, failures.of_drafter)
    desk.add_exception_handler(CorpusError, failures.of_drafter)
    # The last added is the outermost.
    desk.add_middleware(TrustedHostMiddleware, allowed_hosts=list(parts.hosts), www_redirect=False)
    desk.add_middleware(CatchAll, failures=failures)
    desk.add_middleware(AccessLog, monotonic=parts.clock.monotonic)
    desk.add_middleware(WatchedRequests, watch=parts.watch)
    desk.add_middleware(SecurityHeaders, secure=parts.secure)
    refuse_unlisted(desk)
    return desk


@asynccontextmanager
async def _working(desk: FastAPI) -> AsyncIterator[None]:
    """Goes on with imports that were interrupted; at the end, what is being read is read."""
    parts: DeskParts = desk.state.parts
    await run_in_threadpool(parts.importing.resume)
    yield
    await run_in_threadpool(parts.importing.close)
    await run_in_threadpool(parts.at_end)


def refuse_unlisted(desk: FastAPI) -> None:
    """Raises LookupError for a route that is not in the table: deny by default holds when the program starts, too."""
    listed = {(row.method, row.path) for row in ROUTES}
    for route in desk.routes:
        row = getattr(route, "guarded_by", None)
        if row is None or (row.method, row.path) not in listed:
            raise LookupError(f"{getattr(route, 'path', route)} is not in the table of routes")


def _described(row: Route) -> dict[str, Any]:
    """What FastAPI is told for OpenAPI: answers, and what a request needs to be let in."""
    needs: list[dict[str, list[str]]] = [{"session": []}] if row.is_safe else [{"session": [], "token": []}]
    told: dict[str, Any] = {
        "status_code": row.status,
        "responses": PROBLEMS,
        "openapi_extra": {"security": [] if row.does == PUBLIC else needs},
    }
    if row.status == _EMPTY:
        told["response_model"] = None
    return told


def _add(desk: FastAPI, row: Route, door: Door) -> None:
    told: dict[str, Any] = _described(row) if row.is_api else {"response_model": None}
    desk.router.add_api_route(
        row.path,
        row.by,
        methods=[row.method],
        name=row.name,
        include_in_schema=row.is_api,
        route_class_override=door.route_class(row),
        **told,
    )
