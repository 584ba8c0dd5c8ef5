"""What can go wrong between here and a model, as one sentence each, whichever client was told of it.

A failure is worth another try only where the same request may succeed a moment later. What the server says is never
shown: it may repeat what it was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Literal, NamedTuple

from drafter.adapters.refusal_words import Meaning, Refusal, meaning, refused_parameter
from drafter.ports import Clock

FailureKind = (
    Meaning
    | Literal[
        "unreachable", "slow", "busy", "key", "forbidden", "refused", "cut", "server", "unreadable", "elsewhere",
        "withheld",
    ]
)  # fmt: skip
_AGAIN: frozenset[FailureKind] = frozenset({"unreachable", "slow", "busy", "server", "unreadable"})
_SENTENCES: dict[FailureKind, str] = {
    "unreachable": "Model unreachable: write this item manually, or retry later; what you typed is kept.",
    "slow": "The model did not answer in time: write this item manually, or retry later; no part of it was used.",
    "busy": "The model's server takes no more requests now; run this again later, what is drafted is kept.",
    "no_credit": "Drafting with the model is off: its account is used up. Tell an administrator; the rest works.",
    "key": "Drafting with the model is off: its server refuses the key. Tell an administrator; the rest works.",
    "forbidden": "The model's server does not allow this key this model; tell whoever administers it.",
    "no_model": "The model's server has no such model; correct the name after openai: or OPENAI_BASE_URL.",
    "refused": "The model's server does not accept the request; tell whoever administers it.",
    "form": "The model's server knows no way to ask for JSON.",
    "too_long": "The prompt is too long for the model even without passages; shorten the record of this case.",
    "cut": "Draft incomplete: the reply was cut off at its length limit, twice; write this item by hand.",
    "server": "The model's server failed; write this item by hand, or run it again later.",
    "unreadable": "The model's server answered with something that is no reply; check OPENAI_BASE_URL.",
    "elsewhere": "The model's server sends us to another host, where nobody was asked; correct OPENAI_BASE_URL.",
    "withheld": "Nothing was sent: the request held what had been taken out of it.",
    "content": "The model's server withheld the reply by a content filter; write this item by hand.",
}


class Failure(NamedTuple):
    """`wait`: seconds that the server asks to wait, or None; `parameter`: the request's field it does not take."""

    kind: FailureKind
    wait: float | None = None
    parameter: str | None = None

    @property
    def again(self) -> bool:
        return self.kind in _AGAIN

    @property
    def sentence(self) -> str:
        if self.kind == "busy" and self.wait is not None and self.wait >= 1:
            return (
                f"The model's server asks to wait {round(self.wait)} s, longer than a draft may take; "
                "draft this item again after that, what is drafted is kept."
            )
        return _SENTENCES[self.kind]


class CutOff(Exception):
    """A stream that ended before the reply did."""


class NotStreamed(Exception):
    """An answer that was asked for as a stream and is none."""


class Withheld(Exception):
    """The bytes that were about to be sent hold words that were taken out of the prompt."""


def failure_of_refusal(refusal: Refusal, *, clock: Clock) -> Failure:
    """What an HTTP status that is no success means."""
    status = refusal.status
    if status == 429:
        return failure_by_words(refusal, Failure("busy", wait=_asked_wait(refusal.headers, clock)))
    if status in (400, 415, 422):
        return failure_by_words(refusal, Failure("refused"))
    if status in (404, 405):
        return failure_by_words(refusal, Failure("no_model"))
    if status == 413:
        return failure_by_words(refusal, Failure("too_long"))
    if status == 401:
        return Failure("key")
    if status == 402:
        return Failure("no_credit")
    if status == 403:
        return Failure("forbidden")
    if status == 501:
        return Failure("form")  # a server that has not built something has not built the JSON by a schema
    if status in (408, 409, 425) or status >= 500:
        return failure_by_words(refusal, Failure("server", wait=_asked_wait(refusal.headers, clock)))
    return Failure("elsewhere" if status < 400 else "refused")


def failure_by_words(refusal: Refusal, otherwise: Failure) -> Failure:
    """A failure that the answer's words tell more of than its status."""
    meant = meaning(refusal)
    if otherwise.kind == "busy":
        return Failure("no_credit") if meant == "no_credit" else otherwise
    if otherwise.kind == "server":
        return Failure(meant) if meant in ("no_credit", "form", "too_long", "content") else otherwise
    if meant is not None:
        return Failure(meant)
    return otherwise._replace(parameter=refused_parameter(refusal))


def _asked_wait(headers: Mapping[str, str], clock: Clock) -> float | None:
    told = headers.get("retry-after-ms")
    try:
        if told is not None:
            return max(0.0, float(told) / 1000)
        told = headers.get("retry-after")
        if told is None:
            return None
        return max(0.0, float(told))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(str(told)) - clock.now()).total_seconds())
    except (ValueError, TypeError):
        return None
