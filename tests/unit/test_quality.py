"""QA reads a second time: who is sampled, what readers agree on, what drills show. Figures computed by hand."""

from __future__ import annotations

from typing import Literal

import pytest

from drafter.domain.case import Determination
from drafter.domain.review.checklist import POINTS
from drafter.domain.review.events import SecondReading
from drafter.domain.review.people import Account
from drafter.errors import NotAllowed
from drafter.services.desk.drills import drill_tally, lay_drill
from drafter.services.desk.effort import changed_share, effort
from drafter.services.desk.opening import declare_conflict
from drafter.services.desk.second_reading import (
    agreement,
    finish,
    give_outcomes,
    kappa,
    pairs,
    sample,
    sampled,
    tally,
)
from tests.desk_factories import QA, Desk
from tests.fakes import TickingClock
from tests.review_factories import make_account

COLLEAGUE = make_account(account_id="reviewer-9", login="colleague")
EVERY_POINT: dict[int, Literal["yes", "no", "does-not-apply"]] = {number: "yes" for number, _ in POINTS}


@pytest.fixture
def signed() -> Desk:
    desk = Desk()
    desk.draft()
    desk.decide("upheld")
    desk.clear()
    desk.approve()
    return desk


def give(desk: Desk, outcome: Determination) -> None:
    give_outcomes(desk.case_id, {1: outcome}, store=desk.store, by=QA, request_id=desk.request())


def plant(desk: Desk, text: str, *, to: Account = COLLEAGUE) -> str:
    return lay_drill(
        desk.case_id,
        item=1,
        place=0,
        planted=text,
        to=to,
        store=desk.store,
        workbench=desk.workbench,
        clock=TickingClock(),
        by=QA,
        request_id=desk.request(),
    )


def test_a_share_of_cases_is_sampled_and_the_same_ones_each_day():
    cases = [f"case-{number}" for number in range(4000)]
    tenth = {case for case in cases if sampled(case, share=0.1)}
    assert 320 < len(tenth) < 480
    assert tenth <= {case for case in cases if sampled(case, share=0.2)}
    assert not any(sampled(case, share=0) for case in cases)


def test_kappa_is_the_hand_computed_one():
    # 20 items: 10 both upheld, 4 both overturned, 6 apart (3 each way). Observed 0.7; expected (13*13+7*7)/400 = 0.545.
    table: list[tuple[Determination, Determination]] = [
        *(("upheld", "upheld") for _ in range(10)),
        *(("overturned", "overturned") for _ in range(4)),
        *(("upheld", "overturned") for _ in range(3)),
        *(("overturned", "upheld") for _ in range(3)),
    ]
    of = [(f"case-{place}", first, second) for place, (first, second) in enumerate(table)]
    assert kappa(of) == pytest.approx((0.7 - 0.545) / (1 - 0.545))
    told = agreement(of)
    assert (told.agreed, told.pairs, told.cases) == (14, 20, 20)
    # Wilson for 14 of 20 at 95 percent: 0.481 to 0.855
    assert told.percent.low == pytest.approx(0.481, abs=0.001)
    assert told.percent.high == pytest.approx(0.855, abs=0.001)
    assert (told.kappa.low or 0) < (told.kappa.value or 0) < (told.kappa.high or 0)


def test_kappa_is_undefined_where_only_one_outcome_occurs():
    told = agreement([("a", "upheld", "upheld"), ("b", "upheld", "upheld")])
    assert told.percent.value == 1
    assert told.kappa.value is None


def test_nothing_read_twice_is_undefined_and_not_zero():
    assert agreement([]).percent.value is None


def test_a_second_reader_chooses_before_she_sees_and_then_answers_every_point(signed):
    reading = SecondReading(approval=1, answers=EVERY_POINT)
    with pytest.raises(NotAllowed, match="Choose your own outcomes first"):
        finish(signed.case_id, reading, store=signed.store, by=QA, request_id="early")
    give(signed, "overturned")
    with pytest.raises(NotAllowed, match="Answer every point"):
        finish(
            signed.case_id,
            SecondReading(approval=1, answers={1: "yes"}),
            store=signed.store,
            by=QA,
            request_id="short",
        )
    finish(signed.case_id, reading, store=signed.store, by=QA, request_id="whole")
    assert pairs(signed.store) == ((signed.case_id, "upheld", "overturned"),)
    assert [(point.yes, point.no) for point in tally(signed.store)] == [(1, 0)] * 17
    assert [(one.outcome_given, one.finished) for one in sample(signed.store, share=1)] == [(True, True)]


def test_a_case_that_is_not_signed_has_no_second_reading():
    desk = Desk()
    with pytest.raises(NotAllowed, match="Only a signed case"):
        give(desk, "upheld")


def test_a_drill_that_is_signed_as_it_was_given_is_missed(signed):
    drill = Drilled(signed, plant(signed, "The guideline has nothing on the treatment of this worker."))
    drill.decide("upheld")
    drill.clear()
    drill.approve(by=COLLEAGUE)
    told = drill_tally(signed.store)
    assert (told.laid, told.ended, told.found) == (1, 1, 0)
    assert drill.state.status == "drill-ended"
    assert drill.state.approvals == ()


def test_a_drill_whose_sentence_was_mended_is_found(signed):
    drill = Drilled(signed, plant(signed, "The guideline has nothing on the treatment of this worker."))
    drill.save(*drill.as_written()[1:], by=COLLEAGUE)
    drill.decide("upheld")
    drill.clear()
    drill.approve(by=COLLEAGUE)
    assert drill_tally(signed.store).found == 1


def test_a_drill_has_a_number_of_its_own_and_goes_to_somebody_else(signed):
    drill = Drilled(signed, plant(signed, "Wrong."))
    assert drill.state.case.case_number != signed.state.case.case_number
    assert str(drill.state.case.case_number).startswith("CM00-")
    with pytest.raises(NotAllowed, match="did not sign"):
        plant(signed, "Wrong.", to=make_account())


def test_effort_tells_how_much_of_a_draft_was_changed(signed):
    told = effort(signed.store)
    assert (told.letters, told.words_changed, told.unchanged) == (1, 0, 1)
    assert changed_share("one two three four", "one two three five") == pytest.approx(0.25)


class Drilled(Desk):
    """A colleague at work on a drill."""

    def __init__(self, signed: Desk, case_id: str) -> None:
        self.store, self.workbench, self.case_id = signed.store, signed.workbench, case_id
        self._requests = signed._requests
        self.reviewer = COLLEAGUE
        declare_conflict(case_id, clear=True, words="", store=self.store, by=COLLEAGUE, request_id=f"declare {case_id}")
