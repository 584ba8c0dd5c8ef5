"""A row of the table of routes: what is asked for, what that is called in the table of access, whose case it is about.

A route says everything that is decided before its page runs: who may come, how large a body may be, whether it keeps a
session alive. The page itself decides nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from drafter.domain.review.access import Action

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
SAFE: frozenset[str] = frozenset({"GET", "HEAD", "OPTIONS"})
MEGABYTE = 1_000_000
SMALL_BODY = 64_000
TEXT_BODY = 12_000_000
# Whoever comes: sign-in, what it needs to look like something, and whether the desk is up.
PUBLIC: Literal["public"] = "public"


@dataclass(frozen=True, kw_only=True)
class Route:
    """One method of one path.

    `case` is the path's parameter that names a case, "" where the route is about none: the door finds the case, and
    whether it is the person's own. `largest_body` counts bytes; where a route `takes_files`, the settings say how many
    and how large. `background` marks what a page asks by itself: it does not keep a session alive.
    `before_password` is open to who has still to choose one. `status` is that of an answer of the API.
    """

    method: Method
    path: str
    does: Action | Literal["public"]
    by: Callable[..., Any]
    case: str = ""
    largest_body: int = SMALL_BODY
    takes_files: bool = False
    background: bool = False
    before_password: bool = False
    status: int = 200

    @property
    def name(self) -> str:
        """How the audit and the access log call it, and how templates link to it."""
        module = self.by.__module__.removeprefix("drafter.web.").removeprefix("pages.")
        return f"{module}.{self.by.__name__}"

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def is_safe(self) -> bool:
        return self.method in SAFE
