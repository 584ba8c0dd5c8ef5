"""A second reader beside the published outcomes: what agreement is worth is told with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.cli import app
from evals.dataset import EvalCase, make_dataset, write_dataset
from evals.errors import DatasetInvalid
from evals.readers import always, beside, read_outcomes, told_lines
from tests.factories import make_case, make_item


def decided(*outcomes: str | None):
    """A dataset of as many cases, each with one item that was decided so."""
    return make_dataset(
        name="set",
        cases=[
            EvalCase(case_id=f"C{n}", case=make_case(items=(make_item(determination=outcome),)))
            for n, outcome in enumerate(outcomes)
        ],
    )


def table(folder: Path, *lines: str) -> Path:
    file = folder / "reader.csv"
    file.write_text("\n".join(["case_number,item,determination", *lines]), encoding="utf-8")
    return file


def test_a_reader_who_always_upholds_agrees_with_most_and_has_no_kappa():
    lines = told_lines(beside(dataset := decided(*["upheld"] * 89, *["overturned"] * 11), always(dataset, "upheld")))

    assert lines[0] == "100 items of 100 cases decided by both"
    assert lines[1].startswith("agreement: 89.0 % (95 % ")
    assert lines[2].startswith("kappa: 0 (")
    assert lines[3].startswith("balanced_accuracy: 50.0 %")


def test_what_only_one_of_the_two_decided_is_counted_and_not_compared(tmp_path: Path):
    read = read_outcomes(table(tmp_path, "C0,1,upheld", "C1,1,", "C9,1,Overturned"))
    found = beside(decided("upheld", "overturned", None), read)

    assert [(one.case_id, one.told, one.read) for one in found.decided] == [("C0", "upheld", "upheld")]
    assert (found.only_dataset, found.only_reader) == (1, 1)


@pytest.mark.parametrize("line", ["C0,one,upheld", "C0,1,denied"])
def test_a_line_that_is_wrong_is_named(tmp_path: Path, line: str):
    with pytest.raises(DatasetInvalid, match="line 2"):
        read_outcomes(table(tmp_path, line))


def test_a_table_without_a_column_is_refused_by_name(tmp_path: Path):
    (tmp_path / "other.csv").write_text("case_number,item\nC0,1\n", encoding="utf-8")
    with pytest.raises(DatasetInvalid, match="no column determination"):
        read_outcomes(tmp_path / "other.csv")


def test_the_command_takes_one_reader_and_no_more(tmp_path: Path):
    write_dataset(decided("upheld", "overturned"), tmp_path / "set")

    told = CliRunner().invoke(app, ["readers", str(tmp_path / "set"), "--always", "upheld"])
    assert told.exit_code == 0, told.output
    assert "agreement: 50.0 %" in told.output
    for arguments in ([], ["--always", "maybe"]):
        refused = CliRunner().invoke(app, ["readers", str(tmp_path / "set"), *arguments])
        assert "--second-reader" in str(refused.exception)
