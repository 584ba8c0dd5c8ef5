"""Records of a whole desk: cases, revisions, signatures, a purge, accounts, exports. Every text is invented."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.opening import CheckpointPlaces, open_record_store
from drafter.adapters.record_store.store import SqlRecordStore
from drafter.domain.case import CaseDates
from drafter.domain.review.audit import NewEntry, new_entry
from drafter.domain.review.events import AccountAdded, AccountChanged, Approved, Event, Exported, PasswordSet, Purged
from drafter.domain.review.letter import Letter, LetterItem, fingerprint
from drafter.domain.review.people import Credentials
from drafter.domain.review.secrets import Secret
from tests.fakes import TickingClock
from tests.review_factories import make_assigned, make_opened, make_revised, make_sentence

EXPORTED_BYTES = b"%PDF-1.7 the letter as it left the desk"
CASES = ("case-1", "case-2", "case-3", "case-4")
PURGED_CASE = "case-4"


def make_places(home: Path) -> CheckpointPlaces:
    return CheckpointPlaces(folder=home / "checkpoints", keys=home / "keys")


def make_letter() -> Letter:
    item = LetterItem(
        number=1,
        heading="Physical therapy",
        determination="upheld",
        reviewer_guideline="Low Back Complaints",
        rationale="Eight visits brought no functional gain.",
    )
    return Letter(
        dates=CaseDates(injury=date(2016, 3, 14)),
        credentials=Credentials(specialty="Pain Medicine", licensure="California"),
        case_summary="Low back pain.",
        items=(item,),
        attestation_version="1",
        attestation="I have read the record.",
    )


def make_approved() -> Approved:
    letter = make_letter()
    return Approved(letter=letter, fingerprint=fingerprint(letter), revisions=(1,))


def make_exported(content: bytes = EXPORTED_BYTES) -> Exported:
    return Exported(kind="pdf", approval=1, sha256=hashlib.sha256(content).hexdigest())


PASSWORD = Secret(account_id="a1", kind="password", salt="0" * 64, value="argon2")


def fill(store: SqlRecordStore, *, rounds: int = 30) -> None:
    """Three accounts, four cases with `rounds` revisions each, one signed and exported, one purged."""
    accounts: list[Event] = [
        AccountAdded(account_id="a1", login="mara", roles=("reviewer",)),
        PasswordSet(account_id="a1", seal=PASSWORD.seal),
        AccountAdded(account_id="a2", login="bo", roles=("qa",)),
        AccountAdded(account_id="a3", login="root", roles=("admin",)),
        AccountChanged(account_id="a2", active=False),
    ]
    for number, event in enumerate(accounts):
        kept = (PASSWORD,) if isinstance(event, PasswordSet) else ()
        store.append_all([recorded(event, f"account-{number}", case_id=None)], secrets=kept)
    for case_id in CASES:
        store.append(recorded(make_opened(), f"{case_id}-opened", case_id=case_id))
        store.append(recorded(make_assigned(), f"{case_id}-assigned", case_id=case_id))
    for turn in range(rounds):
        for case_id in CASES:
            revised = make_revised(sentences=(make_sentence(f"Visit {turn} of {case_id}."),))
            store.append(recorded(revised, f"{case_id}-{turn}", case_id=case_id))
    store.append(recorded(make_approved(), "approved", case_id="case-1"))
    store.append(recorded(make_exported(), "exported", case_id="case-1"))
    store.append(recorded(Purged(rule="6 years", reason="retention"), "purged", case_id=PURGED_CASE))
    store.append(recorded(make_revised(determination="overturned"), "last", case_id="case-2"))


def recorded(event: Event, request_id: str, *, case_id: str | None, actor: str = "reviewer-1") -> NewEntry:
    return new_entry(event, actor=actor, case_id=case_id, request_id=request_id)


def fill_home(home: Path, database: Database, *, rounds: int = 30) -> None:
    """A whole record in `database`, its checkpoints and keys in `home`; closed again."""
    store = open_record_store(database, clock=TickingClock(), checkpoints=make_places(home))
    fill(store, rounds=rounds)
    store.close()
