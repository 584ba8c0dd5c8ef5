"""One question to a model and what became of it, in our own words: no vendor's types cross this line.

A request is named by the SHA-256 of its bytes. Identifiers are out of it before it is made; `taken` holds the words
that were taken, so that whoever sends it can look once more, and is no part of its name.
"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import Literal, Protocol

from pydantic import Field

from drafter.domain.draft import CallRecord
from drafter.domain.exchange.reply import reply_schema
from drafter.domain.model import DomainModel


class Listener(Protocol):
    """Who listens to a reply as it comes, and may have enough of it."""

    @property
    def cancelled(self) -> bool:
        """True once nothing more is wanted; asked between pieces and while waiting."""
        ...

    def hear(self, place: int, statement: str) -> None:
        """The JSON of the statement at `place`, counted from 0; a second try begins at 0 again."""
        ...


class Turn(DomainModel):
    """What was said after the first prompt: the model's reply, and what does not hold about it."""

    role: Literal["assistant", "user"]
    content: str


class Request(DomainModel):
    """Exactly what a model is sent for one item. `seed` asks for the same reply again and is no part of its name."""

    system: str
    user: str
    turns: tuple[Turn, ...] = ()
    case_number: str | None = None
    item: int
    seed: int | None = None
    taken: tuple[str, ...] = Field(default=(), repr=False)

    @property
    def body(self) -> dict[str, object]:
        """What the request's hash is taken of, and what a recorded reply answers."""
        first: dict[str, object] = {"system": self.system, "user": self.user, "schema": reply_schema()}
        turns = [turn.model_dump() for turn in self.turns]
        return {**first, "turns": turns} if turns else first

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the body as sorted JSON in UTF-8."""
        return hashlib.sha256(json.dumps(self.body, sort_keys=True).encode("utf-8")).hexdigest()

    @property
    def characters(self) -> int:
        return len(self.system) + len(self.user) + sum(len(turn.content) for turn in self.turns)


AnswerFate = Literal["complete", "cut", "declined", "pending", "failed", "too_long", "stopped"]


class Answer(DomainModel):
    """What a source gave. `text` is the raw reply; `message` the one sentence for the user where there is none.

    `reason` names what went wrong in one word, for counting. Of a stopped reply `text` holds the statements that were
    whole by then.
    """

    fate: AnswerFate
    text: str = Field(default="", repr=False)
    message: str = ""
    reason: str = ""
    call: CallRecord | None = None
