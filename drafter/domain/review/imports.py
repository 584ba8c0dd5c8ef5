"""An import: the files that somebody brought at once, and what became of each.

Not part of the record: a file that became a case is recorded as such, a refused one by its hash. This is what the page
shows while the work goes on, and for a day after.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from drafter.domain.model import DomainModel

Day = date
Outcome = Literal["waiting", "opened", "known", "record", "refused", "locked"]


class ImportedFile(DomainModel):
    """`file_id` is ours, `name` what its owner calls it; `said` is the sentence why it was refused, or what to note.

    `known` is the same file that was there before, `record` a document that a case file of the same import names,
    `locked` one that opens with a password, which its owner is asked for.
    """

    file_id: str
    name: str
    size: int
    outcome: Outcome = "waiting"
    said: str = ""
    case_id: str | None = None
    case_number: str | None = None


class Import(DomainModel):
    """`treatments` are in dispute where a file names none; `received` is the day the cases came in, today where it is
    None; `assign_to` is who takes them, None for the queue."""

    import_id: str
    by: str
    at: AwareDatetime
    received: Day | None = None
    formulary_dispute: bool = False
    assign_to: str | None = None
    treatments: tuple[str, ...] = ()
    files: tuple[ImportedFile, ...] = ()

    @property
    def done(self) -> int:
        return sum(file.outcome != "waiting" for file in self.files)

    @property
    def finished(self) -> bool:
        return self.done == len(self.files)

    @property
    def settled(self) -> bool:
        """Whether nothing more will become of any file; a locked one waits for its password."""
        return self.finished and not self.of("locked")

    def of(self, outcome: Outcome) -> tuple[ImportedFile, ...]:
        return tuple(file for file in self.files if file.outcome == outcome)

    def with_file(self, changed: ImportedFile) -> Import:
        return self.model_copy(
            update={"files": tuple(changed if file.file_id == changed.file_id else file for file in self.files)}
        )
