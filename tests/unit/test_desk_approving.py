"""Signing a letter: the very text that was seen, by who was assigned, amended with a reason."""

from __future__ import annotations

import pytest

from drafter.errors import ApprovalRefused, LetterLocked, NotAllowed
from drafter.services.desk.approving import amend
from drafter.services.desk.editing import SentenceText
from tests.desk_factories import OTHER, REFUTED, REVIEWER


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
