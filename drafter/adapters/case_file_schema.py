"""The schema of a case file, as a person writes it (docs/case-files.md).

What `drafter parse --json` prints is a case file too, so its other keys are known here: those that say what an input
was (`path`, `form`, `gaps`, `notices`) are accepted and mean nothing.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from drafter.adapters.letters.dates import dates_in
from drafter.adapters.plain_text import text_lines
from drafter.adapters.printed import running_text
from drafter.domain.case import CitedGuideline, Determination

_DATE_SHAPE = re.compile(r"[\d/.\- ]{1,20}")


def _day(value: Any) -> Any:
    """A date as people write it; years have four digits, because a guideline edition hangs on them."""
    if value is None or isinstance(value, date) or value == "":
        return value or None
    found = list(dates_in(value)) if isinstance(value, str) else []
    whole = len(found) == 1 and found[0].printed == value.strip() and re.search(r"\d{4}", value)
    if whole and found[0].value is not None:
        return found[0].value
    shown = value if isinstance(value, str) and _DATE_SHAPE.fullmatch(value) else "this"
    raise PydanticCustomError(
        "not_a_date", "{shown} is no date; write it as 2016-10-21 or 10/21/2016", {"shown": shown}
    )


def _text(value: Any) -> Any:
    """Text as it will be printed: wrapped lines joined, invisible marks gone; nothing where it is empty."""
    return running_text(text_lines(value)) or None if isinstance(value, str) else value


def _line(value: Any) -> Any:
    return " ".join(_text(value).split()) if isinstance(value, str) and _text(value) else _text(value)


Day = Annotated[date | None, BeforeValidator(_day)]
Text = Annotated[str, BeforeValidator(_text)]
Line = Annotated[str, BeforeValidator(_line)]


class FileModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DatesEntry(FileModel):
    injury: Day = None
    rfa: Day = None
    ur_denial: Day = None
    assigned: Day = None
    application_received: Day = None
    decision: Day = None


class ReviewerEntry(FileModel):
    licensure: Line | None = None
    specialty: Line | None = None


class ClaimsAdministratorEntry(FileModel):
    """What the claims administrator decided, why, and on what guideline."""

    decision: Text | None = None
    reasons: Text | None = None
    guideline: Line | None = None


class ItemEntry(FileModel):
    """One treatment in dispute; a bare text is its treatment."""

    number: PositiveInt | None = None
    treatment: Line | None = None
    heading: Line | None = None
    original_request: Line | None = None
    authorized: Line | None = None
    remaining: Line | None = None
    depends_on: PositiveInt | None = None
    claims_administrator: ClaimsAdministratorEntry = ClaimsAdministratorEntry()
    claims_administrator_guideline: Line | None = None
    claims_administrator_decision: Text | None = None
    claims_administrator_reasons: Text | None = None
    determination: Determination | None = None
    reviewer_guideline: Line | None = None
    rationale: Text | None = None
    citations: tuple[CitedGuideline, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"treatment": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _names_a_treatment(self) -> ItemEntry:
        if not (self.treatment or self.heading):
            raise PydanticCustomError("no_treatment", "it names no treatment; add treatment: TEXT")
        return self


class PageEntry(FileModel):
    page: PositiveInt | None = None
    text: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"text": value} if isinstance(value, str) or value is None else value


class RecordEntry(FileModel):
    """One document of the file: its pages as text, or a file that holds them."""

    record_id: Line | None = None
    title: Line | None = None
    date: Day = None
    pages: tuple[PageEntry, ...] | None = None
    text: str | None = None
    file: str | None = None

    @model_validator(mode="after")
    def _has_one_source(self) -> RecordEntry:
        if sum(source is not None for source in (self.pages, self.text, self.file)) != 1:
            raise PydanticCustomError("record_source", "it needs exactly one of pages, text or file")
        return self


class CaseFile(FileModel):
    case_number: Line | None = None
    priority: Line | None = None
    dates: DatesEntry = DatesEntry()
    reviewer: ReviewerEntry = ReviewerEntry()
    case_summary: Text | None = None
    claims_administrator: ClaimsAdministratorEntry = ClaimsAdministratorEntry()
    items: tuple[ItemEntry, ...] = Field(min_length=1)
    records: tuple[RecordEntry, ...] = ()
    people: tuple[Line, ...] = ()
    path: Any = None
    form: Any = None
    gaps: Any = None
    notices: Any = None

    @model_validator(mode="before")
    @classmethod
    def _without_empty_parts(cls, value: Any) -> Any:
        """A part whose key stands without a value counts as left out."""
        parts = ("dates", "reviewer", "claims_administrator", "records", "people")
        if isinstance(value, dict):
            return {key: part for key, part in value.items() if part is not None or key not in parts}
        return value
