"""Findings answered: waived, contested, countersigned, each by who may and with a reason."""

from __future__ import annotations

import pytest

from drafter.errors import NotAllowed
from drafter.services.desk.answering import contest, countersign, waive
from drafter.services.desk.editing import SentenceText
from tests.desk_factories import QA, REFUTED, REVIEWER
from tests.review_factories import make_account


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
