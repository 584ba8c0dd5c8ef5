"""One thing that is wrong with a template, where it stands, and what to do about it."""

from __future__ import annotations

from typing import Literal

from drafter.domain.model import DomainModel
from drafter.domain.prompting.language import Place

Severity = Literal["error", "warning", "note"]


class Problem(DomainModel):
    """`line` and `column` count from 1; both None for the text as a whole. `part`: the shared part it is in, or empty.

    `words`: what is marked there. `instead`: what could stand in its place, where that is one word or mark.
    """

    check: str
    severity: Severity
    line: int | None = None
    column: int | None = None
    part: str = ""
    words: str = ""
    message: str
    remedy: str
    instead: str | None = None

    @property
    def sentence(self) -> str:
        """Place, what is wrong, what to do, as one sentence."""
        where = f"line {self.line}, column {self.column}: " if self.line is not None else ""
        return f"{f'in part {self.part}, ' if self.part else ''}{where}{self.message}; {self.remedy}"


def problem(
    check: str,
    severity: Severity,
    place: Place | None,
    message: str,
    remedy: str,
    *,
    words: str = "",
    instead: str | None = None,
) -> Problem:
    """A problem at a place, or about the whole text where there is none."""
    line, column, part = place or (None, None, "")
    return Problem(
        check=check, severity=severity, line=line, column=column, part=part, words=words, message=message,
        remedy=remedy, instead=instead,
    )  # fmt: skip
