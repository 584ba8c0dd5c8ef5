"""A run writes each finished item once, and a run that was cut off loses nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from drafter.bootstrap import App
from drafter.services.checking import Guidelines
from drafter.settings import settings_from
from evals.dataset import Dataset, EvalCase, make_dataset
from evals.datasets.written import written_dataset
from evals.errors import EvalsError, RunInvalid
from evals.plan import RunPlan
from evals.run_folder import RESULTS, SUMMARY, read_rows
from evals.runner import RunEnd, run
from guideline_corpus.model import SearchResult
from tests.drafting_factories import SuppliedPassages
from tests.factories import make_case, make_dates, make_item, make_passage


class CountingRetriever(SuppliedPassages):
    def __init__(self) -> None:
        super().__init__([make_passage()])
        self.asked = 0

    def search(self, query: str, **asked: Any) -> SearchResult:
        self.asked += 1
        return super().search(query, **asked)


def dataset(*ids: str) -> Dataset:
    return make_dataset(name="set", cases=[EvalCase(case_id=i, case=make_case(case_number=i)) for i in ids])


def ran(
    tmp_path: Path, *ids: str, retriever: CountingRetriever | None = None, resume: bool = False, **planned: Any
) -> RunEnd:
    settings = settings_from({"DRAFTER_HOME": str(tmp_path / "home")})
    plan = RunPlan(**{"stage": "retrieve", "folder": tmp_path, "settings": settings, "model": "extractive"} | planned)
    app = App(settings, retriever=retriever or CountingRetriever())
    return run(plan, dataset(*ids), out=tmp_path / "run", resume=resume, app=app)


def test_each_item_is_one_row_and_the_summary_is_made_of_the_rows(tmp_path: Path):
    end = ran(tmp_path, "A", "B")

    assert [row["case_number"] for row in read_rows(tmp_path / "run")] == ["A", "B"]
    assert (tmp_path / "run" / SUMMARY).is_file()
    assert end.exit_code == 0


@pytest.mark.parametrize(
    ("prompt", "outcome"), [("rationale@0003", "overturned"), ("options@0003", None), (None, None)]
)
def test_a_rationale_is_drafted_for_the_outcome_that_the_dataset_tells_and_a_memo_for_none(
    tmp_path: Path, prompt: str | None, outcome: str | None
):
    case = make_case(case_number="A", items=(make_item(number=1, determination="overturned"),))
    settings = settings_from({"DRAFTER_HOME": str(tmp_path / "home")})
    plan = RunPlan(stage="draft", folder=tmp_path, settings=settings, model="extractive", prompt=prompt)
    cases = make_dataset(name="set", cases=[EvalCase(case_id="A", case=case)])
    (tmp_path / "home").mkdir()
    guidelines = Guidelines(editions=(), passages=(make_passage(),), built=True)
    app = App(settings, retriever=CountingRetriever()).with_parts(guidelines=guidelines)

    run(plan, cases, out=tmp_path / "run", resume=False, app=app)

    (row,) = read_rows(tmp_path / "run")
    assert row["draft"]["determination"] == outcome
    assert row["scores"]["outcome_left_open"] == 1.0, (
        "an outcome that was handed in is nobody's choice but the reviewer's"
    )


def test_an_item_that_is_searched_for_more_than_once_is_one_row_all_the_same(tmp_path: Path):
    """A drug of 2018 or later is looked up in the formulary too."""
    dates = make_dates(rfa=date(2018, 4, 9), ur_denial=date(2018, 4, 16))
    case = make_case(
        case_number="A", dates=dates, items=(make_item(heading="Naproxen 500mg", treatment="Naproxen 500mg"),)
    )
    settings = settings_from({"DRAFTER_HOME": str(tmp_path / "home")})
    plan = RunPlan(stage="draft", folder=tmp_path, settings=settings, model="extractive")
    (tmp_path / "home").mkdir()
    retriever = CountingRetriever()
    app = App(settings, retriever=retriever)
    run(plan, make_dataset(name="set", cases=[EvalCase(case_id="A", case=case)]), out=tmp_path / "run", app=app)

    assert retriever.asked > 1
    assert [row["held_out"] for row in read_rows(tmp_path / "run")] == [0]


def test_each_repeat_of_an_item_is_a_row_of_its_own(tmp_path: Path):
    end = ran(tmp_path, "A", "B", repeats=2)

    rows = [(row["case_number"], row["repeat"]) for row in read_rows(tmp_path / "run")]
    assert rows == [("A", 0), ("A", 1), ("B", 0), ("B", 1)]
    assert end.summary is not None
    assert end.summary["items"] == 2


@pytest.mark.parametrize("cut", [1, 40, 400])
def test_a_run_that_was_cut_in_the_middle_of_a_line_is_finished_to_the_same_bytes(tmp_path: Path, cut: int):
    retriever, results = CountingRetriever(), tmp_path / "run" / RESULTS
    ran(tmp_path, "A", "B", "C", retriever=retriever)
    whole, summed = results.read_bytes(), (tmp_path / "run" / SUMMARY).read_bytes()
    results.write_bytes(whole[:-cut])
    retriever.asked = 0
    ran(tmp_path, "A", "B", "C", retriever=retriever, resume=True)

    assert results.read_bytes() == whole
    assert (tmp_path / "run" / SUMMARY).read_bytes() == summed
    assert retriever.asked == 1


def test_a_finished_run_is_not_run_again(tmp_path: Path):
    retriever = CountingRetriever()
    first = ran(tmp_path, "A", "B", retriever=retriever)
    again = ran(tmp_path, "A", "B", retriever=retriever, resume=True)

    assert retriever.asked == 2
    assert again == first


def test_a_folder_with_a_run_is_not_overwritten(tmp_path: Path):
    ran(tmp_path, "A")

    with pytest.raises(RunInvalid, match="--resume"):
        ran(tmp_path, "A")


@pytest.mark.parametrize("other", [{"ids": ("A", "B")}, {"ids": ("A",), "repeats": 2}, {"ids": ("A",), "seed": 3}])
def test_a_run_of_something_else_is_not_gone_on_with(tmp_path: Path, other: dict[str, Any]):
    ran(tmp_path, "A")

    with pytest.raises(RunInvalid, match="another dataset"):
        ran(tmp_path, *other.pop("ids"), resume=True, **other)


@pytest.mark.parametrize(
    ("planned", "told"),
    [
        ({"stage": "reply"}, "name one with --model"),
        ({"most_calls": 3}, "--max-calls is for a run that asks a model"),
        ({"stage": "draft", "model": "openai:m", "most_cost": 1.0}, "DRAFTER_PRICE_IN"),
    ],
)
def test_a_plan_that_cannot_be_is_said_in_a_sentence(tmp_path: Path, planned: dict[str, Any], told: str):
    with pytest.raises(EvalsError, match=told):
        ran(tmp_path, "A", **planned)


def test_every_item_of_the_projects_own_set_is_drafted_and_says_how_much_was_held_out(tmp_path: Path):
    settings = settings_from({"DRAFTER_HOME": str(tmp_path / "home")})
    plan = RunPlan(stage="draft", folder=tmp_path, settings=settings, model="extractive")
    own = written_dataset()
    end = run(plan, own, out=tmp_path / "run", app=App(settings, retriever=CountingRetriever()))
    rows = read_rows(tmp_path / "run")

    assert end.exit_code == 0
    assert [(row["case_number"], row["item"]) for row in rows] == [
        (case.case_id, item.number) for case in own.cases for item in case.case.items
    ]
    assert {row["held_out"] for row in rows} == {0}
