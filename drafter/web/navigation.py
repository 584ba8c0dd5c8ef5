"""The main navigation: what a person may see of what there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from drafter.domain.review.access import Action, allowed
from drafter.domain.review.people import Account


class Entry(NamedTuple):
    label: str
    path: str
    does: Action
    also: str = ""  # how other paths under this entry begin

    def holds(self, path: str) -> bool:
        """Whether a page stands under this entry."""
        return path == self.path or path.startswith(f"{self.path}/") or bool(self.also and path.startswith(self.also))


ENTRIES = (
    Entry("Cases", "/cases", "see-queue", also="/import"),
    Entry("Prompts", "/prompts", "read-prompts"),
    Entry("Quality", "/quality", "read-quality"),
    Entry("Accounts", "/accounts", "manage-accounts"),
    Entry("Operation", "/operation", "see-operation"),
    Entry("Audit", "/audit", "read-audit"),
)


def navigation(account: Account, *, paths: frozenset[str]) -> Iterator[Entry]:
    """The entries whose page is in the table of routes and open to one of the person's roles."""
    yield from (entry for entry in ENTRIES if entry.path in paths and allowed(account, entry.does, "none"))


def home_of(account: Account, *, paths: frozenset[str]) -> str:
    """Where the person starts."""
    return next((entry.path for entry in navigation(account, paths=paths)), "/account")
