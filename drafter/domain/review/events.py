"""What can happen at the desk, each event once and for good.

The record store appends these and changes none; the state of a case is what they add up to (`state.py`). A correction
is a new event with an author and a reason. Each is named by its `action`; the union is closed, so that an event which a
release cannot read is an error and not a gap.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import AwareDatetime, Field, TypeAdapter

from drafter.domain.case import Case, Determination
from drafter.domain.draft import Finding, ItemDraft, Statement
from drafter.domain.model import DomainModel
from drafter.domain.prompting.release import LabelEvent
from drafter.domain.review.due import Pace
from drafter.domain.review.letter import Letter
from drafter.domain.review.people import Identity, ReviewerProfile, Role


class Drill(DomainModel):
    """One sentence of a signed letter, made wrong on purpose, to see whether its reader notices. `item` and `place`
    (from 0) say where it stood; `was` is the signed sentence, `planted` the wrong one."""

    of_case: str
    item: int
    place: int
    was: str
    planted: str


class CaseOpened(DomainModel):
    """A case came in. `source_sha256` is of the file's bytes, so that the same file twice is known; `drill` where the
    case is none but an exercise, which is never signed, exported or counted."""

    action: Literal["case-opened"] = "case-opened"
    case: Case
    source_name: str
    source_sha256: str
    received: date
    pace: Pace
    due: date
    drill: Drill | None = None


class CaseAssigned(DomainModel):
    action: Literal["case-assigned"] = "case-assigned"
    account_id: str | None


class ConflictDeclared(DomainModel):
    """Before a case opens its reviewer says whether she has a tie to a party; `words` say which."""

    action: Literal["conflict-declared"] = "conflict-declared"
    clear: bool
    words: str = ""


class GoverningDateChosen(DomainModel):
    """The dates give different editions, and the reviewer says which day governs."""

    action: Literal["governing-date-chosen"] = "governing-date-chosen"
    day: date
    reason: str


class DraftRestsOn(DomainModel):
    """What a draft was made with; the same parts give the same draft."""

    program: str
    model: str
    settings: str = ""
    prompt: str
    prompt_sha256: str
    corpus_version: str


class Drafted(DomainModel):
    """A model wrote drafts of one or more items; what it wrote is never changed, only revised."""

    action: Literal["drafted"] = "drafted"
    drafts: tuple[ItemDraft, ...]
    rests_on: DraftRestsOn


class ReviewedSentence(DomainModel):
    """One sentence of the text under review.

    `origin` is the number of the draft's statement it came from (from 0), None where the reviewer wrote it;
    `draft_seq` the entry of that draft.
    """

    statement: Statement
    origin: int | None = None
    draft_seq: int | None = None


class Revised(DomainModel):
    """A new revision of one item: its whole text, the outcome chosen so far, and the findings on just this text.

    `parent` is the entry of the revision (or draft) it was made from.
    """

    action: Literal["revised"] = "revised"
    item: int
    parent: int | None
    determination: Determination | None
    sentences: tuple[ReviewedSentence, ...]
    pinned: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    autosaved: bool = False


class FindingWaived(DomainModel):
    action: Literal["finding-waived"] = "finding-waived"
    item: int | None
    finding_key: str
    check: str
    reason: str


class FindingContested(DomainModel):
    action: Literal["finding-contested"] = "finding-contested"
    item: int | None
    finding_key: str
    check: str
    reason: str


class ContestCountersigned(DomainModel):
    """QA has read a contest and agrees with it."""

    action: Literal["contest-countersigned"] = "contest-countersigned"
    item: int | None
    finding_key: str
    check: str
    reason: str


class Approved(DomainModel):
    """The signature: bound to the fingerprint of the letter as it stood on the screen. `day` is the letter's date
    where it was signed; None in entries from before it was kept, whose letters have the day in UTC."""

    action: Literal["approved"] = "approved"
    letter: Letter
    fingerprint: str
    revisions: tuple[int, ...]
    day: date | None = None


class AmendmentOpened(DomainModel):
    """A signed letter is taken up again; the signed text stays as it was."""

    action: Literal["amendment-opened"] = "amendment-opened"
    reason: str
    of_approval: int


class Exported(DomainModel):
    """A file left the desk; `sha256` of its bytes."""

    action: Literal["exported"] = "exported"
    kind: Literal["pdf", "docx", "json"]
    approval: int | None
    sha256: str


class Viewed(DomainModel):
    """Reading is on record too (45 CFR 164.312(b))."""

    action: Literal["viewed"] = "viewed"
    what: Literal["case", "history", "export"]


class SecondOutcome(DomainModel):
    """The outcomes a second reader would choose, given before she saw the signed ones."""

    action: Literal["second-outcome"] = "second-outcome"
    approval: int
    determinations: dict[int, Determination]


class DrillEnded(DomainModel):
    """A drill was approved by its reader; `found` where the planted sentence no longer stood in the text."""

    action: Literal["drill-ended"] = "drill-ended"
    found: bool
    answered: bool


class SecondReading(DomainModel):
    """QA's second reading of a signed case: the checklist's answers by the number of the point."""

    action: Literal["second-reading"] = "second-reading"
    approval: int
    answers: dict[int, Literal["yes", "no", "does-not-apply"]]
    remarks: str = ""
    seconds: int | None = None


class MadeEvaluationCase(DomainModel):
    action: Literal["made-evaluation-case"] = "made-evaluation-case"
    approval: int
    dataset: str


class Purged(DomainModel):
    """Clinical text of the case was removed under a retention rule; the chain of hashes stays."""

    action: Literal["purged"] = "purged"
    rule: str
    reason: str


class AccountAdded(DomainModel):
    action: Literal["account-added"] = "account-added"
    account_id: str
    login: str
    roles: tuple[Role, ...]
    identity: Identity | None = None


class AccountChanged(DomainModel):
    """None leaves a value as it was; no roles at all is what somebody has who has lost her groups at the provider."""

    action: Literal["account-changed"] = "account-changed"
    account_id: str
    roles: tuple[Role, ...] | None = None
    active: bool | None = None
    profile: ReviewerProfile | None = None


class PasswordSet(DomainModel):
    """`seal` of the hash, which is kept apart (`secrets.py`). Entries from before seals hold the hash itself."""

    action: Literal["password-set"] = "password-set"
    account_id: str
    seal: str = ""
    password_hash: str = Field(default="", repr=False)


class SecondFactorSet(DomainModel):
    """`seal` of the secret, which is kept apart (`secrets.py`); None takes the second factor away. Entries from before
    seals hold the secret itself."""

    action: Literal["second-factor-set"] = "second-factor-set"
    account_id: str
    seal: str | None = None
    totp_secret: str | None = Field(default=None, repr=False)


class IdentityLinked(DomainModel):
    """From here on the person signs in at the identity provider, and her password holds no more; None: by password."""

    action: Literal["identity-linked"] = "identity-linked"
    account_id: str
    identity: Identity | None


class SignedIn(DomainModel):
    action: Literal["signed-in"] = "signed-in"
    account_id: str
    by: Literal["password", "provider"] = "password"


# From `state` on they are of sign-on by a provider: what of its answer did not hold, or that no group opens the desk.
WhyRefused = Literal[
    "unknown", "password", "code", "inactive", "too-many", "passwords-off", "state", "replayed", "refused-there",
    "token", "signature", "audience", "issuer", "nonce", "expired", "other-person", "not-fresh", "groups", "login",
]  # fmt: skip


class SignInRefused(DomainModel):
    """`login` is not kept: people type passwords into the wrong field."""

    action: Literal["sign-in-refused"] = "sign-in-refused"
    why: WhyRefused
    account_id: str | None = None


class IdentityConfirmed(DomainModel):
    """A signed-in person has shown the provider once more who she is, at the time `at` of its clock."""

    action: Literal["identity-confirmed"] = "identity-confirmed"
    account_id: str
    at: AwareDatetime


class SignedOut(DomainModel):
    action: Literal["signed-out"] = "signed-out"
    account_id: str


class AccessRefused(DomainModel):
    """A person asked for what is not hers, or a request did not come from a page of the desk. `route` is the route's
    name in the table of routes, never an address with what was typed into it."""

    action: Literal["access-refused"] = "access-refused"
    route: str
    why: Literal["role", "ownership", "origin", "token"]


class ImportRefused(DomainModel):
    """A file that became no case, or none yet: it could not be read, was there already, or asks for a password. Its
    name is not kept: names of files name people."""

    action: Literal["import-refused"] = "import-refused"
    source_sha256: str
    why: Literal["unreadable", "known", "too-large", "password"]


class Restored(DomainModel):
    """The store was restored from a backup whose last entry is `seq`."""

    action: Literal["restored"] = "restored"
    seq: int
    reason: str


class StoreOpened(DomainModel):
    """The record store was first opened, or opened with another database, program or set of tables than before."""

    action: Literal["store-opened"] = "store-opened"
    database_id: str
    database: str
    program: str
    revision: str


class SigningKeyChanged(DomainModel):
    """Checkpoints are signed by the key `new` from here on; what `old` signed still verifies."""

    action: Literal["signing-key-changed"] = "signing-key-changed"
    old: str
    new: str


class LabelMoved(DomainModel):
    """An act on a prompt version: candidate, override, release, rollback, undo (`drafter.domain.prompting.release`)."""

    action: Literal["label-moved"] = "label-moved"
    move: LabelEvent


Event = Annotated[
    CaseOpened
    | CaseAssigned
    | ConflictDeclared
    | GoverningDateChosen
    | Drafted
    | Revised
    | FindingWaived
    | FindingContested
    | ContestCountersigned
    | Approved
    | AmendmentOpened
    | Exported
    | Viewed
    | SecondOutcome
    | DrillEnded
    | SecondReading
    | MadeEvaluationCase
    | Purged
    | AccountAdded
    | AccountChanged
    | PasswordSet
    | SecondFactorSet
    | IdentityLinked
    | IdentityConfirmed
    | SignedIn
    | SignInRefused
    | SignedOut
    | AccessRefused
    | ImportRefused
    | Restored
    | StoreOpened
    | SigningKeyChanged
    | LabelMoved,
    Field(discriminator="action"),
]
EVENTS: TypeAdapter[Event] = TypeAdapter(Event)
ACTIONS: tuple[str, ...] = tuple(sorted(kind.model_fields["action"].default for kind in get_args(get_args(Event)[0])))
