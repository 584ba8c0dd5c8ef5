"""The chain of the audit: what was done to it shows, and where it begins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from drafter.domain.review.audit import GENESIS, Entry, entry_sha256, new_entry, sealed, time_text, verify_chain
from drafter.domain.review.events import Viewed
from tests.review_factories import make_revised

AT = datetime(2016, 12, 6, 9, 30, tzinfo=UTC)


def make_chain(length: int = 5) -> list[Entry]:
    entries: list[Entry] = []
    for number in range(1, length + 1):
        new = new_entry(make_revised(parent=number), actor="reviewer-1", case_id="case-1", request_id=f"r{number}")
        previous = entries[-1].sha256 if entries else GENESIS
        entries.append(sealed(new, seq=number, at=AT + timedelta(seconds=number), previous=previous))
    return entries


def faults(entries: list[Entry]) -> list[tuple[str, int | None]]:
    return [(fault.fault, fault.seq) for fault in verify_chain(entries)]


def test_a_chain_that_nobody_touched_holds():
    assert faults(make_chain()) == []
    assert faults([]) == []


def test_the_same_event_sealed_anywhere_has_the_same_hash():
    new = new_entry(Viewed(what="case"), actor="qa-1", case_id="case-é", request_id="r1")
    elsewhere = AT.astimezone(timezone(timedelta(hours=-8)))

    entry = sealed(new, seq=1, at=AT, previous=GENESIS)

    assert sealed(new, seq=1, at=elsewhere, previous=GENESIS) == entry
    assert new.payload == '{"action":"viewed","what":"case"}'
    assert time_text(entry.at) == "2016-12-06T09:30:00.000000+00:00"
    # Computed by hand with sha256sum from the rule in docs/record-store.md: it holds from one release to the next.
    assert entry.sha256 == "06268f5a70e702f4a06e1a1314f8d4e40fa39897680594580f10388841d82ea8"


@pytest.mark.parametrize("field", ["at", "actor", "action", "case_id", "request_id", "payload_sha256"])
def test_an_altered_field_shows_at_its_entry(field: str):
    chain = make_chain()
    other = {"at": AT, "action": "viewed", "case_id": None, "payload_sha256": "0" * 64}.get(field, "somebody")
    chain[2] = chain[2].model_copy(update={field: other})

    assert faults(chain) == [("entry-altered", 3)]


def test_an_entry_that_was_altered_and_sealed_again_no_longer_leads_to_the_next():
    chain = make_chain()
    altered = chain[2].model_copy(update={"actor": "somebody"})
    chain[2] = altered.model_copy(update={"sha256": entry_sha256(altered)})

    assert faults(chain) == [("chain-broken", 4)]


def test_a_removed_entry_and_a_missing_beginning_show_where_they_were():
    assert faults([*make_chain()[:2], *make_chain()[3:]]) == [("entries-missing", 3)]
    assert faults(make_chain()[2:]) == [("entries-missing", 1)]


def test_entries_in_another_order_show():
    chain = make_chain(3)

    assert faults([chain[1], chain[0], chain[2]])[0] == ("entries-missing", 1)


@given(st.integers(1, 5), st.text(min_size=1), st.text(min_size=1))
def test_no_two_entries_read_alike(seq: int, actor: str, request_id: str):
    def digest(actor: str, request_id: str) -> str:
        new = new_entry(Viewed(what="case"), actor=actor, request_id=request_id[:200], case_id=None)
        return sealed(new, seq=seq, at=AT, previous=GENESIS).sha256

    assert (digest(actor, "r") == digest("b", "r")) == (actor == "b")
    assert digest(actor, "r") != digest(actor, "r\0")


def test_an_entry_takes_nothing_that_only_looks_like_it():
    entry = make_chain(1)[0]
    for wrong in ({"seq": "1"}, {"actor": b"reviewer-1"}, {"sha256": "A" * 64}, {"seq": 0}, {"action": "Viewed"}):
        with pytest.raises(ValidationError):
            Entry(**{**entry.model_dump(), **wrong})
