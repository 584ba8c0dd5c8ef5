"""What every record store promises, held against the one in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from drafter.adapters.record_store.opening import open_record_store
from drafter.adapters.record_store.postgres import PostgresDatabase
from drafter.adapters.record_store.sqlite import SqliteDatabase
from drafter.domain.review.audit import new_entry, verify_chain
from drafter.domain.review.events import (
    AccountAdded,
    AccountChanged,
    Exported,
    PasswordSet,
    Purged,
    SecondFactorSet,
    SignedIn,
    Viewed,
)  # fmt: skip
from drafter.domain.review.people import ReviewerProfile
from drafter.domain.review.queue_page import QueueFilter
from drafter.domain.review.secrets import Secret
from drafter.domain.review.sessions import Session, Unsaved
from drafter.errors import CaseMoved, CasePurged, LoginTaken, RequestReused
from drafter.ports import RecordStore
from tests.factories import make_case, make_item
from tests.fakes import FakeRecordStore, TickingClock
from tests.review_factories import make_assigned, make_opened, make_revised, make_sentence

MARAS = Secret(account_id="a1", kind="password", salt="0" * 64, value="argon2")
NOON = datetime(2016, 12, 6, 12, 0, tzinfo=UTC)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RecordStore]:
    if request.param == "memory":
        yield FakeRecordStore()
        return
    if request.param == "sqlite":
        database: Any = SqliteDatabase(tmp_path / "desk.sqlite3")
    else:
        database = PostgresDatabase(request.getfixturevalue("postgres").new_database())
    opened = open_record_store(database, clock=TickingClock())
    yield opened
    opened.close()


def record(
    store: RecordStore,
    event: Any,
    *,
    request_id: str = "",
    expected_head: int | None = None,
    secrets: tuple[Secret, ...] = (),
    **told: Any,
):
    """Append as reviewer-1 on case-1 unless told otherwise."""
    values = {"actor": "reviewer-1", "case_id": "case-1"} | told
    number = sum(1 for _ in store.entries())
    new = new_entry(event, request_id=request_id or f"request-{number}", **values)
    return store.append_all([new], expected_head=expected_head, secrets=secrets)[0]


def open_case(store: RecordStore, case_id: str = "case-1", **overrides: Any):
    return record(store, make_opened(**overrides), case_id=case_id)


def test_what_was_recorded_is_read_back_word_for_word(store: RecordStore):
    opened = make_opened(source_name="café\u0000\u2028 “case”.yaml")
    entry = record(store, opened)

    assert store.event(entry) == opened
    (moment,) = store.history(case_id="case-1")
    assert (moment.seq, moment.at, moment.actor, moment.event) == (entry.seq, entry.at, "reviewer-1", opened)


def test_entries_are_numbered_without_gaps_and_sealed_one_to_the_next(store: RecordStore):
    open_case(store)
    record(store, make_revised(), case_id="case-1")
    record(store, SignedIn(account_id="reviewer-1"), case_id=None)

    entries = list(store.entries())

    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert list(verify_chain(entries)) == []


def test_entries_can_be_asked_for_by_case_by_action_and_from_a_number_on(store: RecordStore):
    first = open_case(store)
    open_case(store, "case-2")
    revised = record(store, make_revised())

    assert [entry.seq for entry in store.entries(case_id="case-1")] == [first.seq, revised.seq]
    assert [entry.seq for entry in store.entries(case_id="case-1", after=first.seq)] == [revised.seq]
    assert [entry.action for entry in store.entries(actions=("revised",))] == ["revised"]
    assert list(store.entries(actions=("approved",))) == []


def test_a_long_record_is_read_whole(store: RecordStore):
    open_case(store)
    before = sum(1 for _ in store.entries())
    views = [new_entry(Viewed(what="case"), actor="qa", case_id="case-1", request_id=f"v{n}") for n in range(1203)]
    store.append_all(views)

    assert sum(1 for _ in store.entries()) == before + 1203
    assert sum(1 for _ in store.history(case_id="case-1", actions=("viewed",))) == 1203


def test_a_save_over_somebody_elses_save_is_refused_and_says_where_the_case_stands(store: RecordStore):
    opened = open_case(store)
    theirs = record(store, make_revised(), expected_head=opened.seq)

    with pytest.raises(CaseMoved) as refused:
        record(store, make_revised(), expected_head=opened.seq, actor="reviewer-2")

    assert (refused.value.case_id, refused.value.head) == ("case-1", theirs.seq)
    assert [entry.seq for entry in store.entries(actions=("revised",))] == [theirs.seq]


def test_that_somebody_looked_at_a_case_refuses_no_save(store: RecordStore):
    opened = open_case(store)
    record(store, Viewed(what="case"), actor="qa")
    record(store, Exported(kind="json", approval=None, sha256="0" * 64), actor="qa")

    saved = record(store, make_revised(), expected_head=opened.seq)

    assert store.state("case-1") is not None
    assert saved.action == "revised"


def test_a_case_that_must_be_new_is_refused_where_there_is_one(store: RecordStore):
    record(store, make_opened(), expected_head=0)

    with pytest.raises(CaseMoved):
        record(store, make_opened(), expected_head=0)


def test_another_case_may_move_meanwhile(store: RecordStore):
    opened = open_case(store)
    open_case(store, "case-2")

    assert record(store, make_revised(), expected_head=opened.seq).seq == opened.seq + 2


def test_the_same_request_again_gives_the_first_entry_and_writes_nothing(store: RecordStore):
    opened = open_case(store)
    first = record(store, make_revised(), request_id="once", expected_head=opened.seq)
    record(store, make_revised(determination="overturned"), expected_head=first.seq)

    again = record(store, make_revised(), request_id="once", expected_head=opened.seq)

    assert again == first
    assert sum(1 for _ in store.entries(actions=("revised",))) == 2


def test_several_events_are_recorded_together_or_not_at_all(store: RecordStore):
    opened = open_case(store)
    both = [
        new_entry(make_revised(item=1), actor="reviewer-1", case_id="case-1", request_id="both/1"),
        new_entry(make_assigned(), actor="reviewer-1", case_id="case-1", request_id="both/2"),
    ]
    entries = store.append_all(both, expected_head=opened.seq)

    assert store.append_all(both, expected_head=opened.seq) == entries
    failing = [
        new_entry(make_revised(item=1), actor="reviewer-1", case_id="case-1", request_id="worse/1"),
        new_entry(make_revised(item=99), actor="reviewer-1", case_id="case-1", request_id="worse/2"),
    ]
    before = list(store.entries())
    with pytest.raises(KeyError):
        store.append_all(failing)
    assert list(store.entries()) == before


def test_one_request_id_cannot_name_two_different_things(store: RecordStore):
    open_case(store)
    record(store, make_revised(), request_id="once")

    with pytest.raises(RequestReused):
        record(store, make_assigned(), request_id="once")
    with pytest.raises(RequestReused):
        record(store, make_revised(), request_id="once", actor="somebody-else")


def test_entries_of_two_cases_are_not_recorded_together(store: RecordStore):
    both = [
        new_entry(make_opened(), actor="reviewer-1", case_id=case, request_id=case) for case in ("case-1", "case-2")
    ]

    with pytest.raises(ValueError, match="one case"):
        store.append_all(both)


def test_the_state_of_a_case_is_what_its_events_add_up_to(store: RecordStore):
    open_case(store)
    record(store, make_assigned())
    saved = record(store, make_revised(determination="overturned", sentences=(make_sentence("Eight visits."),)))

    state = store.state("case-1")

    assert state is not None
    assert (state.head, state.updated, state.assigned_to) == (saved.seq, saved.at, "reviewer-1")
    assert state.item(1).determination == "overturned"
    assert state.item(1).rationale == "Eight visits."
    assert store.state("no-such-case") is None


def test_the_queue_shows_each_case_as_it_stands(store: RecordStore):
    open_case(store)
    saved = record(store, make_revised(determination="upheld"))

    (row,) = store.queue(QueueFilter()).rows

    assert (row.case_id, row.status, row.undecided, row.head, row.updated) == (
        "case-1", "in-review", 0, saved.seq, saved.at,
    )  # fmt: skip


def numbered(number: int, treatment: str = "Physical therapy", **overrides: Any):
    item = make_item(treatment=treatment, heading=treatment)
    case = make_case(case_number=f"CM16-{number:07}", items=(item,)).without_reviewer_text()
    return make_opened(case=case, due=date(2016, 12, 1) + timedelta(days=number), **overrides)


def test_the_queue_is_searched_filtered_sorted_and_paged(store: RecordStore):
    treatments = ["MRI of the left knee", "Physical therapy 100% land-based", "Tramadol 50_mg", "Épidural injection"]
    for number, treatment in enumerate(treatments):
        open_case(store, f"case-{number}", **dict(numbered(number, treatment)))
    record(store, make_assigned(), case_id="case-2")

    def found(**asked: Any) -> list[str]:
        return [row.case_id for row in store.queue(QueueFilter(**asked)).rows]

    assert found() == ["case-0", "case-1", "case-2", "case-3"]
    assert found(descending=True) == ["case-3", "case-2", "case-1", "case-0"]
    assert found(text="KNEE mri") == ["case-0"]
    assert found(text="cm16-0000003") == ["case-3"]
    assert found(text="épidural") == ["case-3"]
    assert found(text="0% l") == ["case-1"]
    assert found(text="50_mg") == ["case-2"]
    assert found(text="%") == ["case-1"]
    assert found(assigned_to="reviewer-1") == ["case-2"]
    assert found(unassigned=True) == ["case-0", "case-1", "case-3"]
    assert found(due_by=date(2016, 12, 2)) == ["case-0", "case-1"]
    assert found(statuses=("approved",)) == []
    assert found(order="undecided", descending=True) == ["case-0", "case-1", "case-2", "case-3"]
    page = store.queue(QueueFilter(page=2, page_size=3))
    assert ([row.case_id for row in page.rows], page.found, page.pages) == (["case-3"], 4, 2)
    assert store.queue(QueueFilter(page=9, page_size=3)).rows == ()


def test_a_purged_case_leaves_its_entries_and_none_of_its_text(store: RecordStore):
    opened = open_case(store)
    record(store, make_revised())
    open_case(store, "case-2")
    store.unsaved.keep(make_unsaved())

    purged = record(store, Purged(rule="6 years", reason="retention"), actor="system")

    assert [entry.action for entry in store.entries(case_id="case-1")] == ["case-opened", "revised", "purged"]
    assert store.event(opened) is None
    assert [moment.seq for moment in store.history(case_id="case-1")] == [purged.seq]
    assert store.state("case-1") is None
    assert [row.case_id for row in store.queue(QueueFilter()).rows] == ["case-2"]
    assert store.unsaved.find("reviewer-1", "case-1") == ()
    assert list(verify_chain(store.entries())) == []
    with pytest.raises(CasePurged):
        record(store, make_revised())


def test_accounts_are_what_their_events_add_up_to(store: RecordStore):
    profile = ReviewerProfile(specialty="Pain Medicine", licensure="California", name="n", licence_number="1")
    for event in (
        AccountAdded(account_id="a1", login="Mara", roles=("reviewer",)),
        PasswordSet(account_id="a1", seal=MARAS.seal),
        AccountChanged(account_id="a1", roles=("reviewer", "qa"), profile=profile),
        AccountAdded(account_id="a2", login="bo", roles=("admin",)),
    ):
        record(store, event, case_id=None, secrets=(MARAS,) if event.action == "password-set" else ())

    mara = store.account(login="mARA")

    assert mara is not None
    assert (mara.roles, mara.password_hash, mara.profile) == (("reviewer", "qa"), "argon2", profile)
    assert store.account(account_id="a1") == mara
    assert store.account() is None
    assert store.account(login="nobody") is None
    assert [account.login for account in store.accounts()] == ["bo", "Mara"]


def test_a_secret_is_replaced_and_of_the_one_before_nothing_stays(store: RecordStore):
    record(store, AccountAdded(account_id="a1", login="mara", roles=("qa",)), case_id=None)
    first, second = (
        Secret(account_id="a1", kind="password", salt=salt * 64, value=f"argon2 {salt}") for salt in ("1", "2")
    )
    for secret in (first, second):
        event = PasswordSet(account_id="a1", seal=secret.seal)
        record(store, event, case_id=None, secrets=(secret,))

    mara = store.account(account_id="a1")
    assert mara is not None
    assert mara.password_hash == second.value
    told = [store.event(entry) for entry in store.entries(actions=("password-set",))]
    assert [event.seal for event in told if isinstance(event, PasswordSet)] == [first.seal, second.seal]
    assert not [event for event in told if "argon2" in repr(event) or first.salt in repr(event)]


def test_a_second_factor_whose_secret_was_set_behind_the_desk_asks_for_a_code_that_nobody_has(store: RecordStore):
    record(store, AccountAdded(account_id="a1", login="mara", roles=("qa",)), case_id=None)
    set_up = Secret(account_id="a1", kind="second-factor", salt="1" * 64, value="JBSWY3DPEHPK3PXP")
    other = set_up.model_copy(update={"value": "KRSXG5CTMVRXEZLU"})
    event = SecondFactorSet(account_id="a1", seal=set_up.seal)
    record(store, event, case_id=None, secrets=(other,))

    mara = store.account(account_id="a1")
    assert mara is not None
    assert (mara.second_factor, mara.totp_secret) == (True, None)

    record(store, SecondFactorSet(account_id="a1"), case_id=None)
    mara = store.account(account_id="a1")
    assert mara is not None
    assert not mara.second_factor


def test_a_login_belongs_to_one_account(store: RecordStore):
    record(store, AccountAdded(account_id="a1", login="Mara", roles=("qa",)), case_id=None)

    with pytest.raises(LoginTaken):
        record(store, AccountAdded(account_id="a2", login="mara", roles=("admin",)), case_id=None)

    assert [account.account_id for account in store.accounts()] == ["a1"]
    assert sum(1 for _ in store.entries(actions=("account-added",))) == 1


def make_session(**overrides: Any) -> Session:
    values = {"key_sha256": "a" * 64, "account_id": "a1", "created": NOON, "last_seen": NOON, "data": '{"at":"/queue"}'}
    return Session(**(values | overrides))


def test_a_session_is_found_moved_on_and_ended(store: RecordStore):
    store.sessions.add(make_session())
    later = NOON + timedelta(minutes=5)

    store.sessions.touch("a" * 64, at=later)
    assert store.sessions.find("a" * 64) == make_session(last_seen=later)
    store.sessions.touch("a" * 64, at=later, data="{}")
    assert store.sessions.find("a" * 64) == make_session(last_seen=later, data="{}")
    store.sessions.touch("f" * 64, at=later)
    store.sessions.remove("a" * 64)
    assert store.sessions.find("a" * 64) is None


def test_idle_and_old_sessions_expire_and_an_account_is_signed_out_everywhere(store: RecordStore):
    hours = timedelta(hours=1)
    store.sessions.add(make_session(key_sha256="1" * 64, last_seen=NOON - hours))
    store.sessions.add(make_session(key_sha256="2" * 64, created=NOON - 13 * hours))
    store.sessions.add(make_session(key_sha256="3" * 64))
    store.sessions.add(make_session(key_sha256="4" * 64, account_id="a2"))

    assert store.sessions.expire(seen_before=NOON - hours / 4, created_before=NOON - 12 * hours) == 2
    assert store.sessions.remove_of("a1") == 1
    assert store.sessions.find("4" * 64) is not None


def make_unsaved(**overrides: Any) -> Unsaved:
    values = {"account_id": "reviewer-1", "case_id": "case-1", "item": 1, "head": 3, "at": NOON, "text": "typed so far"}
    return Unsaved(**(values | overrides))


def test_unsaved_text_is_kept_by_person_case_and_item_until_it_is_dropped(store: RecordStore):
    store.unsaved.keep(make_unsaved())
    store.unsaved.keep(make_unsaved(text="typed more"))
    store.unsaved.keep(make_unsaved(item=2))
    store.unsaved.keep(make_unsaved(account_id="reviewer-2"))

    assert store.unsaved.find("reviewer-1", "case-1") == (make_unsaved(text="typed more"), make_unsaved(item=2))
    store.unsaved.drop("reviewer-1", "case-1", 1)
    assert store.unsaved.find("reviewer-1", "case-1") == (make_unsaved(item=2),)
    store.unsaved.drop("reviewer-1", "case-1")
    assert store.unsaved.find("reviewer-1", "case-1") == ()
    assert len(store.unsaved.find("reviewer-2", "case-1")) == 1


def test_people_who_save_at_once_all_get_their_number(store: RecordStore):
    for number in range(4):
        open_case(store, f"case-{number}")

    def save(number: int) -> None:
        for turn in range(5):
            new = new_entry(make_revised(), actor=f"r{number}", case_id=f"case-{number}", request_id=f"{number}/{turn}")
            try:
                store.append(new)
            except Exception as error:  # noqa: BLE001
                failed.append(error)

    failed: list[Exception] = []
    threads = [threading.Thread(target=save, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert sum(1 for _ in store.entries(actions=("revised",))) == 20
    assert list(verify_chain(store.entries())) == []
