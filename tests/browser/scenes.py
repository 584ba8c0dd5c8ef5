"""A desk at work: cases of every status, pace and owner, put into the record as events. Every text is invented."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from drafter.domain.review.audit import new_entry
from drafter.domain.review.due import Pace, due_date
from drafter.domain.review.events import CaseAssigned, ConflictDeclared, Event
from drafter.domain.review.people import Account
from tests.browser.conftest import LiveDesk
from tests.factories import make_case, make_item
from tests.review_factories import make_blocker, make_drafted, make_opened, make_revised

TREATMENTS = (
    "Physical therapy, lumbar spine, 6 visits",
    "Left transforaminal epidural steroid injection, L4-L5 and L5-S1, under fluoroscopy",
    "Cyclobenzaprine 7.5 mg, 60 tablets",
    "MRI of the left knee without contrast",
    "Electrodiagnostic testing, both arms",
    "Hydrocodone/acetaminophen 10/325 mg, 120 tablets",
    "Topical diclofenac 1% gel, 100 g",
    "Functional restoration program, 10 days",
)


def put(desk: LiveDesk, *events: Event, case_id: str, actor: str = "system") -> None:
    for event in events:
        desk.parts.store.append(new_entry(event, actor=actor, request_id=uuid4().hex, case_id=case_id))


def put_case(
    desk: LiveDesk,
    *events: Event,
    number: int,
    days_ago: int = 3,
    pace: Pace = "standard",
    holder: Account | None = None,
    items: int = 1,
    **case: Any,
) -> str:
    """A case received so many days ago, with what happened to it since."""
    case_id = f"{number:016x}"
    received = desk.parts.clock.today() - timedelta(days=days_ago)
    treatments = [TREATMENTS[(number + place) % len(TREATMENTS)] for place in range(items)]
    opened = make_opened(
        case=make_case(
            case_number=f"CM99-{number:07}",
            items=tuple(
                make_item(number=place, heading=text, treatment=text) for place, text in enumerate(treatments, start=1)
            ),
            **case,
        ),
        received=received,
        pace=pace,
        due=due_date(received, pace=pace),
    )
    put(desk, opened, case_id=case_id)
    if holder is not None:
        put(desk, CaseAssigned(account_id=holder.account_id), ConflictDeclared(clear=True), case_id=case_id)
    put(desk, *events, case_id=case_id)
    return case_id


def desk_at_work(desk: LiveDesk, *, reviewer: Account, other: Account) -> None:
    """Nine cases: late, due today, expedited, blocked, decided, free, somebody else's, with several items."""
    put_case(desk, make_drafted(), number=4466, days_ago=3, pace="expedited", holder=reviewer)
    blocked = make_revised(determination=None, findings=(make_blocker(),))
    put_case(desk, make_drafted(), blocked, number=4127, days_ago=27, holder=reviewer, items=2)
    put_case(desk, make_drafted(), make_revised(), number=4390, days_ago=26, holder=reviewer)
    put_case(desk, make_drafted(), number=4201, days_ago=33, holder=reviewer)
    put_case(desk, number=4233, days_ago=1, holder=reviewer, items=4)
    put_case(desk, number=4310, days_ago=2, pace="formulary")
    put_case(desk, number=4352, days_ago=8, items=3)
    put_case(desk, make_drafted(), number=4411, days_ago=12, holder=other)
    put_case(desk, number=4500, days_ago=31)
