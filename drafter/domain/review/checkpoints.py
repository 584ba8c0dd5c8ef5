"""Checkpoints: what the record's last entry was at a moment, signed and kept outside the database.

A chain of hashes shows what was changed inside it. It cannot show that its end was cut off, that the whole was written
anew, or that an old copy was put in its place; a signed line in another place can. Lines are chained among themselves,
so that a line that was taken out shows. A copy of each is kept in the database, so that a cut file shows too.

    checkpoint   every 100 entries, at every approval and purge, when a store is first opened, when the key changes
    restored     the record was put back to an earlier entry on purpose: lines after the one it names as its
                 predecessor told of a record that was given up
    head         the very last entry; one line, written over with each append

Pure: signatures are checked by a function that is handed in. Proved by tests/unit/test_checkpoint_chain.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, ValidationError

from drafter.domain.model import DomainModel
from drafter.domain.review.audit import GENESIS, Entry, Sha256, canonical, text_sha256
from drafter.domain.review.faults import RecordFault

EVERY = 100
SIGNED_AT_ONCE = frozenset({"approved", "purged", "restored", "store-opened", "signing-key-changed"})
_DOMAIN = "imr-drafter checkpoint 1\n"

Kind = Literal["checkpoint", "restored", "head"]
Signed = Callable[["Checkpoint"], bool]


class Checkpoint(DomainModel):
    """Entry `seq` of the database had the hash `sha256`. `previous` is the hash of the line before, 64 zeros for the
    first and for a head; `key` names the public key, `signature` is Ed25519 over `signed_part`, in base64."""

    kind: Kind
    database_id: str
    seq: Annotated[int, Field(ge=1)]
    sha256: Sha256
    at: AwareDatetime
    previous: Sha256
    key: str
    signature: str = ""


def is_due(entries: Sequence[Entry]) -> bool:
    """Whether a checkpoint is to be made after these entries."""
    return any(entry.seq % EVERY == 0 or entry.action in SIGNED_AT_ONCE for entry in entries)


def checkpoint_line(checkpoint: Checkpoint) -> str:
    return canonical(checkpoint.model_dump(mode="json"))


def read_checkpoint(line: str) -> Checkpoint | None:
    """None for a line that is no checkpoint, or says the same in other characters than were written."""
    try:
        checkpoint = Checkpoint.model_validate_json(line)
    except ValidationError:
        return None
    return checkpoint if checkpoint_line(checkpoint) == line else None


def checkpoint_sha256(checkpoint: Checkpoint) -> str:
    return text_sha256(checkpoint_line(checkpoint))


def signed_part(checkpoint: Checkpoint) -> bytes:
    """What the signature is over: every other field."""
    return (_DOMAIN + canonical(checkpoint.model_dump(mode="json", exclude={"signature"}))).encode("utf-8")


def living(lines: Sequence[Checkpoint]) -> tuple[Checkpoint, ...]:
    """The lines that tell of the record as it is now: without those that a restore gave up."""
    kept: list[Checkpoint] = []
    for line in lines:
        if line.kind == "restored":
            while kept and checkpoint_sha256(kept[-1]) != line.previous:
                kept.pop()
        kept.append(line)
    return tuple(kept)


def verify_lines(lines: Sequence[Checkpoint | None], *, is_signed: Signed, what: str) -> Iterator[RecordFault]:
    """What is wrong with the lines by themselves; None stands for one that cannot be read.

    `what` names a line in messages, with `{}` for its number.
    """
    kept: list[str] = []
    for number, line in enumerate(lines, start=1):
        where = what.format(number)
        if line is None:
            yield RecordFault(fault="checkpoint-unreadable", seq=None, message=f"{where} is no checkpoint")
            continue
        if not is_signed(line):
            message = f"{where} is not signed by a known key"
            yield RecordFault(fault="checkpoint-forged", seq=line.seq, message=message)
        if line.kind == "restored" and line.previous in (GENESIS, *kept):
            del kept[kept.index(line.previous) + 1 if line.previous in kept else 0 :]
        elif line.previous != (kept[-1] if kept else GENESIS):
            message = f"{where} does not follow from the line before: one or more were taken out"
            yield RecordFault(fault="checkpoint-missing", seq=line.seq, message=message)
        kept.append(checkpoint_sha256(line))


def compare_copies(
    lines: Sequence[Checkpoint], copies: Sequence[Checkpoint], *, filed_to: int | None = None
) -> Iterator[RecordFault]:
    """What file and database lack of each other's checkpoints; `lines` are the living ones.

    `filed_to` is the entry of the signed head. The head is written after the file: a checkpoint of a later entry was
    made when a kill or a full disk kept it out of the file, and is filed with the next entry.
    """
    in_file, in_database = ({checkpoint_sha256(one): one.seq for one in some} for some in (lines, copies))
    for digest, seq in in_database.items():
        if digest not in in_file and (filed_to is None or seq <= filed_to):
            message = f"the checkpoint file lacks the checkpoint of entry {seq}, which the database has"
            yield RecordFault(fault="checkpoint-file-cut", seq=seq, message=message)
    for digest, seq in in_file.items():
        if digest not in in_database:
            message = f"the database lacks its copy of the checkpoint of entry {seq}"
            yield RecordFault(fault="checkpoint-copy-missing", seq=seq, message=message)


def compare_record(
    lines: Sequence[Checkpoint], *, database_id: str, head: int, sealed_at: Mapping[int, str]
) -> Iterator[RecordFault]:
    """What the living lines, and the head among them, say of a record: its last number, and its hashes by number."""
    for line in lines:
        where = "the signed head" if line.kind == "head" else "a checkpoint"
        if line.database_id != database_id:
            message = f"{where} of entry {line.seq} tells of another database"
            yield RecordFault(fault="another-database", seq=line.seq, message=message)
        elif line.seq > head:
            message = (
                f"the record ends at entry {head}, {where} tells of entry {line.seq}: "
                "its end was cut off, or it is an old copy"
            )
            yield RecordFault(fault="record-older-than-checkpoint", seq=head + 1, message=message)
        elif sealed_at.get(line.seq) != line.sha256:
            message = f"{where} tells of another entry {line.seq}: the record was written anew"
            yield RecordFault(fault="record-rewritten", seq=line.seq, message=message)
