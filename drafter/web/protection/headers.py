"""What every answer tells the browser to forbid, and the two names every request gets: its id and its nonce.

Scripts run only with the nonce of their page; there is no inline style or handler, no frame around the desk, no address
of it in a referrer, and nothing of it in a cache of the way (tests/integration/test_protection.py).
"""

from __future__ import annotations

import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC = "/static/"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_HTTPS_ONLY = "max-age=31536000"
_OF_PROXY = re.compile(r"[0-9a-f]{32}")  # as nginx makes its $request_id


def content_policy(nonce: str) -> str:
    return (
        "default-src 'none'; "
        f"script-src 'nonce-{nonce}'; "
        "style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    )


class SecurityHeaders:
    """Pure ASGI: streamed answers pass through it as they come."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app, self._secure = app, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["nonce"] = secrets.token_urlsafe(16)
        state["request_id"] = self._request_id(Headers(scope=scope))

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers[name] = value
                headers["Content-Security-Policy"] = content_policy(state["nonce"])
                headers["X-Request-Id"] = state["request_id"]
                if self._secure:
                    headers["Strict-Transport-Security"] = _HTTPS_ONLY
                if not scope["path"].startswith(STATIC):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, with_headers)

    def _request_id(self, headers: Headers) -> str:
        """The proxy's own where there is one in front: what it sends again, after a process died, is then known to the
        record as the same request. Nobody else is asked, for nobody else may choose it."""
        told = headers.get("x-request-id", "") if self._secure else ""
        return told if _OF_PROXY.fullmatch(told) else secrets.token_hex(8)
