"""Bringing cases in: files or pasted text, then a page that shows what became of each.

An import is shown to whoever began it. The page asks for its progress by itself while there is any, which does not keep
a session alive; without scripts it reloads.
"""

from __future__ import annotations

import io
from datetime import date
from typing import Annotated

from fastapi import File, Form, UploadFile
from fastapi.responses import Response
from pydantic import SecretStr

from drafter.domain.review.imports import Import
from drafter.errors import QuotaReached
from drafter.services.desk.importing import AskedImport
from drafter.web.refusal import Refusal, not_found
from drafter.web.route import MEGABYTE
from drafter.web.visit import CurrentVisit, Visit

PASTED = "Pasted text"
_LONGEST_NAME = 200
LONGEST_PASSWORD = 200


def ask(visit: CurrentVisit) -> Response:
    return _form(visit, fault=None)


def begin(
    visit: CurrentVisit,
    files: Annotated[list[UploadFile] | None, File()] = None,
    text: Annotated[str, Form()] = "",
    treatments: Annotated[str, Form(max_length=20_000)] = "",
    received: Annotated[str, Form(max_length=10)] = "",
    formulary_dispute: Annotated[bool, Form()] = False,
    take: Annotated[bool, Form()] = False,
) -> Response:
    try:
        asked = AskedImport(
            received=date.fromisoformat(received) if received else None,
            formulary_dispute=formulary_dispute,
            treatments=tuple(line.strip() for line in treatments.splitlines() if line.strip()),
            take=take,
        )
    except ValueError:
        return _form(visit, fault="The day received is none; write it as YYYY-MM-DD.")
    given = [file for file in files or [] if file.filename]
    if fault := _fault(visit, given, text=text, received=asked.received):
        return _form(visit, fault=fault, text=text, treatments=treatments)
    try:
        begun = begun_with(visit, given, text=text, asked=asked)
    except QuotaReached as refused:
        return _form(visit, fault=str(refused), text=text, treatments=treatments)
    return visit.go(f"/imports/{begun.import_id}")


def begun_with(visit: Visit, files: list[UploadFile], *, text: str, asked: AskedImport, name: str = PASTED) -> Import:
    """The import of these files and this text. Raises QuotaReached, and then nothing is kept."""
    brought = [(shown_name(file.filename or ""), file.file) for file in files]
    if text.strip():
        brought.append((name, io.BytesIO(text.encode("utf-8", "replace"))))
    if begun := visit.parts.importing.begun(visit.request_id, by=visit.person):
        return begun
    visit.count("imports", cost=len(brought))
    return visit.parts.importing.begin(brought, asked, by=visit.person, request_id=visit.request_id)


def show(visit: CurrentVisit, import_id: str) -> Response:
    return visit.page("import_progress.html", batch=own_import(visit, import_id))


def progress(visit: CurrentVisit, import_id: str) -> Response:
    """What the page asks for while files are being read."""
    return visit.page("import_rows.html", batch=own_import(visit, import_id))


def unlock(
    visit: CurrentVisit, import_id: str, file_id: str, password: Annotated[SecretStr, Form(max_length=LONGEST_PASSWORD)]
) -> Response:
    """The password of a locked file, used for reading it and then forgotten."""
    return _after(visit, unlocked(visit, import_id, file_id, password))


def leave_out(visit: CurrentVisit, import_id: str, file_id: str) -> Response:
    """Without the locked file."""
    own_import(visit, import_id)
    return _after(visit, visit.parts.importing.give_up(import_id, file_id) or own_import(visit, import_id))


def unlocked(visit: Visit, import_id: str, file_id: str, password: SecretStr) -> Import:
    """The import once the locked file is being read again. Raises Refusal where there is none."""
    own_import(visit, import_id)
    batch = visit.parts.importing.unlock(import_id, file_id, password)
    if batch is None:
        raise not_found("No file of this import waits for a password by that name; it may have been read meanwhile.")
    return batch


def _after(visit: Visit, batch: Import) -> Response:
    if visit.is_fragment:
        return visit.page("import_rows.html", batch=batch)
    return visit.go(f"/imports/{batch.import_id}")


def own_import(visit: Visit, import_id: str) -> Import:
    batch = visit.parts.importing.progress(import_id)
    if batch is None or batch.by != visit.person.account_id:
        raise not_found("There is no such import, or it is more than a day old; its cases are in the queue.")
    return batch


def too_large(visit: Visit, files: list[UploadFile]) -> str | None:
    """Which file is over the limit of one, in a sentence."""
    limit = visit.parts.settings.upload_mb
    for file in files:
        if (file.size or 0) > limit * MEGABYTE:
            return f"{shown_name(file.filename or '')} is larger than {limit} MB; split it. None of the files was kept."
    return None


def refuse_too_large(visit: Visit, files: list[UploadFile]) -> None:
    """Raises Refusal."""
    if fault := too_large(visit, files):
        raise Refusal(413, fault, kept="Nothing was kept.", todo="Split the file, or leave it out.")


def shown_name(name: str) -> str:
    """What a file is called, as a page can show it: one line, no control or direction characters."""
    plain = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name.strip())
    return plain if len(plain) <= _LONGEST_NAME else f"{plain[: _LONGEST_NAME - 1]}\N{HORIZONTAL ELLIPSIS}"


def _fault(visit: Visit, files: list[UploadFile], *, text: str, received: date | None) -> str | None:
    if not files and not text.strip():
        return "Choose one or more files, or paste a text."
    if received and received > visit.parts.clock.today():
        return "The day received lies ahead; give the day the cases came in."
    return too_large(visit, files)


def _form(visit: Visit, *, fault: str | None, text: str = "", treatments: str = "") -> Response:
    return visit.page(
        "import.html",
        status=422 if fault else 200,
        fault=fault,
        text=text,
        treatments=treatments,
        today=visit.parts.clock.today(),
        settings=visit.parts.settings,
    )
