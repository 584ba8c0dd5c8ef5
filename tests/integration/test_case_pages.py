"""The case at the desk over HTTP, with plain forms: read, edit, decide, answer, sign, export."""

from __future__ import annotations

import re
from typing import Any

import pytest

from drafter.domain.review.answers import finding_key
from drafter.domain.review.audit import new_entry
from drafter.domain.review.people import Account
from drafter.domain.review.state import CaseState
from tests.desk_factories import REFUTED
from tests.factories import make_case, make_item
from tests.review_factories import make_blocker, make_revised
from tests.web_factories import PASSWORD, Browser, Desk


class AtWork:
    """A reviewer with one drafted case open in her browser."""

    def __init__(self, **opened: Any) -> None:
        self.desk = Desk()
        self.reviewer = self.desk.person("reviewer")
        self.qa = self.desk.person("qa")
        self.case_id = self.desk.drafted(to=self.reviewer, **opened)
        self.browser = self.desk.browser(self.reviewer)
        self.item = f"/cases/{self.case_id}/items/1"

    @property
    def state(self) -> CaseState:
        state = self.desk.store.state(self.case_id)
        assert state is not None
        return state

    def of(self, account: Account) -> Browser:
        return self.desk.browser(account)

    def save(self, text: str, *, place: int = 0, parent: int | None = None, browser: Browser | None = None) -> Any:
        revision = self.state.item(1).revision if parent is None else parent
        sender = browser or self.browser
        return sender.post(f"{self.item}/sentences/{place}", parent=str(revision), place=str(place), text=text)

    def decide(self, determination: str) -> Any:
        return self.browser.post(f"{self.item}/determination", determination=determination)

    def answer(
        self, act: str, key: str, *, reason: str = "Another visit is meant.", browser: Browser | None = None
    ) -> Any:
        return (browser or self.browser).post(f"{self.item}/findings/{key}/{act}", reason=reason)

    def clear(self) -> None:
        for finding in self.state.item(1).open_findings:
            self.answer("waive", finding_key(finding))

    def sign(self, *, password: str = PASSWORD) -> Any:
        page = self.browser.get(f"/cases/{self.case_id}/approve").text
        seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
        return self.browser.post(
            f"/cases/{self.case_id}/approve",
            seen=seen[1] if seen else "0" * 64,
            attest="true",
            no_tie="true",
            password=password,
        )


@pytest.fixture
def work() -> AtWork:
    return AtWork()


@pytest.fixture
def decided(work: AtWork) -> AtWork:
    work.decide("upheld")
    work.clear()
    return work


def test_a_case_opens_only_after_its_reviewer_spoke_of_ties():
    desk = Desk()
    reviewer = desk.person("reviewer")
    case_id = desk.case(assigned_to=reviewer)
    browser = desk.browser(reviewer)
    assert browser.get(f"/cases/{case_id}").headers["location"].endswith("/ties")
    assert browser.get(f"/cases/{case_id}/items/1").headers["location"].endswith("/ties")
    browser.post(f"/cases/{case_id}/ties", clear="yes")
    assert browser.get(f"/cases/{case_id}").headers["location"].endswith("/items/1")


def test_the_page_shows_record_draft_and_guideline(work):
    page = work.browser.get(work.item)
    assert page.status_code == 200
    assert "Straight leg raising was positive on the left" in re.sub(r"<[^>]+>", "", page.text)
    assert "Physical medicine treatment" in page.text
    assert "you have not chosen" in page.text


def test_no_outcome_is_preselected(work):
    assert not re.search(r'type="radio"[^>]*checked', work.browser.get(work.item).text)


def test_reading_a_case_goes_on_record(work):
    work.browser.get(f"/cases/{work.case_id}")
    assert [entry.actor for entry in work.desk.store.entries(actions=("viewed",))] == [work.reviewer.account_id]


def test_a_sentence_is_edited_in_place_and_its_finding_stands_beside_it(work):
    assert work.save(REFUTED).status_code == 303
    page = work.browser.get(work.item).text
    assert REFUTED in page
    assert "absence-refuted" in page


def test_findings_renew_while_she_types_and_nothing_is_saved(work):
    before = work.state.head
    live = work.browser.post(f"{work.item}/check", parent="0", place="0", text=REFUTED)
    assert "absence-refuted" in live.text
    assert "Nothing found" in work.browser.post(f"{work.item}/check", parent="0", place="0", text="As before.").text
    assert work.state.head == before


def test_a_new_sentence_is_hers_and_an_emptied_one_is_gone(work):
    held = len(work.state.item(1).sentences)
    work.browser.post(
        f"{work.item}/sentences/new", parent=str(work.state.item(1).revision), place="0", text="Her own opening."
    )
    assert work.state.item(1).sentences[0].origin is None
    work.save("", place=1)
    assert len(work.state.item(1).sentences) == held


def hidden_fields(page: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', page):
        fields.setdefault(name, []).append(value)
    return fields


@pytest.mark.bad_input(36)
def test_the_second_of_two_tabs_chooses_sentence_by_sentence(work):
    start = work.state.item(1).revision
    work.save("From the first tab.", parent=start)
    page = work.save("From the second tab.", parent=start)
    assert page.status_code == 409
    assert "From the first tab." in page.text
    assert "From the second tab." in page.text
    data = hidden_fields(page.text)
    block = re.findall(r'name="(block-\d+)"', page.text)[0]
    answer = work.browser.client.post(
        f"{work.item}/compare", data={**data, block: "yours"}, headers={"Origin": work.browser.origin}
    )
    assert answer.status_code == 303
    assert work.state.item(1).sentences[0].statement.text == "From the second tab."
    told = work.browser.get(f"/cases/{work.case_id}/history?item=1").text
    assert "<del>first</del>" in told
    assert "<ins>second</ins>" in told


DAMAGED: dict[str, dict[str, list[str]]] = {
    "yours_of": {"yours_of": ["0"]},
    "yours": {"yours": ["x" * 4001], "yours_of": [""]},
    "parent": {"parent": ["\N{SUPERSCRIPT TWO}"]},
    "base": {"base": []},
    "chosen.0": {"block-0": ["both"]},
    "chosen.first": {"block-first": ["yours"]},
}


@pytest.mark.parametrize("named", DAMAGED)
def test_a_choice_between_texts_that_was_damaged_on_its_way_is_refused_and_loses_nothing(work, named):
    start = work.state.item(1).revision
    work.save("From the first tab.", parent=start)
    data = hidden_fields(work.save("From the second tab.", parent=start).text)
    before = work.state.head
    refused = work.browser.client.post(
        f"{work.item}/compare", data={**data, **DAMAGED[named]}, headers={"Origin": work.browser.origin}
    )
    assert refused.status_code == 422
    assert f"Missing or wrong: {named}" in refused.text
    assert "What you typed is still on the page before this one" in refused.text
    assert work.state.head == before


@pytest.mark.bad_input(39)
def test_typed_text_outlives_a_lost_session(work):
    work.browser.post(f"{work.item}/unsaved", parent="1", place="2", text="Half a thou")
    page = work.of(work.reviewer).get(work.item).text
    assert "did not save it" in page
    assert "Half a thou" in work.of(work.reviewer).get(f"{work.item}?edit=2&back=1").text
    work.browser.post(f"{work.item}/unsaved/drop")
    assert "did not save it" not in work.browser.get(work.item).text


def test_an_outcome_is_chosen_and_taken_back(work):
    work.decide("overturned")
    assert work.state.item(1).determination == "overturned"
    work.decide("")
    assert work.state.item(1).determination is None


def test_a_warning_is_waived_with_a_reason_and_not_without(decided):
    finding = make_blocker(severity="warning", check="counter-argument", field=None)
    item = decided.state.item(1)
    revised = make_revised(parent=item.revision, sentences=item.sentences, findings=(finding,))
    decided.desk.store.append(
        new_entry(revised, actor=decided.reviewer.account_id, request_id="warned", case_id=decided.case_id)
    )
    refused = decided.answer("waive", finding_key(finding), reason="no")
    assert refused.status_code == 422
    assert "Give the reason" in refused.text
    decided.answer("waive", finding_key(finding))
    assert "Waived:" in decided.browser.get(decided.item).text


def test_qa_countersigns_what_the_reviewer_contests(decided):
    decided.save(REFUTED)
    decided.clear()
    key = next(finding_key(one) for one in decided.state.item(1).open_findings if one.severity == "blocker")
    decided.answer("contest", key)
    assert decided.answer("countersign", key).status_code == 403
    page = decided.of(decided.qa).get(decided.item).text
    assert "Countersign..." in page
    assert decided.answer("countersign", key, browser=decided.of(decided.qa)).status_code == 303
    assert not [one for one in decided.state.item(1).open_findings if one.severity == "blocker"]


def test_she_signs_and_the_letter_is_locked(decided):
    answer = decided.sign()
    assert answer.headers["location"].endswith("/letter")
    assert decided.state.status == "approved"
    late = decided.save("Afterthought.")
    assert late.status_code == 422
    assert "open an amendment" in late.text
    page = decided.browser.get(decided.item).text
    assert "signed and stays as it is" in page


def test_a_wrong_password_signs_nothing(decided):
    answer = decided.sign(password="another one altogether")
    assert answer.status_code == 422
    assert decided.state.approvals == ()


def test_a_case_with_something_in_the_way_has_no_form_to_sign(work):
    page = work.browser.get(f"/cases/{work.case_id}/approve").text
    assert "Choose a determination for item 1" in page
    assert 'id="sign"' not in page


def test_only_what_is_signed_is_exported_and_it_names_nobody(decided):
    refused = decided.browser.post(f"/cases/{decided.case_id}/export/pdf")
    assert refused.status_code == 403
    decided.sign()
    file = decided.browser.post(f"/cases/{decided.case_id}/export/pdf")
    assert file.content.startswith(b"%PDF")
    assert file.headers["content-type"] == "application/pdf"
    assert decided.reviewer.login.encode() not in file.content


def test_an_amendment_has_a_reason_and_a_signature_of_its_own(decided):
    decided.sign()
    refused = decided.browser.post(f"/cases/{decided.case_id}/amend", reason="")
    assert refused.status_code == 422
    decided.browser.post(f"/cases/{decided.case_id}/amend", reason="A date was wrong.")
    assert decided.state.status == "amending"
    decided.save("A corrected opening.")
    decided.clear()
    decided.sign()
    assert len(decided.state.approvals) == 2


def test_a_script_gets_the_working_part_of_the_page_alone(work):
    page = work.browser.get(work.item, headers={"HX-Request": "true"}).text
    assert page.lstrip().startswith('<div id="work"')
    assert "<html" not in page


def test_what_a_case_says_is_shown_and_never_run():
    bad = '<script>window.pwned=1</script> "><img src=x onerror=pwned>'
    work = AtWork(case=make_case(case_summary=f"{bad} Pain 6 out of 10.", items=(make_item(treatment=bad),)))
    work.save(bad)
    page = work.browser.get(work.item).text
    assert "<script>window.pwned" not in page
    assert "<img src=x" not in page


def test_an_item_or_sentence_that_there_is_not_is_told_as_such(work):
    assert work.browser.get(f"/cases/{work.case_id}/items/9").status_code in (404, 422)
    assert work.save("x", place=99).status_code == 404
