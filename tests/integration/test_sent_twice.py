"""The proxy may ask a second process what a first one, which died, may have done already: once is once.

It does so for cases and imports alone (`evals/benchmarks/desk_nginx.conf`), under the id that it gave the request. Here
it is the work on an item; the rest stands in `test_cases_sent_twice.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from drafter.domain.review.answers import finding_key
from drafter.domain.review.audit import new_entry
from drafter.web.routes import ITEM, ROUTES
from tests.integration.test_case_pages import AtWork
from tests.review_factories import make_blocker, make_revised, make_sentence
from tests.web_factories import Desk

Fields = Callable[[AtWork], dict[str, str]]


class BehindProxy(AtWork):
    """The case in a browser that reaches the desk over https; its text is edited and has a warning and a blocker."""

    def __init__(self) -> None:
        self.desk = Desk(secure=True)
        self.reviewer, self.qa = self.desk.person("reviewer"), self.desk.person("qa")
        self.case_id = self.desk.drafted(to=self.reviewer)
        self.browser = self.desk.browser(self.reviewer)
        self.item = f"/cases/{self.case_id}/items/1"
        self.warning = make_blocker(severity="warning", message="A number that the record does not hold.")
        revised = make_revised(
            parent=self.state.item(1).revision,
            sentences=(make_sentence(),),
            findings=(make_blocker(), self.warning),
        )
        self.add(revised)
        self.browser.post(f"{self.item}/draft")

    def add(self, event: Any) -> None:
        new = new_entry(event, actor=self.reviewer.account_id, request_id=uuid4().hex, case_id=self.case_id)
        self.desk.store.append(new)


def _compared(work: AtWork) -> dict[str, str]:
    revision = str(work.state.item(1).revision)
    return {"parent": revision, "base": revision, "yours": "Mine.", "yours_of": "", "block-0": "yours"}


ASKED: dict[str, tuple[str, Fields]] = {
    "/sentences/new": ("", lambda w: {"parent": str(w.state.item(1).revision), "place": "0", "text": "One more."}),
    "/sentences/{place}": ("", lambda w: {"parent": str(w.state.item(1).revision), "text": "In other words."}),
    "/check": ("", lambda w: {"place": "0", "text": "In other words."}),
    "/check-new": ("", lambda w: {"place": "0", "text": "In other words."}),
    "/unsaved": ("", lambda w: {"parent": "0", "place": "0", "text": "Half a sen"}),
    "/unsaved/drop": ("", lambda w: {}),
    "/determination": ("", lambda w: {"determination": "upheld"}),
    "/draft": ("", lambda w: {}),
    "/drafting/stop": ("", lambda w: {}),
    "/use-draft": ("", lambda w: {"parent": str(w.state.item(1).revision)}),
    "/passages": (
        "",
        lambda w: {"passage_id": w.state.item(1).draft.retrieved[0].passage.passage_id, "act": "pin"},  # type: ignore[union-attr]
    ),
    "/passages/find": ("", lambda w: {"query": "physical therapy"}),
    "/compare": ("", _compared),
    "/findings/{key}/waive": ("warning", lambda w: {"reason": "Another visit is meant."}),
    "/findings/{key}/contest": ("blocker", lambda w: {"reason": "Another visit is meant."}),
    "/findings/{key}/countersign": ("blocker", lambda w: {"reason": "Another visit is meant, indeed."}),
}


@pytest.fixture
def work() -> BehindProxy:
    return BehindProxy()


@pytest.mark.parametrize(
    "path", [row.path.removeprefix(ITEM) for row in ROUTES if row.path.startswith(f"{ITEM}/") and not row.is_safe]
)
def test_what_is_sent_again_under_the_id_of_the_proxy_is_done_once(work: BehindProxy, path: str):
    severity, fields = ASKED[path]
    browser = work.browser
    if path.endswith("countersign"):
        work.answer("contest", _key(work, "blocker"))
        browser = work.of(work.qa)
    where = work.item + path.replace("{place}", "0").replace("{key}", _key(work, severity) if severity else "")
    data = {**fields(work), "csrf": browser.token("/account")}
    headers = {"Origin": browser.origin, "X-Request-Id": uuid4().hex}

    first = browser.client.post(where, data=data, headers=headers)
    recorded, text = list(work.desk.store.entries()), work.state.item(1)
    again = browser.client.post(where, data=data, headers=headers)

    assert first.status_code in (200, 204, 303), first.text
    assert (again.status_code, again.headers.get("location")) == (first.status_code, first.headers.get("location"))
    assert list(work.desk.store.entries()) == recorded
    assert work.state.item(1) == text
    assert {one.request_id.partition(" ")[0] for one in recorded if one.action == "revised"} >= (
        {headers["X-Request-Id"]} if path in ("/sentences/new", "/sentences/{place}", "/determination") else set()
    )


def test_only_a_proxy_gives_a_request_its_id():
    told = uuid4().hex
    for secure in (True, False):
        answer = Desk(secure=secure).browser().client.get("/sign-in", headers={"X-Request-Id": told})
        assert (answer.headers["X-Request-Id"] == told) is secure
    behind = Desk(secure=True).browser().client
    for made_up in ("../etc", "0" * 31, "a" * 33, "A" * 32, "words of a case"):
        assert behind.get("/sign-in", headers={"X-Request-Id": made_up}).headers["X-Request-Id"] != made_up


def _key(work: AtWork, severity: str) -> str:
    return next(finding_key(one) for one in work.state.item(1).findings if one.severity == severity)
