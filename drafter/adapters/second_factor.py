"""The second factor: one-time codes by RFC 6238 (pyotp), and the picture that an authenticator app scans (segno).

A code holds for its half minute and the ones beside it, and once for each purpose: whoever saw it typed cannot use it
again (RFC 6238, 5.2).
"""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Protocol

import pyotp
import segno
from pyotp.exceptions import OTPVerificationError

ISSUER = "IMR review desk"
_BESIDE = 1  # half minutes that a clock may be off


class UsedCodes(Protocol):
    """Where it is kept which code somebody used last, and for what."""

    def take(self, owner: str, purpose: str, step: int) -> bool:
        """Uses up the code of this half minute and those before; False where it was used up already."""
        ...


class UsedHere:
    """In memory: after a restart a code of the running half minute would be taken once more."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, str], int] = {}
        self._lock = threading.Lock()

    def take(self, owner: str, purpose: str, step: int) -> bool:
        with self._lock:
            if step <= self._used.get((owner, purpose), -1):
                return False
            self._used[owner, purpose] = step
            return True


class SecondFactor:
    def __init__(self, used: UsedCodes | None = None) -> None:
        self._used = used or UsedHere()

    def new_secret(self) -> str:
        return pyotp.random_base32()

    def address(self, secret: str, *, login: str) -> str:
        """What an authenticator app reads from the picture."""
        return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)

    def picture(self, secret: str, *, login: str) -> str:
        """The QR code as inline SVG: black on white in either theme, for cameras need the contrast."""
        code = segno.make(self.address(secret, login=login), error="m")
        return code.svg_inline(scale=4, border=4, dark="#000", light="#fff", title="Picture for the authenticator app")

    def accepts(self, secret: str, code: str, *, at: datetime, owner: str, purpose: str) -> bool:
        """Whether `code` is right at this time and was not used before by `owner` for `purpose`."""
        digits = "".join(code.split())
        if not digits.isascii() or not digits.isdigit():
            return False
        try:
            step = pyotp.TOTP(secret).verify_and_get_timecode(digits, for_time=at, valid_window=_BESIDE)
        except OTPVerificationError:
            return False
        return self._used.take(owner, purpose, step)
