"""The two cookies of the desk: the session, and what stands in for it before anybody is signed in.

Both hold a random number and nothing else. The CSRF token is an HMAC under that number: a page of another site can make
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

    def session_key(self, request: Request) -> str | None:
        return request.cookies.get(self.session) or None

    def guest_key(self, request: Request) -> str | None:
        return request.cookies.get(self.guest) or None

    def set_session(self, response: Response, key: str) -> None:
        """The cookie ends with the browser; the session ends on the server, whatever a browser keeps."""
        self._set(response, self.session, key)

    def set_guest(self, response: Response, key: str) -> None:
        self._set(response, self.guest, key)

    def clear_session(self, response: Response) -> None:
        self._clear(response, self.session)

    def clear_guest(self, response: Response) -> None:
        self._clear(response, self.guest)

    def _clear(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path="/", secure=self.secure, httponly=True, samesite="lax")

    def _set(self, response: Response, name: str, value: str) -> None:
        response.set_cookie(name, value, path="/", secure=self.secure, httponly=True, samesite="lax")


def new_guest_key() -> str:
    return secrets.token_urlsafe(32)


def csrf_token(key: str) -> str:
    """The token that belongs to a session's or guest's key."""
    return hmac.new(key.encode(), b"imr-drafter csrf 1", hashlib.sha256).hexdigest()


def is_token(given: str, key: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), csrf_token(key).encode())
