"""The text of an item, sentence by sentence: revisions, two people at once, passages pinned and dropped."""

from __future__ import annotations

import time

import pytest

from drafter.errors import UnknownCase, UnknownItem
from drafter.services.desk.editing import Compare, Saved, SentenceText, findings_on, pin
from drafter.services.desk.journal import case_state
from tests.desk_factories import REFUTED, REVIEWER, Desk, make_workbench, texts
from tests.factories import make_item, make_passage


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
