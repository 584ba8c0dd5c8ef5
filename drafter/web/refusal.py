"""What a person is told when something cannot be done: what happened, what was kept, what to do. No clinical text."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException

from drafter.web.route import MEGABYTE


class Refusal(HTTPException):
    """Ends a request with the error page of `status`."""

    def __init__(
        self,
        status: int,
        happened: str,
        *,
        kept: str = "Nothing was changed.",
        todo: str = "Go back to the cases.",
        headers: Mapping[str, str] | None = None,
        back: str = "/",
    ) -> None:
        """`back` is the page to which the error page leads, after signing in where that is what is missing."""
        super().__init__(status_code=status, detail=happened, headers=headers)
        self.happened, self.kept, self.todo, self.back = happened, kept, todo, back

    @property
    def title(self) -> str:
        return TITLES.get(self.status_code, HTTPStatus(self.status_code).phrase)


TITLES = {
    400: "The request could not be read",
    401: "You are not signed in",
    403: "This is not yours to do",
    404: "There is nothing here",
    405: "This cannot be done here",
    409: "Somebody was quicker",
    413: "That is too large",
    421: "The desk has another address",
    422: "Something is missing",
    429: "The limit is reached",
    500: "The desk has failed",
    503: "The record cannot be reached",
    507: "Storage is full",
}


def not_found(what: str = "There is no such page.") -> Refusal:
    return Refusal(404, what)


def not_allowed(happened: str, *, todo: str = "Ask an administrator if you should have this role.") -> Refusal:
    return Refusal(403, happened, todo=todo)


def too_large(limit: int) -> Refusal:
    told = f"larger than {limit // MEGABYTE} MB, the limit of this page" if limit >= MEGABYTE else "too large"
    return Refusal(
        413,
        f"What was sent is {told}.",
        kept="Nothing of it was kept.",
        todo="Send fewer or smaller files at a time.",
    )
