"""Passwords to hashes and back: argon2id, the only file that names its library.

A hash takes about 0.2 s of one core on purpose. A login that nobody has is checked against a hash of its own, so that
the time of a refusal does not tell which logins there are.
"""

from __future__ import annotations

from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from drafter.domain.review.people import TEMPORARY


class Passwords:
    """`cheap` takes the least work that argon2id allows: for tests, never for people."""

    def __init__(self, *, cheap: bool = False) -> None:
        self._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if cheap else PasswordHasher()

    def hashed(self, password: str, *, temporary: bool = False) -> str:
        """The hash to keep; `temporary` where somebody else than its owner chose the password."""
        return (TEMPORARY if temporary else "") + self._hasher.hash(password)

    def matches(self, password: str, kept: str | None) -> bool:
        """Whether `password` is the one of the hash `kept`; None costs the same and is never true."""
        known = (kept or self._of_nobody).removeprefix(TEMPORARY)
        try:
            self._hasher.verify(known, password)
        except (VerificationError, InvalidHashError):
            return False
        return bool(kept)

    @cached_property
    def _of_nobody(self) -> str:
        return self._hasher.hash("a login that nobody has")
