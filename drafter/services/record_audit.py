"""The record of the desk, verified from its database and from what is kept beside it; the key that signs, changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from drafter.adapters.checkpoints import CheckpointFolder, change_key, known_keys, read_head, read_lines
from drafter.adapters.input_bytes import read_bytes
from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.opening import CheckpointPlaces
from drafter.adapters.record_store.verification import (
    FiledCheckpoints,
    Verified,
    database_id_of,
    unreadable,
    verify_record,
)
from drafter.domain.review.audit import new_entry
from drafter.domain.review.events import SigningKeyChanged
from drafter.domain.review.people import SYSTEM
from drafter.errors import RecordDamaged
from drafter.ports import RecordStore


def audit_record(
    database: Database,
    *,
    places: CheckpointPlaces,
    checkpoints: Path | None = None,
    public_keys: Sequence[Path] = (),
    export: Path | None = None,
) -> Verified:
    """Every fault of the record, held against the named checkpoint file and keys, else against those of `places`.

    Raises StoreUnavailable where there is no record, RecordError for a key, InputUnreadable for an export that cannot
    be read.
    """
    exported = hashlib.sha256(read_bytes(export, name=str(export))).hexdigest() if export else None
    keys = known_keys(public_keys or sorted(places.keys.glob("*.pub")))
    try:
        database_id = database_id_of(database)
    except RecordDamaged as error:
        return unreadable(database, error)
    file = checkpoints or CheckpointFolder(places.folder, database_id).file
    # In the order in which a desk that is at work does not write them: head, file, database. None is then ahead of the
    # next, and what is behind is no fault.
    head = read_head(file)
    filed = FiledCheckpoints(
        lines=read_lines(file) if checkpoints or file.exists() else None,
        head=head,
        head_expected=checkpoints is None,
        is_signed=keys.is_signed,
    )
    try:
        return verify_record(database, database_id=database_id, filed=filed, exported=exported)
    finally:
        database.close()


def change_signing_key(store: RecordStore, *, places: CheckpointPlaces) -> tuple[str, str]:
    """A new key for checkpoints, put on record in an entry that it signs first; gives the ids of the old and the new.

    Raises StoreUnavailable.
    """
    old, new = change_key(places.keys)
    event = SigningKeyChanged(old=old, new=new)
    store.append(new_entry(event, actor=SYSTEM, request_id=f"signing key {new}"))
    return old, new
