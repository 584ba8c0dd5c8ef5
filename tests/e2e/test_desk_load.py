"""Reviewers at two processes of the desk behind nginx, over one PostgreSQL, while one process is restarted twice."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from drafter.domain.draft import Statement
from drafter.domain.review.events import ReviewedSentence, Revised
from evals.benchmarks.desk_load import lost_edits, run_round
from evals.benchmarks.desk_processes import CONFIG, nginx_program
from tests.conftest import IN_CI, REPOSITORY
from tests.fakes import FakeRecordStore
from tests.postgres import Cluster
from tests.record_factories import recorded
from tests.review_factories import make_opened

SECONDS = float(os.environ.get("LOAD_SECONDS") or 20)  # ten minutes: `python -m evals.benchmarks.desk_load`
MISSING = "nginx is not installed here (Debian: apt-get install nginx)"


@pytest.mark.long
def test_two_processes_of_which_one_restarts_lose_no_edit_and_sign_nothing_twice(
    postgres: Cluster, corpus_home: Path, capsys: pytest.CaptureFixture[str]
):
    if nginx_program() is None:
        if IN_CI:
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    database = postgres.new_database()
    for people in (1, 6):
        found = run_round(home=corpus_home, database=database, people=people, seconds=SECONDS, pace=1)
        with capsys.disabled():
            sys.stdout.write("\n" + "\n".join(found.lines()))

        assert found.sound, "\n".join(found.lines())
        assert all(len(one.saves) >= 2 and len(one.signed) == 1 for one in found.told)


@pytest.mark.long
def test_a_process_that_is_killed_where_it_stands_shows_nobody_at_work_an_error(
    postgres: Cluster, corpus_home: Path, capsys: pytest.CaptureFixture[str]
):
    """What it may have recorded already is asked of the other process too, and is on record once."""
    if nginx_program() is None:
        if IN_CI:
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    found = run_round(
        home=corpus_home,
        database=postgres.new_database(),
        people=6,
        seconds=SECONDS,
        pace=0,
        restarts=int(os.environ.get("LOAD_KILLS") or 3),
        kill=True,
    )
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(found.lines()))

    assert found.sound, "\n".join(found.lines())
    assert sum(one.lost_on_cases for one in found.told) == 0


def test_the_operations_page_shows_the_proxy_that_is_tested():
    page = (REPOSITORY / "OPERATIONS.md").read_text(encoding="utf-8")
    told = "proxy_|client_max|error_page|add_header|internal|location ~"
    shown = re.findall(rf"^ +((?:{told}).*[;{{])$", page, flags=re.MULTILINE)
    tested = CONFIG.read_text(encoding="utf-8")

    assert len(shown) == 21
    assert [line for line in shown if line not in tested] == []


def test_a_lost_edit_an_edit_twice_and_edits_out_of_order_are_told():
    store = FakeRecordStore()
    store.append(recorded(make_opened(), "opened", case_id="case-1"))
    for number, words in enumerate(("one", "two", "two", "four", "three")):
        said = ReviewedSentence(statement=Statement(text=words, kind="reasoning"))
        event = Revised(item=1, parent=None, determination=None, sentences=(said,))
        store.append(recorded(event, f"save {number}", case_id="case-1"))

    assert lost_edits(store, "case-1", ["one", "two", "four"]) == 1, "two is there twice"
    assert lost_edits(store, "case-1", ["one", "three"]) == 0
    assert lost_edits(store, "case-1", ["one", "five", "six"]) == 2
    assert lost_edits(store, "case-1", ["three", "four"]) == 1, "in another order than they were acknowledged"
