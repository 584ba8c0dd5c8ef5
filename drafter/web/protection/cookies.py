"""The cookies of the desk: the session, what stands in for it before anybody is signed in, and a way to the provider.

The first two hold a random number and nothing else, the third one more for ten minutes
(`drafter.domain.review.sign_on.Flow`). The CSRF token is an HMAC under that number: a page of another site can make
the browser send the cookie, but cannot know the token. Over https the names begin with `__Host-`, so that no other host
and no plain connection can set them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from drafter.domain.review.sign_on import LONGEST_WAY, Flow, flow_text, read_flow


@dataclass(frozen=True, kw_only=True)
class Cookies:
    """`secure` where the desk is reached over https."""

    secure: bool

    @property
    def session(self) -> str:
        return "__Host-desk" if self.secure else "desk"

    @property
    def guest(self) -> str:
        return "__Host-desk-guest" if self.secure else "desk-guest"

    def address(self, request: Request, path: str) -> str:
        """The address of a page of this desk, as the browser has it."""
        return f"{'https' if self.secure else 'http'}://{request.headers.get('host', '')}{path}"

    def session_key(self, request: Request) -> str | None:
        return request.cookies.get(self.session) or None

    def guest_key(self, request: Request) -> str | None:
        return request.cookies.get(self.guest) or None

    def set_session(self, response: Response, key: str) -> None:
        """The cookie ends with the browser; the session ends on the server, whatever a browser keeps."""
        self._set(response, self.session, key)

    def set_guest(self, response: Response, key: str) -> None:
        self._set(response, self.guest, key)

    @property
    def sign_on(self) -> str:
        return "__Host-desk-sign-on" if self.secure else "desk-sign-on"

    def flow(self, request: Request) -> Flow | None:
        """The way to the identity provider that this browser was sent last."""
        return read_flow(request.cookies.get(self.sign_on, ""))

    def set_flow(self, response: Response, flow: Flow) -> None:
        self._set(response, self.sign_on, flow_text(flow), max_age=int(LONGEST_WAY.total_seconds()))

    def clear_flow(self, response: Response) -> None:
        self._clear(response, self.sign_on)

    def clear_session(self, response: Response) -> None:
        self._clear(response, self.session)

    def clear_guest(self, response: Response) -> None:
        self._clear(response, self.guest)

    def _clear(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path="/", secure=self.secure, httponly=True, samesite="lax")

    def _set(self, response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
        response.set_cookie(name, value, max_age=max_age, path="/", secure=self.secure, httponly=True, samesite="lax")


def new_guest_key() -> str:
    return secrets.token_urlsafe(32)


def csrf_token(key: str) -> str:
    """The token that belongs to a session's or guest's key."""
    return hmac.new(key.encode(), b"imr-drafter csrf 1", hashlib.sha256).hexdigest()


def is_token(given: str, key: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), csrf_token(key).encode())
