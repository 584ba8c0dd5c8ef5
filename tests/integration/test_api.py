"""The JSON API: what a program does with it, and that it keeps its own description."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.openapi import from_asgi

from drafter.domain.review.events import Drill
from drafter.web.api.description import described
from drafter.web.route import Route
from drafter.web.routes import ROUTES
from tests.factories import make_case
from tests.web_factories import PASSWORD, Browser, Desk

CASE_TEXT = "The worker is a 40-year-old with low back pain."


class Program:
    """A program that has signed in."""

    def __init__(self, desk: Desk, login: str) -> None:
        self.client = Browser(desk).client
        answer = self.client.post("/api/v1/session", json={"login": login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.client.headers["X-CSRF-Token"] = answer.json()["csrf"]

    def __getattr__(self, method: str) -> Any:
        return lambda path, **how: self.client.request(method.upper(), f"/api/v1{path}", **how)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_program_imports_finds_takes_and_reads_a_case(desk: Desk):
    desk.person("reviewer", login="her")
    program = Program(desk, "her")

    begun = program.post("/imports/text", json={"text": CASE_TEXT, "treatments": ["MRI of the lumbar spine"]})
    assert begun.status_code == 202
    while program.get(f"/imports/{begun.json()['import_id']}").json()["files"][0]["outcome"] == "waiting":
        time.sleep(0.05)
    (row,) = program.post("/cases/find", json={"text": "lumbar mri"}).json()["rows"]
    assert program.post(f"/cases/{row['case_id']}/take").status_code == 204

    assert program.post(f"/cases/{row['case_id']}/ties", json={"clear": True}).status_code == 200
    case = program.get(f"/cases/{row['case_id']}").json()
    assert case["case"]["case_summary"] == CASE_TEXT
    assert program.get("/cases", params={"view": "mine"}).json()["found"] == 1
    assert program.delete("/session").status_code == 204
    assert program.get("/cases").status_code == 401


def test_files_are_imported_by_a_form(desk: Desk):
    desk.person("reviewer", login="her")
    program = Program(desk, "her")

    begun = program.post("/imports/files", files=[("files", ("a.txt", b"")), ("files", ("b.txt", b"nothing"))])

    assert begun.status_code == 202
    assert [file["name"] for file in begun.json()["files"]] == ["a.txt", "b.txt"]
    desk.parts.importing.close()


@pytest.mark.parametrize("received", ["0", 0, "11/08/2016", "2016-11-31"])
def test_a_day_that_is_none_is_refused_and_never_guessed(desk: Desk, received: object):
    desk.person("reviewer", login="her")

    answer = Program(desk, "her").post("/imports/text", json={"text": CASE_TEXT, "received": received})

    assert answer.status_code == 422
    assert answer.json()["fields"] == ["received"]


def test_without_the_token_nothing_is_changed(desk: Desk):
    desk.person("reviewer", login="her")
    program, case_id = Program(desk, "her"), desk.case()

    del program.client.headers["X-CSRF-Token"]

    assert program.post(f"/cases/{case_id}/take").status_code == 403


def test_a_page_cannot_sign_in_for_somebody_by_a_form(desk: Desk):
    desk.person("reviewer", login="her")

    answer = Browser(desk).client.post(
        "/api/v1/session", data={"login": "her", "password": PASSWORD}, headers={"Origin": "https://elsewhere.example"}
    )

    assert answer.status_code == 403


def test_a_problem_says_the_same_to_programs_as_to_people(desk: Desk):
    desk.person("admin", login="office")

    problem = Program(desk, "office").post("/accounts", json={"login": "x y", "roles": ["admin"]}).json()

    assert set(problem) == {"title", "happened", "kept", "todo", "request_id", "fields"}
    assert problem["fields"] == ["login"]


def test_no_secret_and_no_name_of_a_reviewer_is_in_an_answer(desk: Desk):
    desk.person("admin", login="office")
    program = Program(desk, "office")

    answer = program.get("/accounts").text

    assert "argon2" not in answer
    assert "licence_number" not in answer


def test_the_description_names_every_route_of_the_api(desk: Desk):
    paths = described(desk.app)["paths"]

    described_routes = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert described_routes == {(row.method, row.path) for row in ROUTES if row.is_api}


class Fuzzed:
    """One desk for every generated request, and a person who may do all that the API can."""

    def __init__(self) -> None:
        self.desk = Desk(hosts=("testserver",), read=lambda *_, **__: make_case())
        self.desk.person("reviewer", "qa", "admin", login="everybody")
        client = Browser(self.desk).client
        answer = client.post("/api/v1/session", json={"login": "everybody", "password": PASSWORD})
        self.headers = {"X-CSRF-Token": str(answer.json()["csrf"])}
        self.cookies = {"desk": client.cookies["desk"]}
        headers = {**self.headers, "Cookie": f"desk={self.cookies['desk']}"}
        self.schema = from_asgi("/api/v1/openapi.json", self.desk.app, headers=headers)
        # Cookie and token are those of the session above; nothing is made up for them.
        del self.schema.raw_schema["components"]["securitySchemes"]
        for methods in self.schema.raw_schema["paths"].values():
            for operation in methods.values():
                operation["security"] = []


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[Fuzzed]:
    fuzzed = Fuzzed()
    yield fuzzed
    fuzzed.desk.parts.importing.close()


# Signing out would end the session that the other requests come with.
FUZZED = [row for row in ROUTES if row.is_api and row.name != "api.session.sign_out"]

TAKES_NOTHING = {"api.description.openapi", "api.session.who", "api.accounts.all_accounts", "api.health.read"}
ALL_IS_TEXT = {"api.imports.files"}  # a value of a form is text on its way, whatever type it was made as
RIGHT = [(row, GenerationMode.POSITIVE) for row in FUZZED]
WRONG = [(row, GenerationMode.NEGATIVE) for row in FUZZED if row.name not in TAKES_NOTHING | ALL_IS_TEXT]


@pytest.mark.long
@pytest.mark.parametrize(("row", "mode"), WRONG + RIGHT, ids=lambda one: getattr(one, "name", str(one)))
def test_the_api_does_what_its_description_says(fuzzed: Fuzzed, row: Route, mode: GenerationMode):
    cases = fuzzed.schema[row.path][row.method].as_strategy(generation_mode=mode)

    @given(case=cases)
    @settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
    def asked(case: Case[Any]) -> None:
        case.call_and_validate(headers=fuzzed.headers, cookies=fuzzed.cookies)

    asked()


def test_a_program_does_a_reviewers_whole_work_and_nothing_twice(desk: Desk):
    reviewer = desk.person("reviewer", login="her")
    program, case_id = Program(desk, "her"), desk.drafted(to=reviewer)
    item = f"/cases/{case_id}/items/1"
    state = program.get(f"/cases/{case_id}").json()
    parent = state["items"][0]["revision"]
    texts = [
        {"text": one["statement"]["text"], "of": place} for place, one in enumerate(state["items"][0]["sentences"])
    ]
    body = {"parent": parent, "sentences": [*texts, {"text": "There is no documentation of physical therapy."}]}

    saved = program.put(f"{item}/text", json=body, headers={"Idempotency-Key": "save-1"})
    again = program.put(f"{item}/text", json=body, headers={"Idempotency-Key": "save-1"})
    stale = program.put(f"{item}/text", json=body)

    assert (saved.status_code, again.status_code, stale.status_code) == (200, 200, 409)
    assert saved.json()["items"][0]["revision"] == again.json()["items"][0]["revision"]
    assert {"before", "theirs", "yours"} <= stale.json().keys()
    assert "absence-refuted" in {one["check"] for one in saved.json()["items"][0]["findings"]}
    refused = program.post(f"/cases/{case_id}/approval", json={"fingerprint": "0" * 64, "password": PASSWORD})
    assert refused.status_code == 422
    undone = {"parent": saved.json()["items"][0]["revision"], "sentences": texts}
    assert program.put(f"{item}/text", json=undone).status_code == 200
    assert program.put(f"{item}/determination", json={"determination": "upheld"}).status_code == 200
    told = program.get(f"/cases/{case_id}/letter").json()
    for one in told["obstacles"]:
        program.post(f"{item}/findings/{one['finding_key']}/waive", json={"reason": "Weighed in the text."})
    seen = program.get(f"/cases/{case_id}/letter").json()
    assert seen["obstacles"] == []
    signing = {"fingerprint": seen["fingerprint"], "password": PASSWORD}
    signed = program.post(f"/cases/{case_id}/approval", json=signing)
    assert signed.status_code == 200, signed.text
    file = program.post(f"/cases/{case_id}/export/pdf")
    assert file.content.startswith(b"%PDF")


def test_the_record_is_shown_after_its_reviewer_spoke_of_ties(desk: Desk):
    reviewer = desk.person("reviewer", login="her")
    program, case_id = Program(desk, "her"), desk.case(assigned_to=reviewer)
    assert program.get(f"/cases/{case_id}").status_code == 409
    assert program.post(f"/cases/{case_id}/ties", json={"clear": True}).status_code == 200
    assert program.get(f"/cases/{case_id}").status_code == 200


def test_a_drill_is_a_case_like_others_to_a_program_too(desk: Desk):
    reviewer = desk.person("reviewer", login="her")
    drill = Drill(of_case="other", item=1, place=0, was="Right.", planted="Wrong.")
    program, case_id = Program(desk, "her"), desk.drafted(to=reviewer, drill=drill)
    assert program.get(f"/cases/{case_id}").json()["drill"] is None
