"""What may be told of the program's work while it runs: which step, how large, how it ended. Never what it was about.

Metrics, traces and the log lines of workers are made from these facts and from nothing else. A fact is a number, or one
word of a closed alphabet: no field can hold a sentence, and a word that does not fit is told as `other`. Logins, case
numbers and texts have no field; ids are the record's own (tests/e2e/test_operation.py walks a signed case and looks
for every word of it).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Annotated, Literal

from pydantic import BeforeValidator

from drafter.domain.model import DomainModel

StepName = Literal["request", "draft", "search", "checks", "model", "record", "job-asked", "job"]
OTHER = "other"
_WORD = re.compile(r"[A-Za-z0-9_.:/{}@+-]{0,120}")


def _worded(told: object) -> object:
    return told if not isinstance(told, str) or _WORD.fullmatch(told) else OTHER


Word = Annotated[str, BeforeValidator(_worded)]


class FindingCount(DomainModel):
    """How many findings of one check; `of`: in a model's draft, or in a reviewer's text as it was saved."""

    check: Word
    severity: Word
    of: Literal["draft", "text"]
    count: int


class Facts(DomainModel):
    """What is known of a step, at its begin or its end; None: not told.

    `route` is a template (`/cases/{case_id}`); `outcome` is `done`, `failed`, `stopped` or a reply's fate; `reason` one
    word; `fault` the name of a class. `cost` is in the units of the prices that are set.
    """

    route: Word | None = None
    method: Word | None = None
    status: int | None = None
    request_id: Word | None = None
    account_id: Word | None = None
    case_id: Word | None = None
    job_id: Word | None = None
    item: int | None = None
    model: Word | None = None
    outcome: Word | None = None
    reason: Word | None = None
    fault: Word | None = None
    letters: int | None = None
    items: int | None = None
    passages: int | None = None
    characters: int | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None
    actions: tuple[Word, ...] | None = None
    findings: tuple[FindingCount, ...] | None = None

    def with_facts(self, more: Facts) -> Facts:
        """These, and what `more` tells."""
        return self.model_copy(update={name: getattr(more, name) for name in more.model_fields_set})


NOTHING = Facts()
Tell = Callable[[Facts], None]


class Unwatched:
    """Nobody watches. See `drafter.ports.Watch`."""

    def step(self, name: StepName, facts: Facts = NOTHING, *, after: str = "") -> AbstractContextManager[Tell]:
        return nullcontext(_unheard)

    def here(self) -> str:
        return ""


UNWATCHED = Unwatched()


def _unheard(facts: Facts) -> None:
    """Where nobody listens."""
