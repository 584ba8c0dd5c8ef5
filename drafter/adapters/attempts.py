"""How often somebody may try to sign in, or do what is counted by the day: moving windows by the `limits` library.

By account, so that no password can be tried a thousand times, and by address, so that no address can try a thousand
accounts. An attempt counts before it is looked at. In memory one process keeps one count, which begins anew after a
restart; several processes share theirs in the database (`record_store/signing_in.py`).
"""

from __future__ import annotations

import hashlib
from typing import Protocol

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from drafter.errors import TooManyAttempts

MINUTES = 15
AN_ACCOUNT = 10
AN_ADDRESS = 50
Limit = RateLimitItem
_TOLD = RateLimitItemPerMinute(1, MINUTES)


class Windows(Protocol):
    """Where attempts are counted."""

    def hit(self, item: Limit, *identifiers: str, cost: int = 1) -> bool:
        """Counts `cost`, unless the window would then hold more than it may: then nothing, and False."""
        ...

    def clear(self, item: Limit, *identifiers: str) -> None: ...


def windows_here() -> Windows:
    """Counts in memory, for one process."""
    return MovingWindowRateLimiter(MemoryStorage())


def in_a_day(amount: int) -> Limit:
    """So many within 24 hours."""
    return RateLimitItemPerDay(amount)


class Attempts:
    def __init__(
        self, *, an_account: int = AN_ACCOUNT, an_address: int = AN_ADDRESS, windows: Windows | None = None
    ) -> None:
        self._windows = windows or windows_here()
        self._by_account = RateLimitItemPerMinute(an_account, MINUTES)
        self._by_address = RateLimitItemPerMinute(an_address, MINUTES)

    def count(self, *, login: str, address: str) -> None:
        """Counts one attempt. Raises TooManyAttempts."""
        by_address = self._windows.hit(self._by_address, "address", address)
        if not (self._windows.hit(self._by_account, "account", _key(login)) and by_address):
            raise TooManyAttempts(
                f"Too many attempts to sign in. Wait up to {MINUTES} minutes and try again, or ask an administrator "
                "for a new password."
            )

    def worth_recording(self, *, address: str) -> bool:
        """Whether a refusal of this address should be put on record: one a window, so that nobody can fill the disk."""
        return self._windows.hit(_TOLD, "told", address)

    def forget(self, *, login: str) -> None:
        """An attempt succeeded: its account starts from none."""
        self._windows.clear(self._by_account, "account", _key(login))


def _key(login: str) -> str:
    """Logins are kept as hashes: people type passwords into the wrong field."""
    return hashlib.sha256(login.casefold().encode("utf-8", "surrogatepass")).hexdigest()
