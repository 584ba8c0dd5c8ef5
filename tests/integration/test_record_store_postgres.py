"""What a desk on PostgreSQL does when the server is away, restarts, or is asked by two desks at once."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Connection, text

from drafter.adapters.record_store.opening import named_database, open_record_store
from drafter.adapters.record_store.postgres import PostgresDatabase
from drafter.domain.review.audit import verify_chain
from drafter.domain.review.events import AccountAdded
from drafter.errors import SettingInvalid, StoreUnavailable
from tests.fakes import TickingClock
from tests.postgres import Cluster
from tests.record_factories import recorded
from tests.review_factories import make_opened, make_revised


def test_a_server_that_is_away_is_one_sentence_without_the_password(tmp_path):
    database = PostgresDatabase("postgresql://desk:secretword@127.0.0.1:1/desk")

    with pytest.raises(StoreUnavailable, match="desk at 127.0.0.1 cannot be reached") as told:
        open_record_store(database, clock=TickingClock())

    assert "secretword" not in str(told.value)
    assert told.value.__cause__ is None


def test_an_address_that_is_none_is_one_sentence(tmp_path):
    for address in ("not an address", "mysql://host/db", "postgresql//x"):
        with pytest.raises(SettingInvalid, match="write postgresql://USER@HOST/NAME"):
            named_database(home=tmp_path, url=address)


def test_a_desk_whose_connections_were_cut_saves_with_new_ones(postgres: Cluster):
    url = postgres.new_database()
    store = open_record_store(PostgresDatabase(url), clock=TickingClock())
    store.append(recorded(make_opened(), "opened", case_id="case-1"))
    other = PostgresDatabase(url)
    with other.write() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    other.close()

    store.append(recorded(make_revised(), "after", case_id="case-1"))

    assert [entry.request_id for entry in store.entries(case_id="case-1")] == ["opened", "after"]
    store.close()


def test_a_connection_that_is_cut_in_the_middle_of_a_save_saves_nothing_and_the_next_try_saves_once(postgres: Cluster):
    url = postgres.new_database()
    store = open_record_store(PostgresDatabase(url), clock=TickingClock())
    store.append(recorded(make_opened(), "opened", case_id="case-1"))

    with pytest.raises(StoreUnavailable, match="nothing is recorded twice"), store.database.write() as connection:
        write_and_be_cut(connection)

    saved = store.append(recorded(make_revised(), "once", case_id="case-1"))
    assert store.append(recorded(make_revised(), "once", case_id="case-1")) == saved
    assert store.unsaved.find("a", "c") == ()
    store.close()


def write_and_be_cut(connection: Connection) -> None:
    connection.execute(text("INSERT INTO unsaved VALUES ('a', 'c', 1, 1, 'now', 'text')"))
    connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


def test_two_desks_over_one_database_make_one_chain(postgres: Cluster):
    url = postgres.new_database()
    desks = [open_record_store(PostgresDatabase(url), clock=TickingClock()) for _ in range(2)]
    head = desks[0].append(recorded(make_opened(), "opened", case_id="case-1")).seq
    failed: list[Exception] = []

    def work(number: int) -> None:
        try:
            for turn in range(15):
                event = AccountAdded(account_id=f"a{number}-{turn}", login=f"l{number}-{turn}", roles=("qa",))
                desks[number].append(recorded(event, f"{number}-{turn}", case_id=None))
                desks[number].append(recorded(make_revised(), f"r-{number}-{turn}", case_id="case-1"))
        except Exception as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    entries = list(desks[0].entries())
    assert list(verify_chain(entries)) == []
    assert len(list(desks[1].entries(case_id="case-1", after=head))) == 30
    assert desks[0].state("case-1") == desks[1].state("case-1")
    for desk in desks:
        desk.close()
