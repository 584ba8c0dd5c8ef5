"""The record of the desk moved from one database to another: a verified archive of the one becomes the other.

Every entry keeps its number, its time and its hash; what comes after the last is one entry that tells of the move. The
first database is not touched (proved by tests/integration/test_record_migration.py).
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.opening import CheckpointPlaces
from drafter.adapters.record_store.restoring import Restoration
from drafter.ports import Clock
from drafter.services.record_audit import audit_record
from drafter.services.record_backup import back_up, restore


@dataclass(frozen=True)
class Migrated:
    """What was moved, and how many faults the audit of the new database found."""

    moved: Restoration
    faults: int


def migrate(source: Database, target: Database, *, places: CheckpointPlaces, clock: Clock) -> Migrated:
    """Moves the record and verifies it where it arrived. Raises the faults of backup and restore, one sentence each."""
    with tempfile.TemporaryDirectory(prefix="drafter-migrate-") as folder:
        archive = Path(folder) / "record.jsonl"
        back_up(source, archive, places=places)
        done = restore(target, archive, places=places, clock=clock, reason=None)
    verified = audit_record(target, places=places)
    return Migrated(moved=done, faults=len(verified.faults))
