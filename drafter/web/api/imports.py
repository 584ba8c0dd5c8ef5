"""Bringing cases in for programs: files of a form, or a text; then asking how far it is."""

from __future__ import annotations

from typing import Annotated

from fastapi import File, Form, Path, UploadFile
from pydantic.json_schema import SkipJsonSchema

from drafter.domain.review.imports import Import
from drafter.services.desk.importing import AskedImport
from drafter.web.api.shapes import FilePasswordGiven, IsoDay, TextImportGiven
from drafter.web.pages.importing import begun_with, own_import, refuse_too_large, shown_name, unlocked
from drafter.web.visit import CurrentVisit

ImportId = Annotated[str, Path(description="The id of an import of one's own.", max_length=64)]
FileId = Annotated[str, Path(description="The id of one of its files.", max_length=64)]


def files(
    visit: CurrentVisit,
    files: Annotated[list[UploadFile], File(min_length=1)],
    received: Annotated[IsoDay | SkipJsonSchema[None], Form()] = None,
    formulary_dispute: Annotated[bool, Form()] = False,
    take: Annotated[bool, Form()] = False,
) -> Import:
    """Import files: letters, case files, PDF, DOCX, text. They are read after the answer; ask for the import again."""
    refuse_too_large(visit, files)
    asked = AskedImport(received=received, formulary_dispute=formulary_dispute, take=take)
    return begun_with(visit, files, text="", asked=asked)


def text(visit: CurrentVisit, given: TextImportGiven) -> Import:
    """Import one case given as text."""
    asked = AskedImport(
        received=given.received,
        formulary_dispute=given.formulary_dispute,
        treatments=given.treatments,
        take=given.take,
    )
    return begun_with(visit, [], text=given.text, name=shown_name(given.name), asked=asked)


def progress(visit: CurrentVisit, import_id: ImportId) -> Import:
    """What has become of each file so far."""
    return own_import(visit, import_id)


def unlock(visit: CurrentVisit, import_id: ImportId, file_id: FileId, given: FilePasswordGiven) -> Import:
    """Give the password of a file that is `locked`. It is used for reading the file and kept nowhere."""
    return unlocked(visit, import_id, file_id, given.password)
