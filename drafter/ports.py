"""What the drafter needs from outside, in its own words. Each port has one contract test over its fake and every
real adapter (tests/contract)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:  # a port is only words: who implements or uses one loads what it speaks of
    from drafter.domain.draft import Finding
    from drafter.domain.drafting.brief import ItemBrief, Reply
    from drafter.domain.exchange.heard import HeardStatement
    from drafter.domain.exchange.request import Answer, Listener, Request
    from drafter.domain.prompting.release import LabelEvent, ReleasePolicy
    from drafter.domain.prompting.sizes import DatasetSizes
    from drafter.domain.prompting.template import TemplateText
    from drafter.domain.prompting.trial import TrialRequest, TrialResult
    from drafter.domain.prompting.wording import WordingRules
    from drafter.domain.redaction.exchange import Redaction
    from drafter.domain.review.audit import Entry, NewEntry
    from drafter.domain.review.audit_page import AuditFilter, AuditPage
    from drafter.domain.review.events import Event
    from drafter.domain.review.jobs import DraftingJob, Waiting
    from drafter.domain.review.people import Account, Identity
    from drafter.domain.review.queue_page import QueueFilter, QueuePage
    from drafter.domain.review.secrets import Secret
    from drafter.domain.review.sessions import Session, Unsaved
    from drafter.domain.review.signed import SignedForEvaluation
    from drafter.domain.review.state import CaseState, Happened
    from drafter.domain.watching import Facts, StepName, Tell
    from guideline_corpus.decided.model import SimilarResult
    from guideline_corpus.model import SearchResult


class Retriever(Protocol):
    """Finds guideline passages in force on a day."""

    @property
    def corpus_version(self) -> str: ...

    def search(self, query: str, *, as_of: date | None, limit: int) -> SearchResult:
        """At most `limit` passages in force on `as_of`, best first; `addressed` False where none fits."""
        ...


@runtime_checkable
class NoticedRetriever(Protocol):
    """A retriever that can say why it searches by less than it could."""

    @property
    def notice(self) -> str | None:
        """One sentence; None where it searches by words and meaning."""
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


@runtime_checkable
class MayRest(Protocol):
    """A model or source of replies that is not asked for a while after it could not be reached several times."""

    @property
    def resting(self) -> bool: ...


class DraftListener(Protocol):
    """Who is shown the sentences of a draft while a model writes them, and may stop it."""

    @property
    def cancelled(self) -> bool:
        """True once nothing more is wanted: what is whole by then is kept, nothing more is asked for."""
        ...

    def heard(self, told: HeardStatement) -> None:
        """Called from the thread that writes the item; several items are written side by side."""
        ...


class EvaluationCases(Protocol):
    """Where signed cases become cases to evaluate on, without identifiers."""

    def add(self, signed: SignedForEvaluation) -> str:
        """Adds the case; gives the name of the dataset. Raises EvaluationRefused."""
        ...


@runtime_checkable
class HeardModel(Protocol):
    """A rationale model that takes its time, and can be listened to."""

    def heard_by(self, listen: DraftListener) -> RationaleModel:
        """The same model, telling `listen` each sentence as it comes."""
        ...


class DraftingJobs(Protocol):
    """Drafts written behind the page: started, watched, stopped. One job an item at a time."""

    def start(self, *, case_id: str, item: int, by: str, request_id: str) -> DraftingJob:
        """The item's job, new or the one that is running already."""
        ...

    def of_item(self, case_id: str, item: int) -> DraftingJob | None:
        """The item's last job that is still known."""
        ...

    def waiting(self, case_id: str, item: int) -> Waiting | None:
        """How the item's job waits for somebody to begin it; None where it is being written, or there is none."""
        ...

    def stop(self, case_id: str, item: int) -> None:
        """Asks for no more; what is whole by then becomes the draft."""
        ...


class Watch(Protocol):
    """Whoever watches the program's work: which step, how large, how it ended."""

    def step(self, name: StepName, facts: Facts = ..., *, after: str = "") -> AbstractContextManager[Tell]:
        """Around a step; more facts are told as they become known. `after` is where it was asked for (`here`)."""
        ...

    def here(self) -> str:
        """Where in a trace the caller is, to be handed to whoever goes on; "" where there is no trace."""
        ...


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

    def gate(self) -> Path:
        """The gate file that the policy names."""
        ...

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

    def held(self, request: Request) -> Answer | None: ...


class Clock(Protocol):
    """Time: `now` in UTC, `today` the day where the work is done, `monotonic` and `sleep` in seconds."""

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...

    def today(self) -> date: ...

    def now(self) -> datetime: ...


class Sessions(Protocol):
    """Who is signed in. Not part of the record."""

    def add(self, session: Session) -> None: ...

    def find(self, key_sha256: str) -> Session | None: ...

    def touch(self, key_sha256: str, *, at: datetime, data: str | None = None) -> None:
        """Move `last_seen`, and `data` where given; nothing where there is no such session."""
        ...

    def remove(self, key_sha256: str) -> None: ...

    def remove_of(self, account_id: str) -> int:
        """Sign the account out everywhere; how many sessions that were."""
        ...

    def expire(self, *, seen_before: datetime, created_before: datetime) -> int:
        """Remove what was last seen or created before these times; how many sessions that were."""
        ...


class UnsavedTexts(Protocol):
    """Text typed and not yet saved, one a person, case and item. Not part of the record."""

    def keep(self, unsaved: Unsaved) -> None: ...

    def find(self, account_id: str, case_id: str) -> tuple[Unsaved, ...]: ...

    def drop(self, account_id: str, case_id: str, item: int | None = None) -> None:
        """Of one item, or of every item of the case."""
        ...


class RecordStore(Protocol):
    """The record of the review desk: events that are appended and never changed, and what they add up to.

    An entry, its payload, the case's row in the queue and the account's row are written in one transaction or not at
    all. Every method raises StoreUnavailable where the store cannot be reached; what writes raises StorageFull where
    there is no room.
    """

    @property
    def sessions(self) -> Sessions: ...

    @property
    def unsaved(self) -> UnsavedTexts: ...

    def append(self, new: NewEntry, *, expected_head: int | None = None) -> Entry:
        """Record one event; see `append_all`."""
        ...

    def append_all(
        self, new: Sequence[NewEntry], *, expected_head: int | None = None, secrets: Sequence[Secret] = ()
    ) -> tuple[Entry, ...]:
        """Record these events in this order, all of them or none.

        All of them are of one case, or of none. `expected_head` is the number of the case's last entry that the writer
        has seen, 0 for none: where the case was changed since, CaseMoved is raised and names its head; that somebody
        looked at it (`BESIDE_THE_CASE`) changes nothing. None: what is recorded holds whatever came before. A request
        id that is known gives the entry of its first time and writes nothing. `secrets` are those whose seals the
        events tell of; they take the place of what stood there, and are no part of the record.

        Raises RequestReused where that entry has another actor, action or case, CasePurged for a case that was purged,
        LoginTaken where another account has the login.
        """
        ...

    def entries(self, *, case_id: str | None = None, after: int = 0, actions: Sequence[str] = ()) -> Iterator[Entry]:
        """Entries in their order: of one case or of all, from number `after` + 1 on, of these actions or of any."""
        ...

    def history(self, *, case_id: str | None = None, after: int = 0, actions: Sequence[str] = ()) -> Iterator[Happened]:
        """The events of `entries`, without those whose payload was purged. Raises RecordDamaged."""
        ...

    def event(self, entry: Entry) -> Event | None:
        """What the entry records, None where it was purged. Raises RecordDamaged where it is not what was recorded."""
        ...

    def state(self, case_id: str) -> CaseState | None:
        """What the events of the case add up to, None for a case that there is not or that was purged."""
        ...

    def queue(self, asked: QueueFilter) -> QueuePage: ...

    def audit_page(self, asked: AuditFilter) -> AuditPage:
        """Entries that were asked for, newest first."""
        ...

    def account(
        self, *, account_id: str | None = None, login: str | None = None, identity: Identity | None = None
    ) -> Account | None:
        """By id, by login, whatever the case of its letters, or by who it is at the identity provider."""
        ...

    def accounts(self) -> tuple[Account, ...]:
        """Every account by login."""
        ...
