"""The record of the desk into one file, and back."""

from __future__ import annotations

from pathlib import Path

from drafter.adapters.checkpoints import public_keys
from drafter.adapters.record_store.archive import Archive, write_archive
from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.opening import CheckpointPlaces
from drafter.adapters.record_store.restoring import Restoration, restore_archive
from drafter.adapters.record_store.verification import database_id_of
from drafter.ports import Clock


def back_up(database: Database, file: Path, *, places: CheckpointPlaces) -> Archive:
    """Write and verify the archive; a desk may go on working. Raises StoreUnavailable, StorageFull, RecordDamaged."""
    database_id_of(database)
    try:
        return write_archive(database, file, public_keys=public_keys(places.keys))
    finally:
        database.close()


def restore(
    database: Database, file: Path, *, places: CheckpointPlaces, clock: Clock, reason: str | None
) -> Restoration:
    """See `drafter.adapters.record_store.restoring.restore_archive`."""
    try:
        return restore_archive(database, file, places=places, clock=clock, reason=reason)
    finally:
        database.close()
