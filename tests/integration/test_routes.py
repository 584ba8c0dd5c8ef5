"""Every route of the desk, by every role, on a case that is the person's own, somebody else's and nobody's.

The table of access says what must be let through; the desk is asked over HTTP, and each answer is held against it.
"""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import APIRouter, FastAPI

from drafter.domain.review.access import ACCESS, Ownership, allowed
from drafter.domain.review.people import ROLES, Account, Role
from drafter.web.desk import refuse_unlisted
from drafter.web.route import PUBLIC, Route
from drafter.web.routes import ROUTES
from tests.web_factories import Browser, Desk

OPEN_TO_ALL = {
    "signing_in.ask",
    "signing_in.sign_in",
    "signing_in.first_run",
    "signing_in.make_first",
    "sign_on.go",
    "sign_on.answer",
    "static_files.file",
    "health.status",
    "health.live",
    "health.ready",
    "api.session.sign_in",
}
ENDS_THE_SESSION = {"signing_in.sign_out", "own_account.sign_out_everywhere", "api.session.sign_out"}
REFUSED = {401, 403}


def named(row: Route) -> str:
    return f"{row.method} {row.path}"


GUARDED = [row for row in ROUTES if row.does != PUBLIC and row.name not in ENDS_THE_SESSION]


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


@pytest.fixture(scope="module")
def people(desk: Desk) -> dict[Role, Account]:
    return {role: desk.person(role, login=f"the-{role.replace('_', '-')}") for role in ROLES}


@pytest.fixture(scope="module")
def browsers(desk: Desk, people: dict[Role, Account]) -> dict[Role, Browser]:
    return {role: desk.browser(account) for role, account in people.items()}


def asked(row: Route, browser: Browser, *, case_id: str = "none") -> int:
    """The status of the answer to a request that lacks nothing but its form's fields."""
    path = row.path.replace("{case_id}", case_id).replace("{account_id}", "nobody").replace("{name}", "desk.css")
    path = path.replace("{import_id}", "nothing")
    if row.method == "GET":
        return int(browser.get(path).status_code)
    token = browser.token("/account/password" if browser.get("/account").status_code == 200 else "/sign-in")
    headers = {"Origin": browser.origin, "X-CSRF-Token": token}
    body: dict[str, Any] = {"json": {}} if row.is_api else {"data": {"csrf": token}}
    return int(browser.client.request(row.method, path, headers=headers, **body).status_code)


def test_the_table_is_all_that_the_desk_answers_to(desk: Desk):
    answered = {(method, route.path) for route in desk.app.routes for method in route.methods}  # type: ignore[attr-defined]

    assert answered == {(row.method, row.path) for row in ROUTES}


def test_a_route_beside_the_table_fails_the_start():
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    router = APIRouter()
    router.add_api_route("/anything", lambda: "open to all")
    app.include_router(router)

    with pytest.raises(LookupError, match="not in the table of routes"):
        refuse_unlisted(app)


def test_only_what_nobody_can_do_without_is_open_to_all():
    assert {row.name for row in ROUTES if row.does == PUBLIC} <= OPEN_TO_ALL


def test_every_route_about_a_case_says_how_its_case_is_found():
    for row in ROUTES:
        about_a_case = row.does != PUBLIC and {"none"} != set().union(*ACCESS[row.does].values())
        assert bool(row.case) == about_a_case, named(row)
        assert not row.case or f"{{{row.case}}}" in row.path, named(row)


def test_every_route_has_a_name_of_its_own():
    names = [row.name for row in ROUTES]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("row", [row for row in ROUTES if row.does != PUBLIC], ids=named)
def test_nobody_gets_in_without_signing_in(desk: Desk, people: dict[Role, Account], row: Route):
    status = asked(row, desk.browser(), case_id=desk.case())

    assert status == (303 if row.is_safe and not row.is_api and not row.background else 401)


@pytest.mark.bad_input(40)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("row", GUARDED, ids=named)
def test_a_role_gets_what_the_table_of_access_gives_it(
    desk: Desk, people: dict[Role, Account], browsers: dict[Role, Browser], row: Route, role: Role
):
    assert row.does != PUBLIC
    account = people[role]
    other = people["reviewer" if role != "reviewer" else "qa"]
    places: dict[Ownership, Account | None] = {"own": account, "others": other, "free": None}
    about_none: dict[Ownership, Account | None] = {"none": None}
    for where, holder in (places if row.case else about_none).items():
        case_id = desk.case(assigned_to=holder) if row.case else "none"

        status = asked(row, browsers[role], case_id=case_id)

        assert (status in REFUSED) != allowed(account, row.does, where), f"{named(row)} as {role} on {where}: {status}"


@pytest.mark.bad_input(40)
def test_a_refusal_is_put_on_record(desk: Desk, people: dict[Role, Account], browsers: dict[Role, Browser]):
    browsers["prompt_editor"].get("/accounts")

    last = list(desk.store.entries(actions=("access-refused",)))[-1]
    assert last.actor == people["prompt_editor"].account_id


def test_a_case_that_there_is_not_is_told_as_such_to_who_may_have_cases(browsers: dict[Role, Browser]):
    assert browsers["admin"].get("/cases/0123456789abcdef/assign").status_code == 404


def test_a_deactivated_account_is_out_at_once(desk: Desk):
    account = desk.person("reviewer")
    browser = desk.browser(account)
    assert browser.get("/cases").status_code == 200

    desk.parts.accounts.deactivate(account, actor="system")

    assert browser.get("/cases").status_code == 303


def test_who_has_still_to_choose_a_password_gets_no_further(desk: Desk):
    account, temporary = desk.parts.accounts.add(login="newcomer", roles=("admin",), actor="system")
    browser = desk.browser()
    browser.sign_in(account.login, password=temporary)

    for path in ("/", "/cases", "/accounts", "/account", "/account/second-factor"):
        assert browser.get(path).headers["location"] == "/account/password"
