from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guideline_corpus.cli import main
from guideline_corpus.edition_adding import add_edition, edition_from
from guideline_corpus.edition_table import home_table, load_editions, unchecked_editions
from guideline_corpus.editions import edition_problems
from guideline_corpus.errors import StarterInvalid
from guideline_corpus.model import Edition


def make_row(**overrides: Any) -> Edition:
    values: dict[str, Any] = {
        "edition_id": "acoem-low-back-2026",
        "guideline_id": "low-back",
        "guideline": "Low Back Disorders",
        "edition": "2026",
        "rung": 1,
        "in_force": {"from": date(2026, 7, 1)},
        "trigger": "service",
        "source": 'Order of 2026-05-12, "invented" \\ for a test',
        "confidence": "seen",
    }
    return edition_from(values | overrides)


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["editions", *arguments])
    said = capsys.readouterr()
    return int(stopped.value.code or 0), said.out, said.err


ADD = (
    "add", "acoem-low-back-2026", "--guideline-id", "low-back", "--guideline", "Low Back Disorders", "--edition",
    "2026", "--from", "2026-07-01", "--source", "Order of 2026-05-12",
)  # fmt: skip


def test_adding_an_edition_closes_the_one_before_on_the_day_before(tmp_path: Path):
    added = add_edition(tmp_path, make_row())

    by_id = {row.edition_id: row for row in load_editions(home_table(tmp_path))}
    assert by_id["acoem-low-back-2026"] == make_row()
    assert by_id["acoem-low-back-2020"].in_force.to == date(2026, 6, 30)
    assert added.closed == by_id["acoem-low-back-2020"]


def test_a_second_added_edition_closes_the_first(tmp_path: Path):
    add_edition(tmp_path, make_row())
    add_edition(tmp_path, make_row(edition_id="acoem-low-back-2028", edition="2028", in_force={"from": "2028-01-01"}))

    by_id = {row.edition_id: row for row in load_editions(home_table(tmp_path))}
    assert by_id["acoem-low-back-2026"].in_force.to == date(2027, 12, 31)


def test_the_edition_of_a_guideline_that_nobody_knew_closes_nothing(tmp_path: Path):
    assert add_edition(tmp_path, make_row(edition_id="new-2026", guideline_id="new")).closed is None


def test_an_edition_that_leaves_a_gap_is_refused_and_the_table_stays_as_it_was(tmp_path: Path):
    add_edition(tmp_path, make_row(in_force={"from": "2026-07-01", "to": "2026-12-31"}))
    before = home_table(tmp_path).read_bytes()

    with pytest.raises(StarterInvalid, match="no edition of low-back is in force from 2027-01-01 to 2027-01-31"):
        add_edition(tmp_path, make_row(edition_id="acoem-low-back-2027", in_force={"from": "2027-02-01"}))

    assert home_table(tmp_path).read_bytes() == before


def test_an_edition_that_begins_before_the_one_in_force_is_refused(tmp_path: Path):
    with pytest.raises(StarterInvalid, match="are both in force"):
        add_edition(tmp_path, make_row(in_force={"from": "2020-01-01"}))

    assert not home_table(tmp_path).exists()


def test_an_edition_without_a_source_is_refused(tmp_path: Path):
    with pytest.raises(StarterInvalid, match="names no source"):
        add_edition(tmp_path, make_row(source="  "))


def test_an_id_that_is_taken_is_refused(tmp_path: Path):
    with pytest.raises(StarterInvalid, match="There is an edition chronic-pain-2016 already"):
        add_edition(tmp_path, make_row(edition_id="chronic-pain-2016"))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"edition_id": "Low Back"}, "cannot be the id"),
        ({"trigger": "birthday"}, "--trigger"),
        ({"confidence": "sure"}, "--confidence"),
    ],
)
def test_a_value_that_no_row_can_have_is_named(wrong: dict[str, str], told: str):
    with pytest.raises(StarterInvalid, match=told):
        make_row(**wrong)


def test_a_row_that_was_written_by_hand_without_a_source_is_listed_by_the_check(tmp_path: Path):
    home_table(tmp_path).write_text(
        '[x-1]\nguideline_id = "x"\nguideline = "X"\nedition = "1"\nrung = 1\nfrom = 2020-01-01\ntrigger = "service"\n'
        'confidence = "seen"\n',
        encoding="utf-8",
    )

    (problem,) = edition_problems(unchecked_editions(home_table(tmp_path)))

    assert "x-1 names no source" in problem


def test_the_command_adds_and_then_lists_and_finds_the_table_sound(
    drafter_home: Path, capsys: pytest.CaptureFixture[str]
):
    code, out, _ = run(*ADD, "--json", capsys=capsys)
    assert code == 0
    assert json.loads(out)["closed"]["edition_id"] == "acoem-low-back-2020"
    assert json.loads(out)["built"] is None

    assert run("check", capsys=capsys)[0] == 0
    _, out, _ = run("list", "--as-of", "2026-07-01", "--json", capsys=capsys)
    assert "acoem-low-back-2026" in out
    assert "acoem-low-back-2020" not in out


def test_the_command_refuses_a_second_row_of_the_same_id_in_one_sentence(
    drafter_home: Path, capsys: pytest.CaptureFixture[str]
):
    run(*ADD, capsys=capsys)

    code, out, err = run(*ADD, capsys=capsys)

    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "already" in err
