"""What the JSON API takes and gives, beside the shapes of the domain. No secret, no name of a reviewer."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, SecretStr, StrictBool

from drafter.domain.case import Determination
from drafter.domain.health import Part, Status
from drafter.domain.model import DomainModel
from drafter.domain.review.letter import Letter
from drafter.domain.review.obstacles import Obstacle
from drafter.domain.review.passwords import LOGIN
from drafter.domain.review.people import Account, Credentials, Role
from drafter.services.desk.editing import SentenceText
from drafter.services.queue import AskedQueue, View
from drafter.web.failures import Problem


def _iso_day(told: object) -> object:
    """A number would else be taken for seconds since 1970, and a case would be due then."""
    if isinstance(told, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", told):
        raise ValueError("a day is written YYYY-MM-DD")
    if isinstance(told, int | float):
        raise ValueError("a day is written YYYY-MM-DD")
    return told


def _number(told: object) -> object:
    """JSON has numbers of its own; a text or a truth is none."""
    if isinstance(told, str | bool):
        raise ValueError("a number is wanted here")
    return told


IsoDay = Annotated[date, BeforeValidator(_iso_day)]
Text = Annotated[str, Field(max_length=200)]
Secret = Annotated[str, Field(max_length=1000, repr=False)]
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": words}
    for status, words in {
        400: "the request could not be read",
        401: "nobody is signed in",
        403: "no role of the person may do this, or the token is missing",
        404: "there is no such thing",
        409: "somebody was quicker",
        413: "the body is too large",
        422: "something is missing or wrong",
        429: "too many attempts",
        503: "the record cannot be reached",
        507: "storage is full",
    }.items()
}


class Given(DomainModel):
    """A body that somebody sends: types are taken as JSON has them."""

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)


class SignInGiven(Given):
    login: Text
    password: Secret
    code: Annotated[str, Field(max_length=40)] = ""


class SignedInShown(DomainModel):
    """`csrf` goes into the header X-CSRF-Token of every request that changes something."""

    account_id: str
    login: str
    roles: tuple[Role, ...]
    must_choose_password: bool
    csrf: str


class AccountShown(DomainModel):
    account_id: str
    login: str
    roles: tuple[Role, ...]
    active: bool
    second_factor: bool
    must_choose_password: bool
    prints: Credentials | None


class AccountsShown(DomainModel):
    accounts: tuple[AccountShown, ...]


class NewAccountGiven(Given):
    login: Annotated[str, Field(pattern=f"^{LOGIN}$")]
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=4)]


class TemporaryShown(DomainModel):
    """`password` is shown this once."""

    account: AccountShown
    password: str


class AccountChangeGiven(Given):
    """What is left out stays as it is."""

    roles: Annotated[tuple[Role, ...] | None, Field(min_length=1, max_length=4)] = None
    active: StrictBool | None = None


class FindGiven(AskedQueue):
    """The question is a body and no address, for what is looked for may name a treatment or a case."""

    view: View = "all"
    descending: StrictBool = False
    page: Annotated[int, Field(ge=1, le=10_000), BeforeValidator(_number)] = 1
    text: Text = ""


class AssignGiven(Given):
    """`account_id` null gives the case back to the queue."""

    account_id: Text | None


class FilePasswordGiven(Given):
    password: Annotated[SecretStr, Field(min_length=1, max_length=200)]


class TextImportGiven(Given):
    """A case as text: a case file, a letter or a summary; `treatments` where it names none."""

    text: Annotated[str, Field(min_length=1, max_length=10_000_000)]
    name: Text = "Pasted text"
    treatments: Annotated[tuple[Text, ...], Field(max_length=100)] = ()
    received: IsoDay | None = None
    formulary_dispute: StrictBool = False
    take: StrictBool = False


def account_shown(account: Account) -> AccountShown:
    return AccountShown(
        account_id=account.account_id,
        login=account.login,
        roles=account.roles,
        active=account.active,
        second_factor=account.second_factor,
        must_choose_password=account.must_choose_password,
        prints=account.profile.credentials if account.profile else None,
    )


class TiesGiven(Given):
    clear: bool
    words: Annotated[str, Field(max_length=1000)] = ""


class TextGiven(Given):
    """`parent` is the revision that the sentences were made from, null for the first text."""

    parent: int | None
    sentences: Annotated[tuple[SentenceText, ...], Field(max_length=200)]


class DecisionGiven(Given):
    determination: Determination | None


class ReasonGiven(Given):
    reason: Annotated[str, Field(max_length=2000)]


class ApprovalGiven(Given):
    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    password: Secret
    code: Annotated[str, Field(max_length=40)] = ""


class ApprovedShown(DomainModel):
    """The number of the audit entry."""

    entry: int


class LetterShown(DomainModel):
    """`letter` and `fingerprint` are null while an item is undecided or has no text."""

    letter: Letter | None
    fingerprint: str | None
    obstacles: tuple[Obstacle, ...]


class HealthShown(DomainModel):
    """`process` is the number that the system knows the process by."""

    status: Status
    process: int
    parts: tuple[Part, ...]
