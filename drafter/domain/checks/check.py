"""One row of the table of checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from drafter.domain.checks.audit import Audit, AuditedItem, Remark
from drafter.domain.draft import Severity
from drafter.domain.model import DomainModel

OfCase = Callable[[Audit], Iterator[Remark]]
OfItem = Callable[[Audit, AuditedItem], Iterator[Remark]]


class Check(DomainModel):
    """What a check finds, why it matters, an invented example, and where it is weak.

    `of_case` or `of_item` runs it; neither where the drafting step makes the finding. `integrity`: the finding is no
    matter of judgement and cannot be contested. `in_drafts`: its severity on a sentence of a draft, where that is
    another: a reviewer may know more than the record tells, a program may not. `once`: words that stand alike under
    several items are reported once. `of_given`: what `of_case` looks at is the case as it was given and no text under
    audit, so that it is asked once for a case, however often its text changes.
    """

    id: str
    severity: Severity
    what: str
    why: str
    example: str
    weakness: str
    in_drafts: Severity | None = None
    integrity: bool = False
    once: bool = False
    of_given: bool = False
    of_case: OfCase | None = None
    of_item: OfItem | None = None
