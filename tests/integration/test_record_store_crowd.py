"""Twenty people at once: everybody's save is answered, none is lost, and one person's refusal is nobody else's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from drafter.adapters.record_store.commits import SharedCommits
from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.opening import open_record_store
from drafter.adapters.record_store.postgres import PostgresDatabase
from drafter.adapters.record_store.sqlite import SqliteDatabase
from drafter.domain.review.audit import verify_chain
from drafter.errors import CaseMoved, StoreUnavailable
from drafter.services.record_audit import audit_record
from evals.benchmarks.record_store import seconds_of_saves
from tests.fakes import TickingClock
from tests.record_factories import make_approved, make_places, recorded
from tests.review_factories import make_opened, make_revised

PEOPLE = 20


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if request.param == "sqlite":
        return SqliteDatabase(tmp_path / "desk.sqlite3")
    return PostgresDatabase(request.getfixturevalue("postgres").new_database())


@pytest.mark.long
def test_twenty_people_who_save_without_a_pause_are_all_answered(database: Database, tmp_path: Path):
    store = open_record_store(database, clock=TickingClock(), checkpoints=make_places(tmp_path))

    taken = seconds_of_saves(store, people=PEOPLE, saves=20, pace=0)

    assert len(taken) == PEOPLE * 20
    assert sum(1 for _ in store.entries(actions=("revised",))) == PEOPLE * 20
    assert list(verify_chain(store.entries())) == []
    store.close()


def test_of_twenty_who_save_the_same_case_one_is_first_and_the_others_are_told(database: Database):
    store = open_record_store(database, clock=TickingClock())
    head = store.append(recorded(make_opened(), "opened", case_id="case-1")).seq
    told: list[str] = []

    def save(number: int) -> None:
        try:
            store.append(recorded(make_revised(), f"save-{number}", case_id="case-1"), expected_head=head)
            told.append("saved")
        except CaseMoved:
            told.append("moved")

    threads = [threading.Thread(target=save, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["moved"] * (PEOPLE - 1) + ["saved"]
    assert sum(1 for _ in store.entries(case_id="case-1")) == 2
    store.close()


class Hesitating:
    """A database whose first transaction waits until all who want to write have come; it may refuse to commit many."""

    def __init__(self, database: SqliteDatabase, *, refuses_many: bool = False) -> None:
        self._database = database
        self._refuses_many = refuses_many
        self.everybody_came = threading.Event()
        self.transactions: list[int] = []

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self._database.write() as connection:
            if not self.transactions:
                self.everybody_came.wait(timeout=20)
            self.transactions.append(0)
            number = len(self.transactions) - 1
            self.connection_work = number
            yield connection
            if self._refuses_many and self.transactions[number] > 1:
                raise StoreUnavailable("not committed")


def run_together(hesitating: Hesitating, works: list[str]) -> tuple[list[str], list[str]]:
    """Each work writes its text, or fails in its own way; who succeeded and who was refused."""
    commits = SharedCommits(hesitating)  # type: ignore[arg-type]
    fine: list[str] = []
    refused: list[str] = []

    def work(words: str) -> None:
        def write(connection: Connection) -> None:
            hesitating.transactions[hesitating.connection_work] += 1
            connection.execute(text("INSERT INTO notes VALUES (:w)"), {"w": words})
            if words == "refused":
                raise ValueError("refused")
            if words == "broken":
                raise OperationalError("broken", None, Exception("broken"))

        try:
            commits.run(write)
            fine.append(words)
        except (ValueError, StoreUnavailable):
            refused.append(words)

    threads = [threading.Thread(target=work, args=(words,)) for words in works]
    for thread in threads:
        thread.start()
    hesitating.everybody_came.set()
    for thread in threads:
        thread.join()
    return sorted(fine), sorted(refused)


@pytest.fixture
def notes(tmp_path: Path) -> Iterator[SqliteDatabase]:
    database = SqliteDatabase(tmp_path / "notes.sqlite3")
    database.create()
    with database.write() as connection:
        connection.execute(text("CREATE TABLE notes (words TEXT)"))
    yield database
    database.close()


def written(database: SqliteDatabase) -> list[str]:
    with database.read() as connection:
        return sorted(connection.execute(text("SELECT words FROM notes")).scalars())


@pytest.mark.parametrize("spoilt", ["refused", "broken"])
def test_what_one_is_refused_the_others_do_not_feel(notes: SqliteDatabase, spoilt: str):
    works = [*"abcdefgh", spoilt]

    fine, refused = run_together(Hesitating(notes), works)

    assert (fine, refused) == (list("abcdefgh"), [spoilt])
    assert written(notes) == list("abcdefgh")


def test_those_whose_common_commit_fails_are_written_one_by_one(notes: SqliteDatabase):
    fine, refused = run_together(Hesitating(notes, refuses_many=True), [*"abcdefgh"])

    assert (fine, refused) == (list("abcdefgh"), [])
    assert written(notes) == list("abcdefgh")


def test_a_record_verifies_while_the_desk_is_at_work(tmp_path: Path):
    path = tmp_path / "desk.sqlite3"
    store = open_record_store(SqliteDatabase(path), clock=TickingClock(), checkpoints=make_places(tmp_path))
    over = threading.Event()

    def work() -> None:
        number = 0
        while not over.is_set():
            store.append(recorded(make_opened(), f"open-{number}", case_id=f"case-{number}"))
            store.append(recorded(make_approved(), f"approve-{number}", case_id=f"case-{number}"))
            number += 1

    thread = threading.Thread(target=work)
    thread.start()
    try:
        found = [audit_record(SqliteDatabase(path), places=make_places(tmp_path)).faults for _ in range(15)]
    finally:
        over.set()
        thread.join()
    store.close()

    assert [faults for faults in found if faults] == []
