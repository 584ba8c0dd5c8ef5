"""What leaves the desk: only an approved letter, each export on record with the hash of its bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Literal

from drafter.domain.model import DomainModel
from drafter.domain.review.events import Approved, Exported
from drafter.domain.review.people import Account
from drafter.domain.review.signed import SignedLetter
from drafter.errors import NotAllowed
from drafter.ports import RecordStore
from drafter.services.desk.journal import record

ExportKind = Literal["pdf", "docx", "json"]
Printer = Callable[[SignedLetter], bytes]
MEDIA_TYPES: Mapping[ExportKind, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}


class ExportedFile(DomainModel):
    """`name` holds the case number at most, never a word of the case."""

    name: str
    media_type: str
    data: bytes


def signed_letter(case_id: str, *, store: RecordStore) -> SignedLetter:
    """The letter of the case's last approval. Raises NotAllowed where nothing is approved."""
    approvals = list(store.entries(case_id=case_id, actions=("approved",)))
    event = store.event(approvals[-1]) if approvals else None
    if not isinstance(event, Approved):
        raise NotAllowed("Nothing is approved yet; only a signed letter can be exported.")
    return SignedLetter(
        letter=event.letter,
        fingerprint=event.fingerprint,
        entry=approvals[-1].seq,
        entry_sha256=approvals[-1].sha256,
        decided=event.day or approvals[-1].at.date(),
        amends=approvals[-2].seq if len(approvals) > 1 else None,
    )


def export(
    case_id: str,
    kind: ExportKind,
    *,
    printers: Mapping[ExportKind, Printer],
    store: RecordStore,
    by: Account,
    request_id: str,
) -> ExportedFile:
    """The signed letter as a file. Raises NotAllowed where nothing is approved, and the store's faults."""
    signed = signed_letter(case_id, store=store)
    data = printers[kind](signed)
    event = Exported(kind=kind, approval=signed.entry, sha256=hashlib.sha256(data).hexdigest())
    record(store, event, actor=by.account_id, case_id=case_id, request_id=request_id)
    number = signed.letter.case_number or case_id
    return ExportedFile(name=f"{number}.{kind}", media_type=MEDIA_TYPES[kind], data=data)


def letter_json(signed: SignedLetter) -> bytes:
    """The signed letter as JSON, keys sorted."""
    shape = signed.model_dump(mode="json")
    return (json.dumps(shape, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode("utf-8")
