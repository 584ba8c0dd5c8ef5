"""Which entries of the record somebody wants to look through, newest first, a page at a time."""

from __future__ import annotations

from pydantic import AwareDatetime

from drafter.domain.model import DomainModel
from drafter.domain.review.audit import Entry

PAGE = 50


class AuditFilter(DomainModel):
    """`since` is the first moment, `until` the first no more; `before` is the number that all have to be lower than."""

    case_id: str | None = None
    actor: str | None = None
    action: str | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    before: int | None = None
    page_size: int = PAGE


class AuditPage(DomainModel):
    """`older` is the `before` of the next page, None where there is none."""

    entries: tuple[Entry, ...]
    older: int | None


def page_of(entries: tuple[Entry, ...], *, page_size: int) -> AuditPage:
    """The page of entries of which one more was asked for than it shows."""
    shown = entries[:page_size]
    return AuditPage(entries=shown, older=shown[-1].seq if len(entries) > page_size else None)
