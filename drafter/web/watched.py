"""Every request as one step: its route's template, status and time. Requests to no route are told as one."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from drafter.domain.watching import Facts
from drafter.ports import Watch

_FAULT = 500


class WatchedRequests:
    def __init__(self, app: ASGIApp, *, watch: Watch) -> None:
        self._app, self._watch = app, watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = _FAULT

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self._watch.step("request", Facts(method=scope["method"])) as tell:
            try:
                await self._app(scope, receive, noting)
            finally:
                state = scope.get("state", {})
                tell(
                    Facts(
                        route=state.get("template"),
                        status=status,
                        request_id=state.get("request_id"),
                        account_id=state.get("account"),
                        case_id=state.get("case"),
                    )
                )
