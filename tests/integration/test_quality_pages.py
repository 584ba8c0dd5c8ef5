"""QA at the desk: a second reading whose outcomes come first, the checklist, a drill laid and ended."""

from __future__ import annotations

import re
from typing import Any

import pytest

from drafter.adapters.evaluation_program import EvaluationProgram
from drafter.domain.review.checklist import POINTS
from evals.dataset import read_dataset
from tests.factories import CASE_SUMMARY, make_case
from tests.integration.test_case_pages import AtWork
from tests.web_factories import PASSWORD, Browser


@pytest.fixture
def signed() -> AtWork:
    work = AtWork()
    work.decide("upheld")
    work.clear()
    work.sign()
    return work


@pytest.fixture
def qa(signed: AtWork) -> Browser:
    return signed.of(signed.qa)


def path(signed: AtWork, act: str = "") -> str:
    return f"/quality/cases/{signed.case_id}{act}"


def read_twice(signed: AtWork, qa: Browser, outcome: str = "upheld") -> None:
    chosen: dict[str, Any] = {"item-1": outcome}
    qa.post(path(signed, "/outcomes"), **chosen)
    answers: dict[str, Any] = {f"point-{number}": "yes" for number, _ in POINTS}
    qa.post(path(signed, "/checklist"), **answers)


def test_the_signed_outcome_is_hidden_until_the_second_reader_chose(signed, qa):
    before = qa.get(path(signed)).text
    assert "Decision rationale" not in before
    qa.post(path(signed, "/outcomes"), **{"item-1": "overturned"})
    after = qa.get(path(signed)).text
    assert "Decision rationale" in after
    assert "signed upheld, yours overturned" in after


def test_an_item_without_an_outcome_is_asked_for(signed, qa):
    answer = qa.post(path(signed, "/outcomes"))
    assert answer.status_code == 422
    assert "every item" in answer.text


def test_agreement_stands_on_the_page_once_a_case_was_read_twice(signed, qa):
    assert "undefined" in qa.get("/quality?share=100").text
    read_twice(signed, qa)
    page = " ".join(re.sub(r"<[^>]+>", " ", qa.get("/quality?share=100").text).split())
    assert "Items read twice 1 in 1 case" in page
    assert "Same outcome 1: 100 %" in page
    assert "Kappa undefined" in page


def test_every_point_needs_an_answer(signed, qa):
    qa.post(path(signed, "/outcomes"), **{"item-1": "upheld"})
    answer = qa.post(path(signed, "/checklist"), **{"point-1": "yes"})
    assert answer.status_code == 422
    assert "Answer every point" in answer.text


def test_a_drill_looks_like_a_case_and_tells_at_its_end_what_it_was(signed, qa):
    colleague = signed.desk.person("reviewer")
    read_twice(signed, qa)
    qa.post(path(signed, "/drill"), sentence="1-0", planted="Nothing was ever tried.", to=colleague.account_id)
    drill_id = next(
        entry.case_id or ""
        for entry in signed.desk.store.entries(actions=("case-opened",))
        if entry.case_id != signed.case_id
    )
    drill = signed.of(colleague)
    drill.post(f"/cases/{drill_id}/ties", clear="yes")
    shown = drill.get(f"/cases/{drill_id}/items/1").text
    assert "Nothing was ever tried." in shown
    assert "drill" not in shown.lower()
    assert drill.get(f"/cases/{drill_id}/drill").status_code == 404
    state = signed.desk.store.state(drill_id)
    assert state is not None
    drill.post(f"/cases/{drill_id}/items/1/sentences/0", parent=str(state.item(1).revision), place="0", text="")
    drill.post(f"/cases/{drill_id}/items/1/determination", determination="upheld")
    page = drill.get(f"/cases/{drill_id}/approve").text
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert seen, re.sub(r"<[^>]+>", " ", page)
    end = drill.post(f"/cases/{drill_id}/approve", seen=seen[1], attest="true", no_tie="true", password=PASSWORD)
    assert end.headers["location"].endswith("/drill")
    assert "you found it" in drill.get(f"/cases/{drill_id}/drill").text
    assert drill.post(f"/cases/{drill_id}/export/pdf").status_code == 403


def test_a_signed_case_becomes_an_evaluation_case_without_identifiers_in_one_click(tmp_path):
    case = make_case(case_summary=f"{CASE_SUMMARY} Maria Quintero, his wife, drove him.", people=("Maria Quintero",))
    signed = AtWork(case=case)
    signed.decide("upheld")
    signed.clear()
    signed.sign()
    folder = tmp_path / "signed"
    object.__setattr__(signed.desk.parts, "evaluation", EvaluationProgram(folder))
    qa = signed.of(signed.qa)
    read_twice(signed, qa)
    assert qa.post(path(signed, "/evaluation-case")).status_code == 303
    (kept,) = read_dataset(folder).cases
    assert kept.case.items[0].determination == "upheld"
    assert kept.case.items[0].rationale
    assert "Quintero" not in kept.model_dump_json()
    assert "one of the signed cases" in qa.get(path(signed)).text


def test_a_reviewer_sees_nothing_of_qa(signed):
    assert signed.browser.get("/quality").status_code == 403
    assert signed.browser.get(path(signed)).status_code == 403
