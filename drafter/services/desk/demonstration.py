"""A desk to look around in: an account for each role, and the cases of a folder in different states of work.

Only where there is no account yet: a desk that people work at is never furnished. The passwords are made anew each time
and shown once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from drafter.domain.model import DomainModel
from drafter.domain.review.people import ROLES, SYSTEM, Account, ReviewerProfile, Role
from drafter.errors import AccountInvalid
from drafter.ports import Clock, RecordStore
from drafter.services.access.accounts import Accounts, temporary_password
from drafter.services.desk.deciding import draft_items
from drafter.services.desk.opening import assign, declare_conflict, open_case
from drafter.services.desk.workbench import Workbench
from drafter.services.intake import find_inputs, read_case

_LOGINS: dict[Role, str] = {"reviewer": "reviewer", "qa": "qa", "prompt_editor": "editor", "admin": "office"}
# How long ago the cases came in, again and again: one is late, one is nearly due, one is new.
_DAYS_AGO = (26, 31, 2)
_DRAFTED = 1  # how many of the reviewer's cases have their draft already


class DemonstrationAccount(DomainModel):
    login: str
    password: str
    roles: tuple[Role, ...]


def furnish(
    folder: Path, *, accounts: Accounts, store: RecordStore, clock: Clock, workbench: Workbench | None
) -> tuple[DemonstrationAccount, ...]:
    """Accounts and cases for a demonstration. Raises AccountInvalid where there are accounts, NothingToRead for an
    empty folder."""
    if accounts.all():
        raise AccountInvalid("The desk has accounts already; a demonstration is only for an empty one.")
    files = list(find_inputs([folder]))
    made = tuple(_accounts(accounts))
    reviewer = accounts.named(_LOGINS["reviewer"])
    case_ids = [_case(file, place, store=store, clock=clock) for place, file in enumerate(files)]
    # The last case stays free, so that there is one to take.
    hers = case_ids[:-1] if len(case_ids) > 1 else case_ids
    for case_id in hers:
        assign(case_id, to=reviewer, store=store, actor=SYSTEM, request_id=f"demonstration {case_id}")
    if workbench is not None:
        _draft(hers[:_DRAFTED], reviewer, store=store, workbench=workbench)
    return made


def _accounts(accounts: Accounts) -> Iterator[DemonstrationAccount]:
    for role in ROLES:
        password = temporary_password()
        account, _ = accounts.add(login=_LOGINS[role], roles=(role,), actor=SYSTEM, password=password)
        if role == "reviewer":
            profile = ReviewerProfile(specialty="Occupational Medicine", licensure="California")
            accounts.set_profile(account, profile, actor=SYSTEM)
        yield DemonstrationAccount(login=account.login, password=password, roles=account.roles)


def _case(file: Path, place: int, *, store: RecordStore, clock: Clock) -> str:
    received = clock.today() - timedelta(days=_DAYS_AGO[place % len(_DAYS_AGO)])
    opened = open_case(
        read_case(file),
        data=file.read_bytes(),
        source_name=file.name,
        store=store,
        clock=clock,
        actor=SYSTEM,
        received=received,
    )
    return opened.case_id


def _draft(case_ids: Sequence[str], reviewer: Account, *, store: RecordStore, workbench: Workbench) -> None:
    for case_id in case_ids:
        name = f"demonstration {case_id}"
        declare_conflict(case_id, clear=True, words="", store=store, by=reviewer, request_id=f"{name} ties")
        draft_items(case_id, items=(), store=store, workbench=workbench, by=reviewer, request_id=f"{name} draft")
