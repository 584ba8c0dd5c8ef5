"""One line a request: its id, the route's name, the answer and the time it took. No address, no name, nothing typed.

The line holds the name of the route (`queue.take_case`) and its template (`/cases/{case_id}/take`), never the path that
was asked for, and ids of ours only. `told` carries the same to a formatter that writes lines of JSON.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOGGER = "drafter.web.access"


class AccessLog:
    """`monotonic` gives seconds."""

    def __init__(self, app: ASGIApp, *, monotonic: Callable[[], float]) -> None:
        self._app, self._monotonic = app, monotonic
        self._logger = logging.getLogger(LOGGER)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = self._monotonic(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            state = scope.get("state", {})
            line = {
                "request": state.get("request_id"),
                "route": state.get("route"),
                "template": state.get("template"),
                "account": state.get("account"),
                "case": state.get("case"),
                "status": status,
                "ms": round((self._monotonic() - begun) * 1000),
            }
            told = {key: value for key, value in line.items() if value is not None}
            self._logger.info(json.dumps(told), extra={"told": told})
