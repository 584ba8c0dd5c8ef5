"""The case page as one object: its items, the item on screen in its three panes, and what is still in the way."""

from __future__ import annotations

from datetime import date, datetime

from drafter.domain.case import Determination, DisputedItem
from drafter.domain.draft import CriterionStatus
from drafter.domain.model import DomainModel
from drafter.domain.review.obstacles import Obstacle, obstacles
from drafter.domain.review.people import Account
from drafter.domain.review.state import CaseState, ItemState
from drafter.web.casework.draft_view import DraftView, draft_view
from drafter.web.casework.guideline_view import GuidelineView, guideline_view
from drafter.web.casework.record_view import RecordView, record_view

STATUS_OF_CRITERIA: dict[CriterionStatus, str] = {
    "met": "Met",
    "not_met": "Not met",
    "unclear": "Unclear",
    "not_documented": "Not documented",
    "not_in_summary": "Not in summary",
}


class ItemTab(DomainModel):
    number: int
    treatment: str
    determination: Determination | None
    depends_on: int | None
    blockers: int


class Todo(DomainModel):
    """One thing to do before signing, as a link to its place."""

    kind: str
    message: str
    href: str


class CaseView(DomainModel):
    case_id: str
    case_number: str
    injured: date | None
    ur_denial: date | None
    due: date
    updated: datetime
    tabs: tuple[ItemTab, ...]
    item: DisputedItem
    under: ItemState
    main_item: DisputedItem | None
    record: RecordView
    draft: DraftView
    guideline: GuidelineView
    todo: tuple[Todo, ...]
    locked: bool
    head: int
    can_edit: bool
    assigned_to: str | None
    summary_only: bool


def case_view(state: CaseState, number: int, *, account: Account) -> CaseView:
    """The page of item `number`. Raises KeyError where the case has no such item."""
    under = state.item(number)
    item = next(one for one in state.case.items if one.number == number)
    hers = state.assigned_to == account.account_id and account.has("reviewer")
    return CaseView(
        case_id=state.case_id,
        case_number=state.case.case_number or "Case without a number",
        injured=state.case.dates.injury,
        ur_denial=state.case.dates.ur_denial,
        due=state.due,
        updated=state.updated,
        tabs=tuple(_tab(one, state) for one in state.case.items),
        item=item,
        under=under,
        main_item=next((one for one in state.case.items if one.number == item.depends_on), None),
        record=record_view(state.case, item, under),
        draft=draft_view(under),
        guideline=guideline_view(item, under),
        todo=tuple(_todo(one, state.case_id, number) for one in obstacles(state, account=account)) if hers else (),
        locked=state.locked,
        head=state.head,
        can_edit=hers and not state.locked and bool(state.conflict_clear),
        assigned_to=state.assigned_to,
        summary_only=not state.case.records,
    )


def _tab(item: DisputedItem, state: CaseState) -> ItemTab:
    under = state.item(item.number)
    return ItemTab(
        number=item.number,
        treatment=item.treatment,
        determination=under.determination,
        depends_on=item.depends_on,
        blockers=sum(finding.severity == "blocker" for finding in under.open_findings),
    )


def _todo(obstacle: Obstacle, case_id: str, shown: int) -> Todo:
    place = f"#s{obstacle.sentence + 1}" if obstacle.sentence is not None else "#draft"
    if obstacle.kind == "undecided":
        place = "#decide"
    elsewhere = obstacle.item is not None and obstacle.item != shown
    href = f"/cases/{case_id}/items/{obstacle.item}{place}" if elsewhere else place
    return Todo(kind=obstacle.kind, message=obstacle.message, href=href)
