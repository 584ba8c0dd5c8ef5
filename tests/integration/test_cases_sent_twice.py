"""What is done to a case, and an import, sent twice under the id of the proxy: done once, and answered the same.

The first process may have died over the answer; the second must neither do it again nor refuse what was done.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from drafter.adapters.import_folder import ImportFolder
from drafter.services.desk.importing import AskedImport, Importing
from drafter.web.routes import ROUTES
from evals.benchmarks.desk_processes import CONFIG
from tests.factories import make_case
from tests.integration.test_case_pages import AtWork
from tests.integration.test_sent_twice import ASKED
from tests.web_factories import PASSWORD, Browser, Desk

SENT_AGAIN = re.compile(r"location ~ (\S+) \{\s+proxy_pass http://desk;\s+proxy_next_upstream .*non_idempotent")


class Behind(AtWork):
    """A desk behind a proxy, with a decided case that lacks nothing but its signature."""

    def __init__(self) -> None:
        self.desk = Desk(secure=True)
        self.reviewer, self.admin = self.desk.person("reviewer"), self.desk.person("admin")
        self.case_id = self.desk.drafted(to=self.reviewer)
        self.browser = self.desk.browser(self.reviewer)
        self.item = f"/cases/{self.case_id}/items/1"
        self.decide("upheld")
        self.clear()

    def seen(self) -> str:
        page = self.browser.get(f"/cases/{self.case_id}/approve").text
        found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
        assert found, page
        return found[1]


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something done to a case: what it takes before, who does it, and what is sent."""

    fields: Callable[[Behind], dict[str, Any]] = field(default=lambda work: {})
    free: bool = False
    signed: bool = False
    by_admin: bool = False
    records: str = ""


def _signature(work: Behind) -> dict[str, Any]:
    return {"seen": work.seen(), "attest": "true", "no_tie": "true", "password": PASSWORD}


ACTS = {
    "/cases/find": Act(fields=lambda work: {"find": "spine"}),
    "/cases/{case_id}/take": Act(free=True, records="case-assigned"),
    "/cases/{case_id}/assign": Act(
        fields=lambda work: {"account_id": work.reviewer.account_id}, by_admin=True, records="case-assigned"
    ),
    "/cases/{case_id}/ties": Act(
        fields=lambda work: {"clear": "no", "words": "My sister."}, records="conflict-declared"
    ),
    "/cases/{case_id}/approve": Act(fields=_signature, records="approved"),
    "/cases/{case_id}/export/{kind}": Act(signed=True, records="exported"),
    "/cases/{case_id}/amend": Act(
        fields=lambda work: {"reason": "The date of the injury was another."}, signed=True, records="amendment-opened"
    ),
    "/api/v1/cases/find": Act(fields=lambda work: {"text": "spine"}),
    "/api/v1/cases/{case_id}/take": Act(free=True, records="case-assigned"),
    "/api/v1/cases/{case_id}/assign": Act(
        fields=lambda work: {"account_id": work.reviewer.account_id}, by_admin=True, records="case-assigned"
    ),
    "/api/v1/cases/{case_id}/ties": Act(fields=lambda work: {"clear": True}, records="conflict-declared"),
    "/api/v1/cases/{case_id}/approval": Act(
        fields=lambda work: {"fingerprint": work.seen(), "password": PASSWORD}, records="approved"
    ),
    "/api/v1/cases/{case_id}/export/{kind}": Act(signed=True, records="exported"),
}
# These only ask, and what is asked last counts (tests/integration/test_sign_on.py).
ASKS = {"/cases/{case_id}/approve/confirm"}
IMPORTS = {"/import", "/api/v1/imports/files", "/api/v1/imports/text"}


@pytest.fixture
def work() -> Behind:
    return Behind()


def sent(browser: Browser, path: str, fields: dict[str, Any], request_id: str, **more: Any) -> Any:
    csrf = browser.token("/account")
    headers = {"Origin": browser.origin, "X-Request-Id": request_id, "X-CSRF-Token": csrf}
    body = {"json": fields or None} if path.startswith("/api/") and not more else {"data": {"csrf": csrf, **fields}}
    return browser.client.post(path, headers=headers, **body, **more)


@pytest.mark.parametrize("path", ACTS)
def test_what_is_done_to_a_case_and_sent_again_is_done_once_and_answered_the_same(work: Behind, path: str):
    act = ACTS[path]
    if act.signed:
        work.sign()
    case_id = work.desk.case() if act.free else work.case_id
    browser = work.of(work.admin) if act.by_admin else work.browser
    where = path.replace("{case_id}", case_id).replace("{kind}", "docx")
    fields, request_id = act.fields(work), uuid4().hex
    before = len(list(work.desk.store.entries()))

    first = sent(browser, where, fields, request_id)
    recorded = list(work.desk.store.entries())
    again = sent(browser, where, fields, request_id)

    assert first.status_code in (200, 204, 303), first.text
    assert (again.status_code, again.headers.get("location")) == (first.status_code, first.headers.get("location"))
    assert list(work.desk.store.entries()) == recorded
    assert act.records in {"", *(one.action for one in recorded[before:])}


def test_a_case_that_its_reviewer_gave_up_is_shut_to_her_other_requests(work: Behind):
    tied = {"clear": "no", "words": "My sister."}
    sent(work.browser, f"/cases/{work.case_id}/ties", tied, uuid4().hex)

    assert sent(work.browser, f"/cases/{work.case_id}/ties", tied, uuid4().hex).status_code == 403
    assert work.browser.get(f"/cases/{work.case_id}").status_code == 403


def test_a_signature_with_a_one_time_code_is_answered_though_the_code_is_used_up(work: Behind):
    given = _signature(work)
    assert sent(work.browser, f"/cases/{work.case_id}/approve", given, uuid4().hex).status_code == 303

    again = sent(work.browser, f"/cases/{work.case_id}/approve", given | {"password": "gone by now"}, uuid4().hex)

    assert again.headers["location"] == f"/cases/{work.case_id}/letter", "what she signed is signed"
    other = sent(work.browser, f"/cases/{work.case_id}/approve", given | {"seen": "0" * 64}, uuid4().hex)
    assert other.status_code == 422, "and nothing else is"


def test_an_import_sent_again_is_one_import(work: Behind):
    for path, fields, files in (
        ("/import", {"text": "A 47-year-old woman.", "treatments": "Physical therapy"}, None),
        ("/api/v1/imports/text", {"text": "A 48-year-old woman.", "treatments": ["Physical therapy"]}, None),
        ("/api/v1/imports/files", {}, [("files", ("a.txt", b"A 49-year-old woman."))]),
    ):
        request_id = uuid4().hex
        more = {"files": files} if files else {}

        first = sent(work.browser, path, fields, request_id, **more)
        again = sent(work.browser, path, fields, request_id, **more)

        assert first.status_code in (202, 303), first.text
        assert again.status_code == first.status_code
        assert again.headers.get("location") == first.headers.get("location")
        folder = Path(work.desk.imports) / request_id
        assert folder.is_dir(), "under the id of the request"
    assert len([one for one in Path(work.desk.imports).iterdir() if one.is_dir()]) == 3
    work.desk.parts.importing.close()


def test_an_import_whose_process_died_is_read_by_the_one_that_is_asked_again(work: Behind, tmp_path: Path):
    """The first kept the files and wrote its list; before it read them it was gone, and its claim with it."""
    request_id = uuid4().hex
    desk = work.desk

    class Died(Importing):
        def _start(self, batch: Any) -> None:
            """It was gone by then."""

    def process(kind: type[Importing]) -> Importing:
        return kind(folder=ImportFolder(tmp_path), store=desk.store, clock=desk.clock, read=lambda *a, **b: make_case())

    dead, alive = process(Died), process(Importing)
    with (tmp_path.parent / "letter.txt").open("wb+") as content:
        dead.begin([("letter.txt", content)], AskedImport(), by=work.reviewer, request_id=request_id)
    assert alive.begun(request_id, by=work.admin) is None, "hers alone"
    held = alive.begun(request_id, by=work.reviewer)
    assert held, "known"
    alive.close()
    assert not held.finished
    assert alive.progress(request_id) == held, "not read while the first lives"
    dead.close()

    found = alive.begun(request_id, by=work.reviewer)
    alive.close()

    assert found, "known again"
    read = alive.progress(request_id)
    assert read, "and read"
    assert [file.outcome for file in read.files] == ["opened"]


def test_the_proxy_sends_again_what_is_tried_here_and_no_other_request_that_changes_something():
    found = SENT_AGAIN.search(CONFIG.read_text(encoding="utf-8"))
    assert found
    again = re.compile(found[1])
    paths = {row.path.replace("{case_id}", "0a1b").replace("{number}", "1"): row for row in ROUTES if not row.is_safe}
    sent_again = {row.path for path, row in paths.items() if again.search(path)}
    items = {path for path in sent_again if "/items/{number}/" in path}

    assert {path.partition("/items/{number}")[2] for path in items if not path.startswith("/api/")} == set(ASKED)
    assert sent_again - items == set(ACTS) | ASKS | IMPORTS
    assert not {path for path in sent_again if path.startswith(("/sign", "/account", "/prompts", "/quality"))}
