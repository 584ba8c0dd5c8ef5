"""The outcome of an item is the reviewer's act; what it does to a text that is hers, and to one that is not."""

from __future__ import annotations

from drafter.services.desk.editing import SentenceText
from tests.desk_factories import Desk, texts
from tests.factories import make_item


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
