"""What can be wrong with a record, each by a name that stays."""

from __future__ import annotations

from typing import Literal

from drafter.domain.model import DomainModel

FaultName = Literal[
    # the chain
    "entries-missing",
    "entry-altered",
    "chain-broken",
    # the payloads
    "payload-missing",
    "payload-altered",
    "payload-left",
    "payload-foreign",
    # the rows that the entries add up to
    "case-row-altered",
    "case-row-missing",
    "case-row-foreign",
    "account-altered",
    "account-missing",
    "account-foreign",
    # the checkpoints
    "checkpoint-unreadable",
    "checkpoint-forged",
    "checkpoint-missing",
    "checkpoint-file-cut",
    "checkpoint-file-missing",
    "checkpoint-copy-missing",
    "head-missing",
    "record-older-than-checkpoint",
    "record-rewritten",
    "another-database",
    # the database and what left it
    "database-damaged",
    "guard-missing",
    "export-unknown",
]


class RecordFault(DomainModel):
    """`seq` is the entry that it is about or begins at, None where it is about none."""

    fault: FaultName
    seq: int | None = None
    message: str
