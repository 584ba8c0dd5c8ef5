"""What a careful reader expects of one disputed item, written before any program saw the case.

Every list may be empty: nothing is then expected, and the metric that would measure it is undefined for the item.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from drafter.domain.case import Determination
from drafter.domain.draft import CriterionStatus


class ExpectationModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ExpectedSection(ExpectationModel):
    """A section that the item is to be judged by; without `section` any section of the guideline serves.

    `grade`: 3 decides the item, 2 bears on it, 1 is worth reading.
    """

    guideline: str
    edition: str
    section: str = ""
    grade: Literal[1, 2, 3] = 3


class ExpectedCriterion(ExpectationModel):
    """A row of the criteria table: `about` are words that its text holds, in any case."""

    about: str
    status: tuple[CriterionStatus, ...] = Field(min_length=1)


class ExpectedItem(ExpectationModel):
    """`addressed` False: no guideline of the MTUS speaks of the item, and search has to say so.

    `facts` must appear in the draft and `forbidden` must not; "a|b" is either wording. `findings` are ids of checks.
    `why` is one sentence for a person.
    """

    item: int
    addressed: bool | None = None
    sections: tuple[ExpectedSection, ...] = ()
    criteria: tuple[ExpectedCriterion, ...] = ()
    findings: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    determination: Determination | None = None
    why: str = ""
