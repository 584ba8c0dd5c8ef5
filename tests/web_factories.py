"""A desk to visit: the application over the store in memory, people who work there, and a browser for each."""

from __future__ import annotations

import re
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from starlette.testclient import TestClient

from drafter.adapters.attempts import Attempts
from drafter.adapters.import_folder import ImportFolder
from drafter.adapters.passwords import Passwords
from drafter.desk_bootstrap import Counts, DeskParts, desk_parts
from drafter.domain.review.audit import new_entry
from drafter.domain.review.events import CaseAssigned, CaseOpened
from drafter.domain.review.people import Account, ReviewerProfile, Role
from drafter.ports import RecordStore
from drafter.services.desk.deciding import draft_items
from drafter.services.desk.importing import Importing, Reader
from drafter.services.desk.opening import declare_conflict
from drafter.services.isolated_reading import read_isolated_case
from drafter.settings import DeskSettings
from drafter.sign_on_settings import AccessSettings
from drafter.web.desk import create_desk
from tests.desk_factories import make_workbench
from tests.fakes import FakeRecordStore
from tests.review_factories import make_opened

PASSWORD = "seven lamps on a quiet shelf"
PROFILE = ReviewerProfile(specialty="Occupational Medicine", licensure="California")
HOST = "desk.test"


class MovingClock:
    """Stands still until it is moved on."""

    def __init__(self, at: datetime = datetime(2016, 11, 9, 10, 0, tzinfo=UTC)) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.astimezone(ZoneInfo("America/Los_Angeles")).date()

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.pass_by(seconds=seconds)

    def pass_by(self, **how_long: float) -> None:
        self.at += timedelta(**how_long)


class Desk:
    """One desk, its clock and its people. A browser is a `TestClient` with cookies of its own."""

    def __init__(
        self,
        *,
        store: RecordStore | None = None,
        secure: bool = False,
        attempts: Attempts | None = None,
        hosts: tuple[str, ...] = (),
        read: Reader = read_isolated_case,
        access: AccessSettings | None = None,
        clock: MovingClock | None = None,
        **settings: Any,
    ) -> None:
        self.clock = clock or MovingClock()
        self.store = store or FakeRecordStore()
        self.imports = tempfile.mkdtemp(prefix="desk-imports-")
        self.parts: DeskParts = desk_parts(
            store=self.store,
            settings=DeskSettings(**settings),
            importing=Importing(
                folder=ImportFolder(Path(self.imports)),
                store=self.store,
                clock=self.clock,
                read=read,
            ),
            clock=self.clock,
            passwords=Passwords(cheap=True),
            counts=Counts(attempts=attempts or Attempts(an_account=1000, an_address=1000)),
            access=access,
            workbench=make_workbench(),
            secure=secure,
            hosts=(HOST, *hosts),
        )
        self.app: FastAPI = create_desk(self.parts)
        self.secure = secure

    def person(self, *roles: Role, login: str = "", profile: bool = True, password: str | None = PASSWORD) -> Account:
        account, _ = self.parts.accounts.add(
            login=login or f"{roles[0]}-{uuid4().hex[:6]}", roles=roles, actor="system", password=password
        )
        if profile and "reviewer" in roles:
            self.parts.accounts.set_profile(account, PROFILE, actor="system")
        return self.parts.accounts.named(account.account_id)

    def case(self, *, assigned_to: Account | None = None, case_id: str = "", **opened: Any) -> str:
        case_id = case_id or uuid4().hex[:16]
        event: CaseOpened = make_opened(**opened)
        self.store.append(new_entry(event, actor="system", request_id=uuid4().hex, case_id=case_id))
        if assigned_to is not None:
            assigned = CaseAssigned(account_id=assigned_to.account_id)
            self.store.append(new_entry(assigned, actor="system", request_id=uuid4().hex, case_id=case_id))
        return case_id

    def drafted(self, *, to: Account, declared: bool = True, **opened: Any) -> str:
        """A case of this reviewer with a draft of every item."""
        case_id = self.case(assigned_to=to, **opened)
        if declared:
            declare_conflict(case_id, clear=True, words="", store=self.store, by=to, request_id=uuid4().hex)
        draft_items(case_id, items=(), store=self.store, workbench=self.parts.workbench, by=to, request_id=uuid4().hex)
        return case_id

    def browser(self, account: Account | None = None, *, password: str = PASSWORD, code: str = "") -> Browser:
        browser = Browser(self)
        if account is not None:
            browser.sign_in(account.login, password=password, code=code)
        return browser


class Browser:
    """What a person does with a browser: looks at a page, fills in its form, sends it."""

    def __init__(self, desk: Desk) -> None:
        scheme = "https" if desk.secure else "http"
        self.client = TestClient(desk.app, base_url=f"{scheme}://{HOST}", follow_redirects=False)
        self.origin = f"{scheme}://{HOST}"

    def get(self, path: str, **how: Any) -> Any:
        return self.client.get(path, **how)

    def token(self, path: str = "/sign-in") -> str:
        """The CSRF token of a page."""
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', self.get(path).text)
        assert found, f"{path} has no form"
        return found[1]

    def post(self, path: str, *, on: str = "/account", headers: dict[str, str] | None = None, **fields: Any) -> Any:
        """Sends a form of the page `on`."""
        data = {"csrf": self.token(on), **fields}
        return self.client.post(path, data=data, headers={"Origin": self.origin, **(headers or {})})

    def sign_in(self, login: str, *, password: str = PASSWORD, code: str = "") -> Any:
        return self.post("/sign-in", on="/sign-in", login=login, password=password, code=code)
