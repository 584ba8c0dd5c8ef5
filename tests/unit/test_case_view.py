"""What the case page shows of a case: every word of the record, and what each sentence stands on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drafter.domain.draft import RecordCitation
from drafter.web.casework.case_view import case_view
from drafter.web.casework.guideline_view import guideline_view
from drafter.web.casework.marking import Use, pieces
from drafter.web.casework.record_view import record_view
from tests.factories import CASE_SUMMARY, make_case, make_cited_guideline, make_item, make_record, make_span
from tests.review_factories import (
    make_account,
    make_blocker,
    make_drafted,
    make_opened,
    make_revised,
    make_sentence,
    state_after,
)


@given(
    text=st.text(min_size=0, max_size=60),
    spans=st.lists(st.tuples(st.integers(-3, 70), st.integers(-3, 70), st.integers(1, 9), st.booleans()), max_size=8),
)
def test_pieces_join_to_the_text_and_know_every_sentence(text, spans):
    uses = [Use(start=start, end=end, sentence=number, against=against) for start, end, number, against in spans]

    cut = pieces(text, uses, prefix="r")

    assert "".join(piece.text for piece in cut) == text
    at = 0
    for piece in cut:
        end = at + len(piece.text)
        holding = {use.sentence for use in uses if 0 <= use.start <= at and end <= use.end <= len(text)}
        assert holding == {*piece.on, *piece.against}
        at = end


def test_an_anchor_stands_once_where_several_sentences_begin_at_one_word():
    cut = pieces("abc def", [Use(start=0, end=3, sentence=1), Use(start=0, end=7, sentence=2)], prefix="r")

    anchors = [piece.anchor for piece in cut if piece.anchor]
    assert anchors == ["r-0"]


def test_the_words_against_a_sentence_are_marked_in_the_record():
    span = make_span(CASE_SUMMARY, "He completed 8 visits of physical therapy")
    finding = make_blocker(against=span)
    state = state_after(make_drafted(), make_revised(findings=(finding,)))

    view = record_view(state.case, state.case.items[0], state.item(1))

    marked = [piece for document in view.documents for page in document.pages for piece in page.pieces if piece.against]
    assert [piece.text for piece in marked] == ["He completed 8 visits of physical therapy"]


def test_a_click_on_a_ground_leads_to_a_place_that_is_on_the_page():
    span = make_span(CASE_SUMMARY, "Straight leg raising was positive on the left")
    sentence = make_sentence("Straight leg raising was positive.")
    cited = sentence.statement.model_copy(update={"citations": (RecordCitation(record=span),)})
    state = state_after(make_drafted(), make_revised(sentences=(sentence.model_copy(update={"statement": cited}),)))

    view = case_view(state, 1, account=make_account())

    anchors = {piece.anchor for document in view.record.documents for page in document.pages for piece in page.pieces}
    assert {link.to for sentence in view.draft.sentences for link in sentence.rests_on} <= anchors


def test_the_payers_reasons_are_shown_as_an_argument():
    item = make_item(claims_administrator_reasons="No functional improvement is documented.")
    case = make_case(items=(item,), records=(make_record(),))
    state = state_after(make_drafted(), opened=make_opened(case=case))

    view = record_view(case, item, state.item(1))

    assert [document.argument for document in view.documents] == [False, False, True]


def test_titles_of_records_are_not_in_anchors():
    case = make_case(records=(make_record(record_id="Mental-health-note"),))
    state = state_after(make_drafted(), opened=make_opened(case=case))

    view = record_view(case, case.items[0], state.item(1))

    assert all("Mental" not in (piece.anchor or "") for d in view.documents for p in d.pages for piece in p.pieces)


def test_both_parties_citations_stand_side_by_side():
    theirs = make_cited_guideline(guideline="Low Back Complaints", edition="2004")
    item = make_item(citations=(theirs,))
    state = state_after(make_drafted(), opened=make_opened(case=make_case(items=(item,))))

    shown = guideline_view(item, state.item(1)).citations

    assert shown is not None
    assert shown.likeness == "different"


def test_nobody_but_the_assigned_reviewer_can_edit():
    state = state_after(make_drafted())
    assert case_view(state, 1, account=make_account()).can_edit
    assert not case_view(state, 1, account=make_account(account_id="somebody")).can_edit
