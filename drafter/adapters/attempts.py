"""How often somebody may try to sign in: moving windows by the `limits` library, in memory.

By account, so that no password can be tried a thousand times, and by address, so that no address can try a thousand
accounts. An attempt counts before it is looked at. One process keeps one count; after a restart it begins anew.
"""

from __future__ import annotations

import hashlib

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from drafter.errors import TooManyAttempts

MINUTES = 15
AN_ACCOUNT = 10
AN_ADDRESS = 50
_TOLD = RateLimitItemPerMinute(1, MINUTES)


class Attempts:
    def __init__(self, *, an_account: int = AN_ACCOUNT, an_address: int = AN_ADDRESS) -> None:
        self._windows = MovingWindowRateLimiter(MemoryStorage())
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
