"""Checkpoints are made as the record grows: signed inside the transaction, filed after the commit.

A copy stands in the database before the line stands in the file, so that a kill between the two leaves the file one
behind, never ahead: a file that knows more than its database means that the database lost something. What the file
lacks is added the next time. A file that cannot be written (no room) does not undo what was acknowledged; it is said in
the log and tried again with the next entry.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from sqlalchemy import Connection, func, insert, select

from drafter.adapters.checkpoints import CheckpointFolder, SigningKey
from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.tables import CheckpointRow, EntryRow
from drafter.domain.review.audit import GENESIS, Entry, text_sha256
from drafter.domain.review.checkpoints import (
    Checkpoint,
    Kind,
    checkpoint_line,
    compare_record,
    is_due,
    living,
)
from drafter.domain.review.faults import RecordFault
from drafter.errors import RecordError

_LOG = logging.getLogger("drafter.record_store")
_LAST_COPY = select(CheckpointRow.body).order_by(CheckpointRow.seq.desc()).limit(1)


class Witness:
    """Signs for one database and files in one folder."""

    def __init__(self, folder: CheckpointFolder, key: SigningKey, *, database_id: str) -> None:
        self._folder = folder
        self._key = key
        self._database_id = database_id
        self._turn = threading.Lock()
        self._head = 0
        # The last checkpoint that was made and the last that was filed; at first none may be.
        self._made_to, self._filed_to = 1, 0

    def in_transaction(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """Sign a checkpoint of the last of these entries where one is due, beside them."""
        if not is_due(entries):
            return
        kind: Kind = "restored" if entries[-1].action == "restored" else "checkpoint"
        last = connection.execute(_LAST_COPY).scalar()
        made = self._signed(entries[-1], kind=kind, previous=text_sha256(last) if last else GENESIS)
        connection.execute(insert(CheckpointRow), [{"seq": made.seq, "body": checkpoint_line(made)}])
        self._made_to = made.seq

    def after_commit(self, database: Database, entries: Sequence[Entry]) -> None:
        """File what the folder lacks, and then the head, so that the head never knows of more than the file.

        What cannot be written now is written with a later entry.
        """
        last = entries[-1]
        with self._turn:
            try:
                if self._made_to > self._filed_to:
                    copies = self._copies(database)
                    self._folder.append(copies.values())
                    self._filed_to = max([self._filed_to, *copies])
                if last.seq > self._head:
                    head = self._signed(last, kind="head", previous=GENESIS)
                    self._folder.set_head(head, anew=last.action == "restored")
                    self._head = last.seq
            except (OSError, RecordError) as error:
                why = type(error).__name__
                _LOG.warning("the checkpoint of entry %d could not be filed yet (%s)", last.seq, why)

    def _copies(self, database: Database) -> dict[int, str]:
        """The lines that were not filed by this process, by the entry they tell of."""
        asked = select(CheckpointRow.seq, CheckpointRow.body).where(CheckpointRow.seq > self._filed_to)
        with database.read() as connection:
            rows = connection.execute(asked.order_by(CheckpointRow.seq)).all()
        return {row.seq: row.body for row in rows}

    def contradictions(self, connection: Connection) -> list[RecordFault]:
        """What the last line of the folder and its head say against the record. Nothing for an empty folder."""
        lines = living([line for line in self._folder.lines() if line is not None])[-1:]
        head = self._folder.head()
        told = [*lines, *([head] if head else [])]
        hashes = select(EntryRow.seq, EntryRow.sha256).where(EntryRow.seq.in_([line.seq for line in told]))
        return list(
            compare_record(
                told,
                database_id=self._database_id,
                head=connection.execute(select(func.max(EntryRow.seq))).scalar() or 0,
                sealed_at={row.seq: row.sha256 for row in connection.execute(hashes)},
            )
        )

    def _signed(self, entry: Entry, *, kind: Kind, previous: str) -> Checkpoint:
        return self._key.sign(
            Checkpoint(
                kind=kind,
                database_id=self._database_id,
                seq=entry.seq,
                sha256=entry.sha256,
                at=entry.at,
                previous=previous,
                key=self._key.key_id,
            )
        )
