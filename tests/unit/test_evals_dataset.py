"""A dataset is known by its content and refuses to be anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.dataset import CASES, MANIFEST, Dataset, EvalCase, Quarantined, make_dataset, read_dataset, write_dataset
from evals.errors import DatasetInvalid
from tests.factories import make_case


def dataset(*ids: str, **overrides) -> Dataset:
    return make_dataset(
        name="set", cases=[EvalCase(case_id=i, case=make_case(case_number=i)) for i in ids], **overrides
    )


def test_the_same_cases_have_the_same_version_in_whatever_order_they_come():
    assert dataset("A", "B").manifest.version == dataset("B", "A").manifest.version
    assert dataset("A", "B").manifest.version != dataset("A", "C").manifest.version


def test_what_was_written_is_read_again_with_what_was_left_out(tmp_path: Path):
    written = dataset("A", "B", quarantined=[Quarantined(name="x.pdf", reason="no items")])
    write_dataset(written, tmp_path)

    assert read_dataset(tmp_path) == written
    assert read_dataset(tmp_path).manifest.items == 2


def test_a_text_with_odd_line_separators_stays_one_case(tmp_path: Path):
    odd = make_dataset(name="set", cases=[EvalCase(case_id="A", case=make_case(case_summary="One\u2028two\x0bthree"))])
    write_dataset(odd, tmp_path)

    assert read_dataset(tmp_path) == odd


def test_a_case_changed_by_hand_is_noticed(tmp_path: Path):
    write_dataset(dataset("A"), tmp_path)
    cases = tmp_path / CASES
    cases.write_text(cases.read_text(encoding="utf-8").replace("45-year-old", "54-year-old"), encoding="utf-8")

    with pytest.raises(DatasetInvalid, match="has changed since it was imported"):
        read_dataset(tmp_path)


def test_a_folder_that_was_not_finished_is_no_dataset(tmp_path: Path):
    write_dataset(dataset("A"), tmp_path)
    (tmp_path / MANIFEST).unlink()

    with pytest.raises(DatasetInvalid, match="evals import"):
        read_dataset(tmp_path)
