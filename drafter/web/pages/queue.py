"""The queue: which cases there are, what stands in their way, whose they are; taking one, and giving one to somebody.

The words looked for are kept in the session and never in the address: they may name a treatment or a case.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Query
from fastapi.responses import Response
from pydantic import field_validator

from drafter.domain.model import DomainModel
from drafter.domain.review.people import Account
from drafter.services.desk.opening import assign, take
from drafter.services.queue import AskedQueue, counts, look, own_burning, views_of
from drafter.web.visit import CurrentVisit, Visit

Line = Annotated[str, Form(max_length=200)]


class Sought(DomainModel):
    csrf: str = ""
    find: Line = ""
    query: Annotated[str, Form(max_length=400)] = ""


class Given(DomainModel):
    csrf: str
    account_id: Annotated[str, Form(max_length=100)] = ""


class AskedByForm(AskedQueue):
    """A form sends what was left open as empty."""

    @field_validator("status", "pace", mode="before")
    @classmethod
    def _open(cls, told: str | None) -> str | None:
        return told or None


def show(visit: CurrentVisit, asked: Annotated[AskedByForm, Query()]) -> Response:
    return _page(visit, _own_view(visit, asked), find=visit.signed_in.data.find)


def find(visit: CurrentVisit, sought: Annotated[Sought, Form()]) -> Response:
    """Keeps the words and shows what is found; asked for by htmx, as they are typed, only the table."""
    words = " ".join(sought.find.split())
    data = visit.signed_in.data.model_copy(update={"find": words})
    visit.parts.sign_in.remember(visit.signed_in, data)
    asked = AskedQueue(view="all")
    return _page(visit, asked, find=words) if visit.is_fragment else visit.go("/cases", view="all")


def take_case(visit: CurrentVisit) -> Response:
    take(visit.case.case_id, by=visit.person, store=visit.parts.store, request_id=visit.request_id)
    return visit.go(f"/cases/{visit.case.case_id}")


def show_assignment(visit: CurrentVisit) -> Response:
    return visit.page("assign.html", reviewers=_reviewers(visit), case=visit.case, today=visit.parts.clock.today())


def assign_case(visit: CurrentVisit, given: Annotated[Given, Form()]) -> Response:
    to = visit.parts.accounts.named(given.account_id) if given.account_id else None
    assign(
        visit.case.case_id,
        to=to,
        store=visit.parts.store,
        actor=visit.person.account_id,
        request_id=visit.request_id,
    )
    return visit.go("/cases", view="all")


def _own_view(visit: Visit, asked: AskedQueue) -> AskedQueue:
    """Who has no cases of her own begins with all of them."""
    known = views_of(visit.person)
    return asked if asked.view in known else asked.model_copy(update={"view": "all"})


def _page(visit: Visit, asked: AskedQueue, *, find: str) -> Response:
    parts, today = visit.parts, visit.parts.clock.today()
    views = views_of(visit.person)
    in_views = counts(parts.store, person=visit.person, today=today)
    late, blocked = (
        own_burning(parts.store, person=visit.person, today=today)
        if "mine" in views
        else (in_views["overdue"], in_views["blocked"])
    )
    found = look(parts.store, asked, person=visit.person, today=today, text=find)
    return visit.page(
        "queue_rows.html" if visit.is_fragment else "queue.html",
        asked=asked,
        found=found,
        find=find,
        today=today,
        counts=in_views,
        views=views,
        late=late,
        blocked=blocked,
        people={account.account_id: account for account in parts.accounts.all()},
        to=lambda **changed: _address(asked, **changed),
    )


def _address(asked: AskedQueue, **changed: object) -> str:
    """The queue's address with something changed; a change of view or order starts from its first page."""
    base = asked if set(changed) == {"page"} else asked.model_copy(update={"page": 1})
    told = base.model_copy(update=changed).model_dump(exclude_defaults=True, exclude_none=True)
    told.setdefault("view", changed.get("view", base.view))
    return f"/cases?{urlencode(told)}"


def _reviewers(visit: Visit) -> tuple[Account, ...]:
    return tuple(account for account in visit.parts.accounts.all() if account.active and account.has("reviewer"))
