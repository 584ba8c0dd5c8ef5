"""Readings of items and the first result of a search: how far readers agree, and how often the first result holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from evals.benchmarks.defensible import LABELS, FirstResult, report
from evals.errors import EvalsError
from evals.labels.defensible import ItemKey, agreement, by_phase, intersection, jaccard, read_readings, union
from guideline_corpus.starter import shipped_starter_files

ONE, TWO = ItemKey("CM16-0000001", 1), ItemKey("CM16-0000002", 1)
PAIN, BACK, KNEE = "chronic-pain-2016/exercise", "low-back-2004/special-studies", "knee-2004/special-studies"
FIRST = {ONE: frozenset({PAIN, BACK}), TWO: frozenset({"none"})}
SECOND = {ONE: frozenset({BACK}), TWO: frozenset({KNEE})}


def found(section: str, *, injury: date = date(2016, 1, 1)) -> FirstResult:
    return FirstResult(section, "Treatment", injury, date(2016, 12, 1))


def test_agreement_is_what_both_list_among_what_either_lists():
    assert jaccard(FIRST[ONE], SECOND[ONE]) == 0.5
    assert agreement(FIRST, SECOND) == {ONE: 0.5, TWO: 0.0}


def test_none_stands_in_the_union_only_where_nobody_lists_a_section():
    assert union([FIRST, SECOND]) == {ONE: frozenset({PAIN, BACK}), TWO: frozenset({KNEE})}
    assert union([{TWO: frozenset({"none"})}]) == {TWO: frozenset({"none"})}
    assert intersection([FIRST, SECOND]) == {ONE: frozenset({BACK}), TWO: frozenset()}


def test_the_chronic_pain_guideline_leaves_the_list_of_a_fresh_injury_unless_nothing_else_is_there():
    fresh, day = date(2016, 11, 1), date(2016, 12, 1)

    assert by_phase(FIRST[ONE], injury=fresh, day=day) == {BACK}
    assert by_phase(frozenset({PAIN}), injury=fresh, day=day) == {PAIN}
    assert by_phase(FIRST[ONE], injury=date(2016, 9, 2), day=day) == FIRST[ONE]
    assert by_phase(FIRST[ONE], injury=None, day=day) == FIRST[ONE]


def test_the_report_counts_the_first_result_in_each_list_and_names_the_misses():
    told = report({"1": FIRST, "2": SECOND}, {ONE: found(PAIN), TWO: found("none")})

    shares = {name: value["all"]["mean"] for name, value in told["first_in_list"].items()}
    assert shares == {"reader 1": 1.0, "reader 2": 0.0, "union": 0.5, "intersection": 0.0}
    assert told["agreement"]["mean"] == 0.25
    assert [miss["item"] for miss in told["misses"]] == ["CM16-0000002.1"]


def test_a_first_result_of_the_pain_guideline_misses_by_phase_where_the_injury_is_fresh():
    told = report({"1": {ONE: FIRST[ONE]}}, {ONE: found(PAIN, injury=date(2016, 11, 1))})

    assert told["first_in_list"]["reader 1"]["all"]["mean"] == 1.0
    assert told["first_in_list"]["reader 1"]["by phase"]["mean"] == 0.0
    assert told["agreement"] is None


def test_a_faulty_reading_is_refused_with_its_line(tmp_path: Path):
    file = tmp_path / "defensible_reader_1.csv"
    file.write_text("case_number,item,reader,section\nCM16-0000001,one,1,none\n", encoding="utf-8")
    with pytest.raises(EvalsError, match=r"defensible_reader_1\.csv, line 2"):
        read_readings(tmp_path)
    file.write_text("case,item\n", encoding="utf-8")
    with pytest.raises(EvalsError, match="other columns"):
        read_readings(tmp_path)


def test_the_readings_that_come_with_the_program_name_sections_that_exist_and_sixty_items_each():
    known = {file.name.removesuffix(".md") for file in shipped_starter_files()} | {"none"}
    for reading in read_readings(LABELS).values():
        assert len(reading) == 60
        assert {section for sections in reading.values() for section in sections} <= known
        assert all(sections == {"none"} or "none" not in sections for sections in reading.values())
