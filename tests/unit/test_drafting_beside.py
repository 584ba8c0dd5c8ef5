"""A reviewer goes on while a draft is written: the draft ends well, and nothing of hers is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from drafter.adapters.extractive_model import ExtractiveModel
from drafter.domain.drafting.brief import ItemBrief
from drafter.domain.review.jobs import DraftingJob
from drafter.domain.review.state import ItemState
from drafter.errors import CaseMoved
from drafter.services.desk.deciding import decide, draft_items, use_draft
from drafter.services.desk.drafting_work import BESIDE, drafting_work
from drafter.services.desk.editing import SentenceText, pin, save_item
from drafter.services.desk.journal import case_state
from drafter.services.desk.opening import assign
from drafter.services.desk.workbench import Workbench
from guideline_corpus.vocabulary import load_vocabulary
from tests.desk_factories import REVIEWER, make_workbench, opened_case, texts
from tests.drafting_factories import shipped_forms
from tests.factories import make_case, make_item
from tests.fakes import FakeRecordStore
from tests.model_factories import Hearing
from tests.review_factories import make_account

HERS = "The worker was seen on two dates, and both are in the record."
Act = Callable[[], object]


class Meanwhile:
    """A model beside whose writing something happens: the first act while it writes first, and so on."""

    def __init__(self, acts: tuple[Act, ...]) -> None:
        self._behind = ExtractiveModel(forms=shipped_forms(), vocabulary=load_vocabulary())
        self._acts = list(acts)
        self.asked = 0

    @property
    def spec(self) -> str:
        return self._behind.spec

    def write(self, brief: ItemBrief) -> Any:
        self.asked += 1
        if self._acts:
            self._acts.pop(0)()
        return self._behind.write(brief)


class Working:
    """A case of two items, both drafted."""

    def __init__(self) -> None:
        self.store = FakeRecordStore()
        self.bench = make_workbench()
        case = make_case(items=(make_item(), make_item(number=2, heading="EMG of the legs")))
        self.case_id = opened_case(self.store, case)
        self._requests = 0
        self.draft_with(self.bench, items=())

    def given(self) -> dict[str, Any]:
        self._requests += 1
        return {"store": self.store, "by": REVIEWER, "request_id": f"request {self._requests}"}

    def draft_with(self, bench: Workbench, *, items: tuple[int, ...]) -> None:
        draft_items(self.case_id, items=items, workbench=bench, **self.given())

    def draft(self, *meanwhile: Act) -> Meanwhile:
        """Item 1 drafted anew, while these acts happen."""
        model = Meanwhile(meanwhile)
        self.draft_with(make_workbench(model=model), items=(1,))
        return model

    def save(self, number: int, text: str = HERS) -> None:
        parent = self.item(number).revision
        save_item(self.case_id, number, [SentenceText(text=text)], parent=parent, workbench=self.bench, **self.given())

    def decide(self, number: int, outcome: Any) -> None:
        decide(self.case_id, number, outcome, workbench=self.bench, redraft=False, **self.given())

    def item(self, number: int) -> ItemState:
        return case_state(self.store, self.case_id).item(number)


@pytest.fixture
def working() -> Working:
    return Working()


def test_an_edit_of_another_item_does_not_matter(working):
    before = working.item(1).draft_seq
    model = working.draft(lambda: working.save(2))

    assert model.asked == 1
    assert working.item(1).draft_seq == working.item(1).revision > before
    assert texts(working.item(2).sentences) == [HERS]


def test_an_edit_of_the_same_item_stays_and_the_draft_stands_beside_it(working):
    model = working.draft(lambda: working.save(1))
    item = working.item(1)

    assert model.asked == 1
    assert texts(item.sentences) == [HERS]
    assert item.draft_seq is not None
    assert item.draft_seq > item.revision
    use_draft(working.case_id, 1, parent=item.revision, workbench=working.bench, **working.given())
    assert texts(working.item(1).sentences) == [one.text for one in item.draft.statements]


def test_an_outcome_that_she_chose_meanwhile_is_kept_and_drafted_for(working):
    model = working.draft(lambda: working.decide(1, "overturned"))
    item = working.item(1)

    assert model.asked == 2
    assert item.determination == item.draft.determination == "overturned"
    assert item.sentences[-1].statement.kind == "conclusion"


def test_a_passage_that_she_dropped_meanwhile_is_not_in_the_draft(working):
    found = working.item(1).draft.retrieved[0].passage.passage_id

    def drop() -> None:
        pin(working.case_id, 1, pinned=(), dropped=(found,), workbench=working.bench, **working.given())

    assert working.draft(drop).asked == 2
    assert found not in {one.passage.passage_id for one in working.item(1).draft.retrieved}


def test_an_outcome_of_an_item_beside_it_does_not_matter(working):
    assert working.draft(lambda: working.decide(2, "upheld")).asked == 1
    assert working.item(2).determination == "upheld"


def test_a_case_that_was_given_to_somebody_else_meanwhile_is_not_drafted(working):
    before = working.item(1)

    def give_away() -> None:
        other = make_account(account_id="reviewer-2", login="other")
        assign(working.case_id, to=other, store=working.store, actor="admin-1", request_id="given away")

    with pytest.raises(CaseMoved):
        working.draft(give_away)
    assert working.item(1) == before


def test_choices_that_change_again_and_again_end_in_a_sentence(working):
    outcomes = iter(["upheld", "overturned"] * 10)
    with pytest.raises(CaseMoved, match="again and again"):
        working.draft(*[lambda: working.decide(1, next(outcomes))] * 20)


def test_the_job_says_that_her_words_were_kept(working):
    def job(number: int, *meanwhile: Act) -> str:
        work = drafting_work(store=working.store, workbench=make_workbench(model=Meanwhile(meanwhile)))
        asked = {"job_id": f"job-{number}", "case_id": working.case_id, "item": 1, "by": REVIEWER.account_id}
        return work(DraftingJob(**asked, request_id=f"job {number}"), Hearing())

    working.store.account = lambda **_: REVIEWER
    assert job(1, lambda: working.save(2)) == ""
    assert job(2, lambda: working.save(1)) == BESIDE
    assert job(2) == "", "taken up again after its worker died, it is done already"
