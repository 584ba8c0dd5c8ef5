"""A real browser on the real desk: Chromium by Playwright, the server on loopback, the record in a temporary home.

`live_desk` serves one desk; `live_desk.visit(account)` is a page on which that person is signed in. `violations` runs
axe with the pages' own headers and style sheets in force.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from drafter.adapters.attempts import Attempts
from drafter.adapters.clock import SystemClock
from drafter.adapters.passwords import Passwords
from drafter.bootstrap import open_app
from drafter.desk_bootstrap import Counts, DeskParts, desk_parts, open_importing
from drafter.domain.review.people import Account, ReviewerProfile, Role
from drafter.services.desk.workbench import Workbench
from drafter.settings import settings_from
from drafter.sign_on_settings import AccessSettings
from drafter.web.desk import create_desk

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
SIZES = ((1440, 900), (1024, 768))
PASSWORD = "seven lamps on a quiet shelf"
_AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; where it is missing the test is skipped, in CI it fails.

    One a module and not one a session: Playwright runs once at a time in a process, and tests of reports start it too.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        reason = "no Chromium on this machine; install the package `chromium`"
        if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        yield browser
        browser.close()


class LiveDesk:
    """A desk that is being served, and its people."""

    def __init__(self, *, parts: DeskParts, address: str, home: Path, browser: Browser) -> None:
        self.parts, self.address, self.home = parts, address, home
        self._browser = browser

    def person(self, *roles: Role, login: str = "", profile: bool = True) -> Account:
        account, _ = self.parts.accounts.add(
            login=login or f"{roles[0].replace('_', '-')}-{uuid4().hex[:5]}",
            roles=roles,
            actor="system",
            password=PASSWORD,
        )
        if profile and "reviewer" in roles:
            own = ReviewerProfile(specialty="Occupational Medicine", licensure="California")
            self.parts.accounts.set_profile(account, own, actor="system")
        return self.parts.accounts.named(account.account_id)

    def page(self, *, scheme: Scheme = "light", size: tuple[int, int] = SIZES[0], scripts: bool = True) -> Page:
        """A browser of its own, on which nobody is signed in. Whatever the page writes to its console is kept."""
        context = self._browser.new_context(
            base_url=self.address,
            color_scheme=scheme,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
        )
        context.set_default_timeout(15_000)
        return context.new_page()

    def visit(self, account: Account, path: str = "/", **how: Any) -> Page:
        """A page at `path`, signed in as `account`."""
        page = self.page(**how)
        page.goto("/sign-in")
        page.get_by_label("Login").fill(account.login)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        page.goto(path)
        return page


@pytest.fixture
def workbench() -> Workbench | None:
    """What the desk drafts with; a module whose tests draft has its own."""
    return None


@pytest.fixture
def access() -> AccessSettings | None:
    """How people come in; a module whose people sign in elsewhere has its own."""
    return None


@pytest.fixture
def live_desk(
    chromium: Browser, tmp_path: Path, workbench: Workbench | None, access: AccessSettings | None
) -> Iterator[LiveDesk]:
    settings = settings_from({"DRAFTER_HOME": str(tmp_path / "home")})
    store = open_app(settings).records
    parts = desk_parts(
        store=store,
        settings=settings.desk,
        importing=open_importing(settings.imports_dir, store=store, clock=SystemClock()),
        workbench=workbench,
        access=access,
        passwords=Passwords(cheap=True),
        counts=Counts(attempts=Attempts(an_account=10_000, an_address=10_000)),
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(create_desk(parts), access_log=False, log_level="warning"))
        serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        serving.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        yield LiveDesk(parts=parts, address=address, home=settings.home, browser=chromium)
        for context in chromium.contexts:
            context.close()
        server.should_exit = True
        serving.join(timeout=20)


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """What axe has against a page: rule and element of each violation."""
    axe = Axe()

    def found(page: Page) -> list[str]:
        results = axe.run(page, options=_AXE)
        return [
            f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
            for one in results.response["violations"]
            for node in one["nodes"]
        ]

    return found
