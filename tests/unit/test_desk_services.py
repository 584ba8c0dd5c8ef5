"""A reviewer's work at the desk: read, edit, decide, answer, sign; and what the desk refuses."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import pytest

from drafter.domain.case import Determination
from drafter.domain.review.answers import finding_key
from drafter.domain.review.people import Account
from drafter.domain.review.state import CaseState
from drafter.errors import ApprovalRefused, LetterLocked, NotAllowed, NothingToRead, UnknownCase, UnknownItem
from drafter.services.desk.answering import contest, countersign, waive
from drafter.services.desk.approving import Proof, amend, approve, proof
from drafter.services.desk.deciding import decide, draft_items
from drafter.services.desk.editing import Compare, Saved, SentenceText, findings_on, pin, save_item
from drafter.services.desk.exporting import export, letter_json
from drafter.services.desk.journal import case_state
from drafter.services.desk.opening import assign, declare_conflict, open_case, take
from tests.desk_factories import QA, REVIEWER, make_workbench, opened_case, texts
from tests.factories import make_case, make_item, make_passage
from tests.fakes import FakeRecordStore, TickingClock
from tests.review_factories import make_account

OTHER = make_account(account_id="reviewer-2", login="other")
REFUTED = "There is no documentation of physical therapy."


class Desk:
    """One reviewer at work on one case; every act with a request id of its own."""

    def __init__(self, **case: Any) -> None:
        self.store = FakeRecordStore()
        self.workbench = make_workbench()
        self.case_id = opened_case(self.store, make_case(**case))
        self._requests = count(1)

    @property
    def state(self) -> CaseState:
        return case_state(self.store, self.case_id)

    def request(self) -> str:
        return f"request {next(self._requests)}"

    def draft(self, *items: int) -> None:
        draft_items(
            self.case_id,
            items=items,
            store=self.store,
            workbench=self.workbench,
            by=REVIEWER,
            request_id=self.request(),
        )

    def decide(self, determination: Determination | None, number: int = 1) -> Saved:
        return decide(
            self.case_id,
            number,
            determination,
            store=self.store,
            workbench=self.workbench,
            by=REVIEWER,
            request_id=self.request(),
        )

    def save(
        self,
        *sentences: SentenceText,
        number: int = 1,
        parent: int | None = None,
        by: Account = REVIEWER,
        request_id: str | None = None,
    ) -> Saved | Compare:
        return save_item(
            self.case_id,
            number,
            sentences,
            parent=parent if parent is not None else self.state.item(number).revision,
            store=self.store,
            workbench=self.workbench,
            by=by,
            request_id=request_id or self.request(),
        )

    def as_written(self, number: int = 1) -> list[SentenceText]:
        sentences = self.state.item(number).sentences
        return [SentenceText(text=one.statement.text, of=place) for place, one in enumerate(sentences)]

    def proof(self, by: Account = REVIEWER) -> Proof:
        return proof(self.case_id, store=self.store, workbench=self.workbench, by=by)

    def approve(self, seen: str | None = None, request_id: str | None = None, by: Account = REVIEWER) -> int:
        return approve(
            self.case_id,
            seen=seen or self.proof().fingerprint or "",
            today=date(2016, 11, 9),
            store=self.store,
            workbench=self.workbench,
            by=by,
            request_id=request_id or self.request(),
        )

    def answer(
        self,
        said: Callable[..., CaseState],
        key: str,
        reason: str = "The visit of May is meant here.",
        by: Account = REVIEWER,
    ) -> CaseState:
        return said(self.case_id, 1, key, reason=reason, store=self.store, by=by, request_id=self.request())

    def clear(self) -> None:
        """Every open warning waived."""
        for finding in self.state.item(1).open_findings:
            if finding.severity == "warning":
                self.answer(waive, finding_key(finding))

    def blocker(self, check: str) -> str:
        return next(finding_key(one) for one in self.state.item(1).open_findings if one.check == check)


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.draft()
    return made


@pytest.fixture
def decided(desk: Desk) -> Desk:
    desk.decide("upheld")
    desk.clear()
    return desk


# --- opening --------------------------------------------------------------------------------------------------------


def test_the_same_file_twice_is_one_case():
    store = FakeRecordStore()
    given: dict[str, Any] = {"source_name": "a.pdf", "store": store, "clock": TickingClock(), "actor": "reviewer-1"}
    first = open_case(make_case(), data=b"x", **given)
    again = open_case(make_case(), data=b"x", **given)
    assert (first.known, again.known, again.case_id) == (False, True, first.case_id)


def test_a_published_letters_own_answer_never_enters_the_record():
    store = FakeRecordStore()
    case = make_case(items=(make_item(determination="overturned", rationale="Because it is so."),))
    state = case_state(store, opened_case(store, case))
    assert state.case.items[0].determination is None
    assert state.case.items[0].rationale is None


def test_a_case_without_a_treatment_in_dispute_is_refused():
    with pytest.raises(NothingToRead, match="names no treatment"):
        opened_case(FakeRecordStore(), make_case(items=()))


def test_a_free_case_is_taken_once():
    store = FakeRecordStore()
    opened = open_case(make_case(), data=b"x", source_name="a", store=store, clock=TickingClock(), actor="admin-1")
    take(opened.case_id, by=REVIEWER, store=store, request_id="a")
    with pytest.raises(NotAllowed, match="Another reviewer"):
        take(opened.case_id, by=OTHER, store=store, request_id="b")


def test_a_case_goes_back_to_the_queue_where_its_reviewer_has_a_tie(desk):
    declare_conflict(desk.case_id, clear=False, words="I treated him.", store=desk.store, by=REVIEWER, request_id="x")
    assert desk.state.assigned_to is None


def test_a_case_is_assigned_to_reviewers_only(desk):
    with pytest.raises(NotAllowed, match="no active reviewer"):
        assign(desk.case_id, to=QA, store=desk.store, actor="admin-1", request_id="x")


# --- deciding -------------------------------------------------------------------------------------------------------


def test_no_outcome_is_set_before_the_reviewer_sets_one(desk):
    item = desk.state.item(1)
    assert item.determination is None
    assert not [one for one in item.sentences if one.statement.kind == "conclusion"]


def test_an_unedited_text_is_drafted_anew_for_the_outcome_she_chose(desk):
    memo = texts(desk.state.item(1).sentences)
    desk.decide("upheld")
    item = desk.state.item(1)
    assert item.determination == "upheld"
    assert texts(item.sentences) != memo
    assert item.sentences[-1].statement.kind == "conclusion" or any(
        one.statement.kind == "conclusion" for one in item.sentences
    )


def test_an_edited_text_keeps_its_words_and_gets_the_verdict_sentence(desk):
    desk.save(SentenceText(text="Her own sentence."))
    desk.decide("overturned")
    written = texts(desk.state.item(1).sentences)
    assert written[0] == "Her own sentence."
    assert len(written) == 2
    assert "medically necessary" in written[1]
    desk.decide("upheld")
    assert len(desk.state.item(1).sentences) == 2
    assert "not medically necessary" in texts(desk.state.item(1).sentences)[1]


def test_an_outcome_can_be_taken_back(decided):
    decided.decide(None)
    item = decided.state.item(1)
    assert item.determination is None
    assert not [one for one in item.sentences if one.statement.kind == "conclusion"]


def test_a_dependent_item_becomes_undecided_when_its_main_item_turns():
    desk = Desk(items=(make_item(), make_item(number=2, heading="Clearance", treatment="Clearance", depends_on=1)))
    desk.draft()
    desk.decide("upheld", 1)
    desk.decide("upheld", 2)
    desk.decide("overturned", 1)
    assert desk.state.item(2).determination is None


# --- editing --------------------------------------------------------------------------------------------------------


def test_a_save_is_a_new_revision_with_its_findings_and_the_old_one_stays(desk):
    before = desk.state.item(1)
    saved = desk.save(*desk.as_written(), SentenceText(text=REFUTED))
    assert isinstance(saved, Saved)
    assert saved.revision > (before.revision or 0)
    assert any(one.check == "absence-refuted" for one in desk.state.item(1).findings)


def test_an_edited_sentence_keeps_the_grounds_of_the_one_it_was_made_from(desk):
    old = desk.state.item(1).sentences[0]
    desk.save(SentenceText(text="Another wording of it.", of=0))
    new = desk.state.item(1).sentences[0]
    assert new.statement.citations == old.statement.citations
    assert new.origin == old.origin


def test_whoever_saves_second_sees_three_texts_and_overwrites_nothing(desk):
    start = desk.state.item(1).revision
    desk.save(SentenceText(text="From the first tab."), parent=start)
    outcome = desk.save(SentenceText(text="From the second tab."), parent=start)
    assert isinstance(outcome, Compare)
    assert texts(outcome.theirs) == ["From the first tab."]
    assert texts(outcome.yours) == ["From the second tab."]
    assert outcome.before
    assert texts(desk.state.item(1).sentences) == ["From the first tab."]


def test_a_save_that_is_sent_again_after_a_lost_answer_is_saved_once(desk):
    start = desk.state.item(1).revision
    first = desk.save(SentenceText(text="Once."), parent=start, request_id="same")
    again = desk.save(SentenceText(text="Once."), parent=start, request_id="same")
    assert isinstance(first, Saved)
    assert isinstance(again, Saved)
    assert first.revision == again.revision


def test_work_on_another_item_is_no_conflict():
    desk = Desk(items=(make_item(), make_item(number=2)))
    desk.draft()
    parent = desk.state.item(1).revision
    desk.save(SentenceText(text="Of the second."), number=2)
    assert isinstance(desk.save(SentenceText(text="Of the first."), number=1, parent=parent), Saved)


def test_what_drafting_itself_found_stays_with_the_sentence_it_was_about(desk):
    kept = {one.check for one in desk.state.item(1).findings}
    desk.save(*desk.as_written(), SentenceText(text="Her own last sentence."))
    assert "rests-on-gist" in kept
    assert "rests-on-gist" in {one.check for one in desk.state.item(1).findings}


def test_checks_renew_while_she_types_within_a_tenth_of_a_second(desk):
    state = desk.state
    item = state.item(1)
    findings_on(state, item, item.sentences, determination=None, workbench=desk.workbench)
    began = time.process_time()
    findings_on(state, item, item.sentences, determination=None, workbench=desk.workbench)
    assert time.process_time() - began < 0.1


def test_a_pinned_passage_comes_first_in_the_next_draft():
    desk = Desk()
    other = make_passage(passage_id="chronic-pain-2016:other:1", section="Other section")
    desk.workbench = make_workbench(make_passage(), other)
    desk.draft()
    pin(
        desk.case_id,
        1,
        pinned=(other.passage_id,),
        dropped=(),
        store=desk.store,
        workbench=desk.workbench,
        by=REVIEWER,
        request_id="pin",
    )
    desk.draft(1)
    draft = desk.state.item(1).draft
    assert draft is not None
    assert draft.retrieved[0].passage.passage_id == other.passage_id


def test_a_dropped_passage_is_not_used_again(desk):
    passage_id = make_passage().passage_id
    pin(
        desk.case_id,
        1,
        pinned=(),
        dropped=(passage_id,),
        store=desk.store,
        workbench=desk.workbench,
        by=REVIEWER,
        request_id="drop",
    )
    desk.draft(1)
    draft = desk.state.item(1).draft
    assert draft is not None
    assert draft.retrieved == ()


def test_a_case_or_item_that_there_is_not_is_named(desk):
    with pytest.raises(UnknownCase, match="go back to the queue"):
        case_state(desk.store, "nothing")
    with pytest.raises(UnknownItem, match="no item 7"):
        desk.save(SentenceText(text="x"), number=7, parent=1)


# --- answering ------------------------------------------------------------------------------------------------------


def test_a_blocker_is_contested_in_writing_and_countersigned_by_another(decided):
    decided.save(*decided.as_written(), SentenceText(text=REFUTED))
    decided.clear()
    key = decided.blocker("absence-refuted")
    with pytest.raises(NotAllowed, match="Only a warning"):
        decided.answer(waive, key)
    with pytest.raises(NotAllowed, match="Nobody has contested"):
        decided.answer(countersign, key, by=QA)
    decided.answer(contest, key)
    with pytest.raises(NotAllowed, match="never by the reviewer"):
        decided.answer(countersign, key, by=make_account(roles=("reviewer", "qa")))
    assert decided.proof().obstacles
    decided.answer(countersign, key, by=QA)
    assert not [one for one in decided.proof().obstacles if one.kind == "blocker"]
    said = {answer.kind: answer.by for answer in decided.state.item(1).answers if answer.finding_key == key}
    assert said == {"contested": REVIEWER.account_id, "countersigned": QA.account_id}


def test_an_answer_needs_a_reason_in_words(decided):
    decided.save(*decided.as_written(), SentenceText(text=REFUTED))
    with pytest.raises(NotAllowed, match="Give the reason"):
        decided.answer(contest, decided.blocker("absence-refuted"), reason="ok")


@pytest.mark.bad_input(25)
def test_an_outcome_against_its_text_cannot_be_contested(decided):
    decided.save(SentenceText(text="The request for physical therapy, 6 visits, lumbar spine is medically necessary."))
    with pytest.raises(NotAllowed, match="no matter of judgement"):
        decided.answer(contest, decided.blocker("determination-contradicts-rationale"))


def test_a_finding_that_is_gone_cannot_be_answered(decided):
    with pytest.raises(NotAllowed, match="no longer there"):
        decided.answer(waive, "0" * 12)


# --- signing --------------------------------------------------------------------------------------------------------


def test_she_signs_the_very_text_she_saw(decided):
    seen = decided.proof()
    assert seen.obstacles == ()
    decided.approve(seen.fingerprint)
    assert decided.state.status == "approved"
    assert decided.state.approvals[-1].fingerprint == seen.fingerprint


def test_a_text_that_moved_since_is_not_signed(decided):
    seen = decided.proof().fingerprint
    decided.save(*decided.as_written()[:-1], SentenceText(text="One more sentence."), decided.as_written()[-1])
    decided.clear()
    with pytest.raises(ApprovalRefused, match="has changed since"):
        decided.approve(seen)


def test_an_undecided_item_is_not_signed(desk):
    with pytest.raises(ApprovalRefused, match="Choose a determination"):
        desk.approve("0" * 64)


def test_an_open_blocker_is_not_signed(decided):
    decided.save(*decided.as_written(), SentenceText(text=REFUTED))
    with pytest.raises(ApprovalRefused, match="correct it, or contest it in writing"):
        decided.approve("0" * 64)


def test_only_the_assigned_reviewer_signs(decided):
    with pytest.raises(ApprovalRefused, match="Only the reviewer"):
        decided.approve(decided.proof().fingerprint, by=OTHER)


def test_a_signature_sent_twice_is_one_signature(decided):
    seen = decided.proof().fingerprint
    first = decided.approve(seen, request_id="sign")
    assert decided.approve(seen, request_id="sign") == first
    assert len(decided.state.approvals) == 1


@pytest.mark.bad_input(37)
def test_signed_text_stays_and_is_amended_with_a_reason(decided):
    decided.approve()
    with pytest.raises(LetterLocked, match="open an amendment"):
        decided.save(SentenceText(text="Afterthought."))
    with pytest.raises(LetterLocked, match="open an amendment"):
        decided.decide("overturned")
    with pytest.raises(NotAllowed, match="Say why"):
        amend(decided.case_id, reason="", store=decided.store, by=REVIEWER, request_id="a")
    amend(decided.case_id, reason="A date was wrong.", store=decided.store, by=REVIEWER, request_id="b")
    decided.save(*decided.as_written()[:-1], SentenceText(text="One more."), decided.as_written()[-1])
    decided.clear()
    decided.approve()
    assert len(decided.state.approvals) == 2


def test_only_a_signed_letter_leaves_the_desk(desk):
    given: dict[str, Any] = {"printers": {"json": letter_json}, "store": desk.store, "by": REVIEWER}
    with pytest.raises(NotAllowed, match="only a signed letter"):
        export(desk.case_id, "json", request_id="x", **given)
    desk.decide("upheld")
    desk.clear()
    entry = desk.approve()
    file = export(desk.case_id, "json", request_id="y", **given)
    assert f'"entry": {entry}'.encode() in file.data
    assert REVIEWER.account_id.encode() not in file.data
