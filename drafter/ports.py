"""What the drafter needs from outside, in its own words. Each port has one contract test over its fake and every
real adapter (tests/contract)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from drafter.domain.draft import Finding
from drafter.domain.drafting.brief import ItemBrief, Reply
from drafter.domain.exchange.request import Answer, Listener, Request
from drafter.domain.prompting.release import LabelEvent, ReleasePolicy
from drafter.domain.prompting.sizes import DatasetSizes
from drafter.domain.prompting.template import TemplateText
from drafter.domain.prompting.trial import TrialRequest, TrialResult
from drafter.domain.prompting.wording import WordingRules
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


class PromptLibrary(Protocol):
    """The prompt versions there are, and which is live. A published version never changes."""

    def labels(self) -> Sequence[str]:
        """Every version that is a template, as `NAME@VERSION`, by name and number."""
        ...

    def text(self, label: str) -> TemplateText:
        """Raises TemplateInvalid where there is no such version, or it asks for a part that is not there."""
        ...

    def parts(self) -> Mapping[str, str]:
        """Every shared part by `NAME@VERSION`."""
        ...

    def live(self, name: str) -> str:
        """The live version of a purpose, as `NAME@VERSION`."""
        ...

    def published(self) -> Mapping[str, str]:
        """Label to hash of every published version."""
        ...

    def rules(self) -> WordingRules: ...

    def sizes(self) -> Sequence[DatasetSizes]: ...

    def policy(self) -> ReleasePolicy: ...

    def save(self, label: str, text: str) -> None:
        """Write a version that is not published. Raises TemplateInvalid for one that is."""
        ...

    def publish(self, label: str, digest: str) -> None:
        """From here on the version never changes."""
        ...

    def set_live(self, label: str) -> None: ...


class LabelHistory(Protocol):
    """What became live when, by whom and why. Append-only."""

    def append(self, event: LabelEvent) -> None: ...

    def read(self) -> Sequence[LabelEvent]:
        """Every event, oldest first. Raises HistoryBroken where the chain does not hold."""
        ...


class TrialRuns(Protocol):
    """Runs a prompt version over a dataset beside the live one, and asks the gate."""

    def run(self, request: TrialRequest) -> TrialResult:
        """Raises TrialFailed where there is no verdict: no such dataset, replies missing, a program that failed."""
        ...


class TrialStore(Protocol):
    """Results of trials, kept for good."""

    def add(self, result: TrialResult) -> None: ...

    def of(self, digest: str) -> Sequence[TrialResult]:
        """The results for exactly this template hash, oldest first."""
        ...


class StoredReplies(Protocol):
    """Replies that are there already; nothing is asked."""

    def stored(self, request: Request) -> str | None: ...


class Clock(Protocol):
    """Time, all of it UTC; `monotonic` and `sleep` in seconds."""

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...

    def today(self) -> date: ...

    def now(self) -> datetime: ...
