"""A desk whose people sign in at an identity provider, and what a person's browser does there."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2
from pydantic import SecretStr

from drafter.adapters.attempts import Attempts
from drafter.domain.review.people import Role
from drafter.ports import RecordStore
from drafter.sign_on_settings import AccessSettings, PasswordsFor, SignOnSettings
from tests.identity_provider import CLIENT, PASSWORD, SECRET, Provider
from tests.web_factories import HOST, Browser, Desk, MovingClock

ADDRESS = f"http://{HOST}"
ROLES: dict[str, tuple[Role, ...]] = {
    "IMR reviewers": ("reviewer",),
    "IMR quality": ("qa", "prompt_editor"),
    "IMR office": ("admin",),
}


class RunningClock(MovingClock):
    """The provider's own time, for it dates what it signs; it can be moved on, the provider's cannot."""

    def __init__(self) -> None:
        super().__init__(datetime.now(UTC))
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def today(self) -> date:
        return self.now().date()

    def monotonic(self) -> float:
        return self.now().timestamp()

    def pass_by(self, **how_long: float) -> None:
        self._ahead += timedelta(**how_long)


def access_by(issuer: str, **overrides: Any) -> AccessSettings:
    passwords_for: PasswordsFor = overrides.pop("passwords_for", "everyone")
    told: dict[str, Any] = {
        "issuer": issuer,
        "client_id": CLIENT,
        "client_secret": SecretStr(SECRET),
        "name": "Example Health",
        "scopes": "openid profile groups",
        "groups": ROLES,
    }
    return AccessSettings(sign_on=SignOnSettings(**(told | overrides)), passwords_for=passwords_for)


def sign_on_desk(
    provider: Provider,
    *,
    store: RecordStore | None = None,
    attempts: Attempts | None = None,
    idle_minutes: int = 15,
    **overrides: Any,
) -> Desk:
    """A desk of this moment with a local administrator, at which the provider's people sign in."""
    access = access_by(**({"issuer": provider.issuer} | overrides))
    desk = Desk(store=store, attempts=attempts, access=access, clock=RunningClock(), idle_minutes=idle_minutes)
    if not desk.parts.accounts.all():
        desk.person("admin", login="office")
    return desk


class AtProvider:
    """A person's browser at the provider: it signs in where it is asked to."""

    def __init__(self, name: str, *, password: str = PASSWORD) -> None:
        self.name, self._password = name, password
        self.asked = 0  # how often a password was typed
        self._http = httpx2.Client(follow_redirects=False, timeout=20, trust_env=False)

    def to_desk(self, address: str) -> str:
        """Follows the provider from `address` on; the address of the desk that it ends at."""
        answer = self._http.get(address)
        for _ in range(12):
            if "location" in answer.headers:
                there = urljoin(str(answer.url), answer.headers["location"])
                if urlsplit(there).netloc == HOST:
                    return there
                answer = self._http.get(there)
            elif 'name="password"' in answer.text:
                self.asked += 1
                answer = self._http.post(str(answer.url), data={"password": self._password})
            elif 'name="login"' in answer.text:
                answer = self._http.post(str(answer.url), data={"login": self.name})
            else:
                raise AssertionError(f"{self.name} is not let on: {answer.status_code} {answer.url.path}")
        raise AssertionError(f"{self.name} goes round in circles at the provider")

    def close(self) -> None:
        self._http.close()


class Person:
    """Somebody of the organisation, with a browser that has the desk and the provider open."""

    def __init__(self, desk: Desk, name: str) -> None:
        self.desk, self.name = desk, name
        self.browser: Browser = desk.browser()
        self.there = AtProvider(name)

    def sent_off(self, **query: str) -> str:
        """Where the desk sends the browser."""
        answer = self.browser.get("/sign-in/provider", params=query)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def sign_in(self, **query: str) -> Any:
        """The desk's answer to what came back from the provider."""
        return self.back(self.there.to_desk(self.sent_off(**query)))

    def back(self, address: str) -> Any:
        return self.browser.get(address.removeprefix(ADDRESS))

    def confirm(self, case_id: str) -> Any:
        """Ticks the attestation, confirms at the provider; the desk's answer to what came back."""
        path = f"/cases/{case_id}/approve"
        going = self.browser.post(f"{path}/confirm", on=path, seen=self.seen(case_id), attest="true", no_tie="true")
        assert going.status_code == 200, going.text
        return self.back(self.there.to_desk(going_to(going.text)))

    def seen(self, case_id: str) -> str:
        """The fingerprint of the text on the page of approval."""
        page = self.browser.get(f"/cases/{case_id}/approve").text
        found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
        assert found, page
        return found[1]

    @property
    def account(self) -> Any:
        return next(one for one in self.desk.parts.accounts.all() if one.login == self.name)


def going_to(page: str) -> str:
    """The address that a page of the desk goes on to by itself."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page)
    assert found, page
    return html.unescape(found[1])


def told(address: str) -> dict[str, str]:
    """What an address carries in its query."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
