"""A dataset tells what it holds, where it came from and what changed; nothing is dropped in silence."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from drafter.adapters.builtin_redactor import BuiltinRedactor
from drafter.domain.checks.registry import CHECKS
from drafter.errors import CaseInvalid
from evals.cli import app
from evals.dataset import SPLITS, EvalCase, Quarantined, make_dataset, only_split, read_dataset, write_dataset
from evals.datasets.catalogue import open_dataset, power_text
from evals.datasets.difference import changes
from evals.datasets.likeness import near_duplicates
from evals.datasets.signed import ApprovedItem, SignedCase, with_signed
from evals.datasets.tables import read_table
from evals.datasets.written import read_written, written_dataset
from evals.errors import DatasetInvalid
from evals.importing import import_cases
from guideline_corpus.edition_table import shipped_editions
from guideline_corpus.starter import load_starter
from tests.factories import CASE_SUMMARY, make_case, make_item

CSV = """case_number,item,treatment,ur_denial,case_summary,determination
A-1,1,Lumbar MRI,2016-10-20,Low back pain since March.,upheld
A-1,2,Acupuncture,,,overturned
A-2,1,Knee brace,not a day,Knee pain.,
,1,Massage,,,
"""


def dataset(*cases: EvalCase):
    return make_dataset(name="set", cases=cases)


def eval_case(case_id: str, **overrides) -> EvalCase:
    return EvalCase(case_id=case_id, case=make_case(case_number=case_id, **overrides))


def test_the_project_has_cases_of_its_own_over_twelve_years_with_everything_a_reader_meets():
    own = written_dataset()
    items = [(case, item) for case in own.cases for item in case.case.items]
    years = {case.case.dates.ur_denial.year for case in own.cases if case.case.dates.ur_denial}

    assert own.manifest.cases >= 20
    assert years == set(range(2014, 2026))
    assert sum(bool(case.case.records) for case in own.cases) >= 15
    assert any(item.remaining for _, item in items)
    assert any(item.depends_on for _, item in items)
    assert any(case.canary for case in own.cases)
    expected = [case.expected_of(item.number) for case, item in items]
    assert all(expected), "each item has an expectation"
    assert any(one.addressed is False for one in expected if one)
    assert {case.lies_in for case in own.cases} == set(SPLITS)


def test_what_the_own_cases_expect_exists():
    editions = {(one.guideline, one.edition): one for one in shipped_editions()}
    sections = {(one.guideline, one.edition, one.section) for one in load_starter(shipped_editions())}
    checks = {check.id for check in CHECKS}
    for case in written_dataset().cases:
        governing = case.case.dates.ur_denial
        for wanted in case.expected:
            assert set(wanted.findings) <= checks, case.case_id
            for section in wanted.sections:
                edition = editions[section.guideline, section.edition]
                assert governing is not None
                assert edition.in_force.covers(governing), (case.case_id, section)
                assert not section.section or (section.guideline, section.edition, section.section) in sections


def test_facts_that_must_appear_stand_in_the_case():
    for case in written_dataset().cases:
        told = " ".join([*(field.text for field in case.case.record_fields()), *(i.heading for i in case.case.items)])
        given = [fact for one in case.expected for fact in one.facts if not fact.startswith("item ")]
        odd = [fact for fact in given if not any(either.lower() in told.lower() for either in fact.split("|"))]
        assert odd == [] or all("documented" in fact or "of" in fact for fact in odd), (case.case_id, odd)


def test_a_case_lies_in_one_split_and_splits_make_the_whole():
    own = written_dataset()
    parts = [only_split(own, split) for split in SPLITS]

    assert sum(part.manifest.cases for part in parts) == own.manifest.cases
    assert {part.manifest.parent for part in parts} == {own.manifest.version}
    with pytest.raises(DatasetInvalid, match="no case in the split"):
        only_split(dataset(EvalCase(case_id="A", case=make_case(), split="dev")), "gate")


def test_rows_of_a_table_become_cases_and_what_does_not_parse_is_quarantined_with_its_line(tmp_path: Path):
    (tmp_path / "cases.csv").write_text(CSV, encoding="utf-8")
    made = import_cases([tmp_path / "cases.csv"], name="set")

    assert [(case.case_id, len(case.case.items)) for case in made.cases] == [("A-1", 2)]
    assert made.cases[0].case.dates.ur_denial == date(2016, 10, 20)
    assert made.cases[0].case.items[1].determination == "overturned"
    told = {row.name: row.reason for row in made.manifest.quarantined}
    assert set(told) == {"cases.csv, line 4", "cases.csv, line 5"}
    assert "no date" in told["cases.csv, line 4"]


def test_lines_of_json_become_cases_with_what_is_expected_of_them(tmp_path: Path):
    good = {"case_number": "J-1", "items": ["Lumbar MRI"], "expected": [{"item": 1, "facts": ["low back"]}]}
    lines = [json.dumps(good), "{", json.dumps({"case_number": "J-2"}), json.dumps(good | {"expected": [{"item": 9}]})]
    (tmp_path / "cases.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = list(read_table(tmp_path / "cases.jsonl"))

    assert isinstance(found[0], EvalCase)
    assert found[0].expected[0].facts == ("low back",)
    assert [row.name for row in found if isinstance(row, Quarantined)] == [f"cases.jsonl, line {n}" for n in (2, 3, 4)]


def test_a_table_without_its_columns_is_refused_by_name(tmp_path: Path):
    (tmp_path / "cases.csv").write_text("case,treatment\nA,MRI\n", encoding="utf-8")
    with pytest.raises(CaseInvalid, match="no column case_number"):
        list(read_table(tmp_path / "cases.csv"))


def test_an_expectation_that_is_misspelt_is_named():
    with pytest.raises(CaseInvalid, match=r"expected\.0\.fact"):
        read_written("case_number: A\nitems: [Lumbar MRI]\nexpected: [{item: 1, fact: [pain]}]\n", name="a.yaml")


def test_two_cases_that_share_most_of_their_words_are_told():
    longer = CASE_SUMMARY + " He was told to walk."
    found = near_duplicates([eval_case("A"), eval_case("B", case_summary=longer), eval_case("C", case_summary="Knee.")])

    assert [(pair.one, pair.other) for pair in found] == [("A", "B")]
    words, run = len(CASE_SUMMARY.split()), 8
    assert found[0].likeness == pytest.approx((words - run + 1) / (words + 5 - run + 1), abs=0.02)


def test_words_that_stand_in_every_letter_are_no_likeness():
    same = "The reviewer has no relation to the employer, the worker or the claims administrator of this case at all."
    cases = [eval_case(f"C{n}", case_summary=f"{same} Case number {n} speaks of complaint {n}.") for n in range(30)]

    assert near_duplicates(cases) == ()


def test_the_difference_of_two_versions_names_cases_and_fields_and_no_text():
    before = dataset(eval_case("A"), eval_case("B"))
    after = dataset(eval_case("B", items=(make_item(rationale="New."),)), eval_case("C"))
    found = changes(before, after)

    assert [(one.case_id, one.change) for one in found] == [("A", "removed"), ("B", "changed"), ("C", "added")]
    assert found[1].where == ("case.items[0].rationale",)


def test_a_new_version_names_its_parent_and_takes_the_place_of_old_cases(tmp_path: Path):
    write_dataset(dataset(eval_case("A"), eval_case("B")), tmp_path / "one")
    (tmp_path / "b.yaml").write_text("case_number: B\nitems: [Lumbar MRI]\n", encoding="utf-8")
    arguments = ["import", str(tmp_path / "b.yaml"), "--parent", str(tmp_path / "one"), "--out", str(tmp_path / "two")]
    told = CliRunner().invoke(app, arguments)

    assert told.exit_code == 0, told.output
    grown = read_dataset(tmp_path / "two")
    assert grown.manifest.parent == read_dataset(tmp_path / "one").manifest.version
    assert [case.case.items[0].treatment for case in grown.cases][1] == "Lumbar MRI"


def test_a_signed_case_is_kept_without_names_and_with_its_outcome():
    case = make_case(
        case_number="CM16-0000009",
        case_summary="Maria Placeholder has low back pain. Dr. Quentin Sample asked for therapy.",
        people=("Maria Placeholder", "Quentin Sample"),
    )
    rationale = "Maria Placeholder gained strength. The request is medically necessary."
    signed = SignedCase(case=case, items=(ApprovedItem(item=1, determination="overturned", rationale=rationale),))
    grown = with_signed(dataset(eval_case("A")), [signed], redactor=BuiltinRedactor())

    kept = grown.cases[1].case
    assert "Placeholder" not in kept.model_dump_json()
    assert "Sample" not in kept.model_dump_json()
    assert kept.people == ()
    assert (kept.items[0].determination, kept.items[0].rationale is None) == ("overturned", False)
    assert grown.manifest.parent == dataset(eval_case("A")).manifest.version
    assert kept.without_reviewer_text().items[0].rationale is None


def test_an_item_that_was_not_in_the_case_cannot_have_been_signed():
    odd = SignedCase(case=make_case(), items=(ApprovedItem(item=7, determination="upheld", rationale="No."),))
    with pytest.raises(DatasetInvalid, match="Item 7"):
        with_signed(dataset(), [odd], redactor=BuiltinRedactor())


def test_datasets_are_listed_shown_and_compared_at_the_command_line(tmp_path: Path):
    write_dataset(dataset(eval_case("A")), tmp_path / "sets" / "one")

    def told(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["datasets", *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    assert "written: 23 cases" in told("list", str(tmp_path))
    assert "one: 1 cases, 1 items" in told("list", str(tmp_path))
    assert "form: 2016-section 1" in told("show", str(tmp_path / "sets" / "one"))
    assert json.loads(told("show", "written", "--json"))["cases"] == 23
    assert "The same cases" in told("diff", "written", "written")
    assert "removed A" in told("diff", str(tmp_path / "sets" / "one"), "written")


def test_power_is_told_before_the_run():
    assert "with 200 items a comparison shows a loss of 5.3 points" in power_text(200)


def test_a_name_that_is_no_dataset_is_told_what_to_do():
    with pytest.raises(DatasetInvalid, match="evals import"):
        open_dataset("nowhere")
