"""A run writes each finished item once, and a run that was cut off loses nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drafter.bootstrap import App
from drafter.settings import settings_from
from evals.dataset import Dataset, EvalCase, make_dataset
from evals.errors import RunInvalid
from evals.runner import RESULTS, SUMMARY, read_rows, run_stage
from guideline_corpus.model import SearchResult
from tests.drafting_factories import SuppliedPassages
from tests.factories import make_case, make_passage


class CountingRetriever(SuppliedPassages):
    def __init__(self) -> None:
        super().__init__([make_passage()])
        self.asked = 0

    def search(self, query: str, **asked: Any) -> SearchResult:
        self.asked += 1
        return super().search(query, **asked)


def app(tmp_path: Path, retriever: CountingRetriever) -> App:
    return App(settings_from({"DRAFTER_HOME": str(tmp_path / "home")}), retriever=retriever)


def dataset(*ids: str) -> Dataset:
    return make_dataset(name="set", cases=[EvalCase(case_id=i, case=make_case(case_number=i)) for i in ids])


def test_each_item_is_one_row_and_the_summary_is_made_of_the_rows(tmp_path: Path):
    retriever = CountingRetriever()
    run_stage(
        app(tmp_path, retriever),
        dataset("A", "B"),
        folder=tmp_path,
        stage="retrieve",
        out=tmp_path / "run",
        resume=False,
    )

    assert [row["case_number"] for row in read_rows(tmp_path / "run")] == ["A", "B"]
    assert (tmp_path / "run" / SUMMARY).is_file()


def test_a_run_that_was_cut_in_the_middle_of_a_line_is_finished_to_the_same_bytes(tmp_path: Path):
    retriever, out = CountingRetriever(), tmp_path / "run"
    run_stage(
        app(tmp_path, retriever), dataset("A", "B", "C"), folder=tmp_path, stage="retrieve", out=out, resume=False
    )
    whole = (out / RESULTS).read_bytes()
    (out / RESULTS).write_bytes(whole[: len(whole) - 40])
    retriever.asked = 0
    run_stage(app(tmp_path, retriever), dataset("A", "B", "C"), folder=tmp_path, stage="retrieve", out=out, resume=True)

    assert (out / RESULTS).read_bytes() == whole
    assert retriever.asked <= 2


def test_a_folder_with_a_run_is_not_overwritten(tmp_path: Path):
    retriever, out = CountingRetriever(), tmp_path / "run"
    run_stage(app(tmp_path, retriever), dataset("A"), folder=tmp_path, stage="retrieve", out=out, resume=False)

    with pytest.raises(RunInvalid, match="--resume"):
        run_stage(app(tmp_path, retriever), dataset("A"), folder=tmp_path, stage="retrieve", out=out, resume=False)


def test_a_run_of_another_dataset_is_not_gone_on_with(tmp_path: Path):
    retriever, out = CountingRetriever(), tmp_path / "run"
    run_stage(app(tmp_path, retriever), dataset("A"), folder=tmp_path, stage="retrieve", out=out, resume=False)

    with pytest.raises(RunInvalid, match="another dataset"):
        run_stage(app(tmp_path, retriever), dataset("A", "B"), folder=tmp_path, stage="retrieve", out=out, resume=True)
