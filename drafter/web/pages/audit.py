"""The record's entries, newest first: who did what to which case, and when; never a word of a case.

An administrator may read them without reading a record, for an entry names its case by an id alone.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from fastapi.responses import Response, StreamingResponse

from drafter.domain.model import DomainModel
from drafter.domain.review.audit_page import AuditFilter
from drafter.domain.review.events import ACTIONS
from drafter.services.desk.looking import looked
from drafter.web.refusal import Refusal, not_found
from drafter.web.visit import CurrentVisit, Visit

Words = Annotated[str, Query(max_length=100)]


class Asked(DomainModel):
    """What is looked for; empty is any. Days are those of UTC, which the entries are in."""

    case: Words = ""
    person: Words = ""
    kind: Words = ""
    since: Words = ""
    until: Words = ""
    before: Annotated[int | None, Query(ge=1)] = None


def show(visit: CurrentVisit, asked: Annotated[Asked, Query()]) -> Response:
    try:
        wanted = _filter(asked)
    except ValueError:
        raise Refusal(422, "A day is written YYYY-MM-DD.", todo="Go back and correct it.", back="/audit") from None
    people = {account.account_id: account.login for account in visit.parts.accounts.all()}
    found = visit.parts.store.audit_page(wanted)
    further = {**asked.model_dump(exclude={"before"}), "before": found.older}
    return visit.page(
        "audit.html",
        asked=asked,
        found=found,
        people=people,
        kinds=ACTIONS,
        older=f"/audit?{urlencode(further)}" if found.older else None,
        auditing=visit.parts.auditing,
    )


def verify(visit: CurrentVisit) -> Response:
    """Begins to verify the whole record, beside the desk."""
    if visit.parts.auditing is None:
        raise not_found("This desk cannot verify its record; run `drafter audit verify` in the shell.")
    visit.parts.auditing.start()
    return _state(visit) if visit.is_fragment else visit.go("/audit")


def verification(visit: CurrentVisit) -> Response:
    """What the page asks for while the record is verified."""
    return _state(visit)


def export(visit: CurrentVisit, case: Words = "") -> Response:
    """The entries of a case, one JSON object a line, as they are sealed; their payloads stay."""
    store = visit.parts.store
    if not case or next(store.entries(case_id=case), None) is None:
        raise not_found("No entry names this case.")
    looked(case, what="export", store=store, by=visit.person, request_id=visit.request_id)
    lines = (
        json.dumps(entry.model_dump(mode="json"), ensure_ascii=False, sort_keys=True) + "\n"
        for entry in store.entries(case_id=case)
    )
    name = "".join(letter for letter in case if letter.isalnum())[:40]
    headers = {"Content-Disposition": f'attachment; filename="audit-{name}.jsonl"'}
    return StreamingResponse(lines, media_type="application/x-ndjson", headers=headers)


def _state(visit: Visit) -> Response:
    return visit.page("audit_verification.html", auditing=visit.parts.auditing)


def _filter(asked: Asked) -> AuditFilter:
    """Raises ValueError for a day that is none."""
    return AuditFilter(
        case_id=asked.case.strip() or None,
        actor=asked.person or None,
        action=asked.kind or None,
        since=_midnight(asked.since),
        until=_midnight(asked.until, days=1),
        before=asked.before,
    )


def _midnight(day: str, *, days: int = 0) -> datetime | None:
    if not day:
        return None
    return datetime.combine(date.fromisoformat(day) + timedelta(days=days), time(), tzinfo=UTC)
