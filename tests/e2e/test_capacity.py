"""The capacity table: a small run of all of it, and that OPERATIONS.md shows what the command prints."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest

from evals.benchmarks.capacity import SIZES, Measured, main, table
from evals.benchmarks.capacity_work import Done
from tests.conftest import REPOSITORY
from tests.postgres import Cluster

DONE = Done(saves=10, checks=40, drafts=2, letters=5, searches=tuple(number / 1000 for number in range(1, 101)))
MEASURED = [Measured(size, "SQLite 3", (DONE,) * size.processes, 2.0, 500_000, 8e6, 4e6) for size in SIZES]


def rows(text: str) -> dict[str, list[str]]:
    cells = [[cell.strip() for cell in line.strip("| ").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return {row[0]: row[1:] for row in cells if len(row) == len(SIZES) + 1}


def test_of_several_rounds_the_median_is_shown():
    slow, fast = (MEASURED[0]._replace(seconds=seconds) for seconds in (20.0, 1.0))

    shown = table([slow, MEASURED[0], fast], passages=359)

    assert "| saves a second, 4 people at once in each process | 5 |" in shown


def test_processes_count_together_and_a_year_is_reckoned_from_a_case():
    shown = rows(table(MEASURED, passages=359))

    assert shown["saves a second, 4 people at once in each process"] == ["5", "5", "10"]
    assert shown["drafts an hour by the built-in model"] == ["3,600", "3,600", "7,200"]
    assert shown["a search of 359 passages, p95"] == ["96 ms"] * 3
    assert shown["so by 150,000 cases"] == ["75 GB"] * 3


def test_the_operations_page_shows_every_row_of_the_table_and_names_the_command():
    page = (REPOSITORY / "OPERATIONS.md").read_text(encoding="utf-8")
    passages = re.search(r"a search of ([\d,]+) passages", page)
    assert passages

    printed = rows(table(MEASURED, passages=int(passages[1].replace(",", ""))))
    shown = rows(page)

    assert "python -m evals.benchmarks.capacity" in page
    assert [row for row in printed if row not in shown] == []
    assert all(re.search(r"\d", cell) for row in printed if row.strip("-") for cell in shown[row])


@pytest.mark.long
def test_one_command_measures_every_size_and_leaves_no_database_behind(
    postgres: Cluster, corpus_home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    server, out = postgres.new_database(), tmp_path / "table.md"
    asked = ["--home", str(corpus_home), "--database", server, "--seconds", "0.3", "--cases", "1", "--rounds", "1"]

    assert main([*asked, "--out", str(out)]) == 0

    printed = capsys.readouterr().out
    shown = rows(printed)
    assert out.read_text(encoding="utf-8") == printed
    assert [cell.partition(",")[0] for cell in shown["processes, record"]] == ["1", "1", "2"]
    assert not [cell for row in shown.values() for cell in row if "nan" in cell]
    assert "cores" in printed
    with psycopg.connect(server) as connection:
        left = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'capacity%'").fetchall()
    assert left == []
