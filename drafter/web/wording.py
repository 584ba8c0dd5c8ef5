"""What the desk calls things that the domain names for programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from drafter.domain.review.due import EXPEDITED_DAYS, FORMULARY_WORKING_DAYS, STANDARD_DAYS, Pace
from drafter.domain.review.people import Role
from drafter.domain.review.state import Status
from drafter.services.queue import View

STATUS_WORDS: Mapping[Status, str] = {
    "new": "Not drafted",
    "drafted": "Drafted",
    "in-review": "Deciding",
    "approved": "Signed",
    "amending": "Amending",
    "purged": "Text removed",
    "drill-ended": "Drill ended",
}
ROLE_WORDS: Mapping[Role, str] = {
    "reviewer": "Reviewer",
    "qa": "QA",
    "prompt_editor": "Prompt editor",
    "admin": "Administrator",
}
_PACES: Mapping[Pace, str] = {
    "standard": f"standard, {STANDARD_DAYS} days",
    "expedited": f"expedited, {EXPEDITED_DAYS} days",
    "formulary": f"formulary, {FORMULARY_WORKING_DAYS} working days",
}
VIEW_WORDS: Mapping[View, str] = {
    "mine": "Mine",
    "free": "Not assigned",
    "overdue": "Overdue",
    "blocked": "Blocked",
    "signed": "Signed",
    "all": "All",
}
STATUS_NOTES: Mapping[Status, str] = {
    "new": "",
    "drafted": "no outcome chosen",
    "in-review": "",
    "approved": "locked",
    "amending": "signed before",
    "purged": "under a retention rule",
    "drill-ended": "never signed",
}


def pace_words(pace: Pace) -> str:
    return _PACES[pace]


def days_left(due: date, today: date) -> str:
    days = (due - today).days
    if days == 0:
        return "Due today"
    if days == 1:
        return "1 day left"
    if days > 1:
        return f"{days} days left"
    return "1 day overdue" if days == -1 else f"{-days} days overdue"
