"""A model's grades are an opinion: versioned, open where it does not know, and worth what people say it is worth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.cli import app
from evals.errors import RunInvalid
from evals.grades import GRADES, graded, read_grades, read_labels, take_grades
from evals.report.write import report
from tests.run_factories import make_run


def grades(folder: Path, *told: tuple[str, int, str], grader: str = "model-a grader@0001") -> Path:
    file = folder / "given.jsonl"
    rows = [
        {"case_number": case, "item": 1, "statement": at, "grader": grader, "faithful": faithful}
        for case, at, faithful in told
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def labels(folder: Path, *told: tuple[str, int, str]) -> Path:
    file = folder / "labels.csv"
    lines = ["case_number,item,statement,faithful", *(f"{case},1,{at},{faithful}" for case, at, faithful in told)]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_a_sentence_that_the_grader_left_out_is_unscored_and_not_dropped(tmp_path: Path):
    run = make_run(tmp_path / "run", cases=2)
    taken = take_grades(run, grades(tmp_path, ("C0000", 0, "yes"), ("C0000", 1, "no"), ("C0001", 0, "unscored")))
    found = graded(taken, {})[0]

    assert (found.yes, found.no, found.unscored) == (1, 1, 4)
    assert found.told.endswith("not validated: nobody labelled these sentences.")


def test_a_grader_is_told_with_its_agreement_with_people(tmp_path: Path):
    run = make_run(tmp_path / "run", cases=2)
    taken = take_grades(run, grades(tmp_path, ("C0000", 0, "yes"), ("C0000", 1, "no"), ("C0001", 0, "yes")))
    said = read_labels(labels(tmp_path, ("C0000", 0, "yes"), ("C0000", 1, "yes"), ("C0001", 2, "no")))
    found = graded(taken, said)[0]

    assert (found.alike, found.labelled) == (1, 2), "what the grader did not score is not held against it"
    assert "agrees with people on 1 of 2 labelled sentences" in found.told


def test_two_versions_of_a_grader_are_kept_apart_and_a_second_grade_takes_the_place_of_the_first(tmp_path: Path):
    run = make_run(tmp_path / "run", cases=1)
    take_grades(run, grades(tmp_path, ("C0000", 0, "yes")))
    take_grades(run, grades(tmp_path, ("C0000", 0, "no"), grader="model-a grader@0002"))
    take_grades(run, grades(tmp_path, ("C0000", 0, "no")))

    assert [(one.grader, one.yes, one.no) for one in graded(read_grades(run), {})] == [
        ("model-a grader@0001", 0, 1),
        ("model-a grader@0002", 0, 1),
    ]


@pytest.mark.parametrize("told", [("C0000", 9, "yes"), ("C0009", 0, "yes"), ("C0000", 0, "maybe")])
def test_a_grade_that_is_none_is_named_by_its_line_and_nothing_is_taken(tmp_path: Path, told: tuple[str, int, str]):
    run = make_run(tmp_path / "run", cases=1)
    with pytest.raises(RunInvalid, match="line 1"):
        take_grades(run, grades(tmp_path, told))
    assert not (run / GRADES).exists()


def test_labels_without_their_columns_are_refused(tmp_path: Path):
    (tmp_path / "labels.csv").write_text("case,verdict\nC0000,yes\n", encoding="utf-8")
    with pytest.raises(RunInvalid, match="the columns are"):
        read_labels(tmp_path / "labels.csv")


def test_the_command_tells_the_grades_and_the_page_shows_them_and_the_metrics_do_not(tmp_path: Path):
    run = make_run(tmp_path / "run", cases=1)
    given = grades(tmp_path, ("C0000", 0, "yes"))
    told = CliRunner().invoke(
        app, ["grades", str(run), "--take", str(given), "--labels", str(labels(tmp_path, ("C0000", 0, "yes")))]
    )

    assert told.exit_code == 0, told.output
    assert "model-a grader@0001: 1 of 1 sentences faithful" in told.output
    page = report(run)
    assert "model-a grader@0001: 1 of 1 sentences faithful" in page
    assert "agrees with people on 1 of 1 labelled sentences" in page
    assert "faithful" not in (run / "results.jsonl").read_text(encoding="utf-8")
