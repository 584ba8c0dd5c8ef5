"""What the drafter needs from outside, in its own words. Each port has one contract test over its fake and every
real adapter (tests/contract)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from drafter.domain.draft import Finding
from drafter.domain.drafting.brief import ItemBrief, Reply
from drafter.domain.exchange.request import Answer, Listener, Request
from drafter.domain.redaction.exchange import Redaction
from guideline_corpus.decided.model import SimilarResult
from guideline_corpus.model import SearchResult


class Retriever(Protocol):
    """Finds guideline passages in force on a day."""

    @property
    def corpus_version(self) -> str: ...

    def search(self, query: str, *, as_of: date | None, limit: int) -> SearchResult:
        """At most `limit` passages in force on `as_of`, best first; `addressed` False where none fits."""
        ...


class DecidedSearch(Protocol):
    """Finds decided items of other cases. What it returns is shown beside a draft and is never a ground of one."""

    def similar(self, query: str, *, before: date | None, without_case: str | None, limit: int) -> SimilarResult:
        """At most `limit` items decided before the day `before`, none of the case `without_case`, nearest first."""
        ...


class RationaleModel(Protocol):
    """Writes the statements for one item. It is given the determination and never sets it."""

    @property
    def spec(self) -> str:
        """How the model was named (`extractive`, `openai:MODEL`, `replay:DIR`)."""
        ...

    def write(self, brief: ItemBrief) -> Reply: ...


@runtime_checkable
class RepairingModel(Protocol):
    """A rationale model that may be told once what does not hold about its reply."""

    def repair(self, brief: ItemBrief, reply: Reply, faults: Sequence[Finding]) -> Reply | None:
        """The reply written anew, or None where there is nothing to write it with."""
        ...


class ReplySource(Protocol):
    """Whatever answers a request: a server, a folder of recorded replies, a cache before either. Never raises for what
    a model or a network does; that is an `Answer` with a sentence for the user."""

    @property
    def spec(self) -> str: ...

    def answer(self, request: Request, *, listen: Listener | None = None) -> Answer: ...


class Redactor(Protocol):
    """Finds what identifies a person."""

    def redact(self, texts: Sequence[str], *, people: Sequence[str], context: str) -> Redaction: ...


class Clock(Protocol):
    """Time, all of it UTC; `monotonic` and `sleep` in seconds."""

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...

    def today(self) -> date: ...

    def now(self) -> datetime: ...
