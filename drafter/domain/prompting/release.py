"""Who may put which prompt version live, and on what ground: a function of the history and the stored verdicts.

A version is a draft, becomes a candidate, and goes live. A candidate is published: its hash is fixed, so that what was
judged is what goes live. It goes live only

* with a PASS of the gate for exactly its hash, against the version that is live now, with the model and the dataset
  that the policy names (or that were asked for), on at least so many items as the policy asks;
* released by a second person: neither its author nor whoever made it a candidate.

INCONCLUSIVE may be overridden by two people, neither of them the author, each with a written reason; both stay in the
history. FAIL may not. Going back to a version that was live before needs no gate, because it was live; it can itself be
taken back. Nothing here reads a clock, a file or a name of its own (proved by tests/unit/test_prompt_releasing.py).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Literal

from drafter.domain.model import DomainModel
from drafter.domain.prompting.trial import TrialResult
from drafter.errors import ReleaseRefused

Act = Literal["candidate", "override", "release", "rollback", "undo"]
LEAST_WORDS = 3  # of a reason: fewer say nothing to whoever reads the history


class LabelEvent(DomainModel):
    """One act. `before` and `after`: the live version before and after it; `digest`: the hash of the version acted on.

    `ground`: in words, what the act rested on (the verdict, or the signatures that overrode it).
    """

    purpose: str
    act: Act
    label: str
    digest: str
    before: str
    after: str
    by: str
    why: str
    at: datetime.datetime
    ground: str = ""


class ReleasePolicy(DomainModel):
    """What a release asks for. `model`, `dataset`: whose verdict counts; None where named with the act."""

    least_items: int = 400
    gate: str = "gate.toml"
    model: str | None = None
    dataset: str | None = None


class Signed(DomainModel):
    """Who acts, and why."""

    by: str
    why: str


def person(name: str) -> str:
    """A name as it is compared: without case, and with single spaces."""
    return " ".join(name.split()).casefold()


def check_signed(signed: Signed) -> None:
    """Raises ReleaseRefused without a name or with a reason that says nothing."""
    if not person(signed.by):
        raise ReleaseRefused("Nobody signs; name yourself with --by.")
    if len(signed.why.split()) < LEAST_WORDS:
        raise ReleaseRefused(f"The reason is shorter than {LEAST_WORDS} words; say why, for whoever reads the history.")


def candidate_by(events: Iterable[LabelEvent], *, label: str, digest: str) -> LabelEvent | None:
    """The act that made exactly this text a candidate."""
    return next((one for one in events if one.act == "candidate" and (one.label, one.digest) == (label, digest)), None)


def check_candidate(*, label: str, errors: int, live: str) -> None:
    """Raises ReleaseRefused for a version that has errors, or is live already."""
    if label == live:
        raise ReleaseRefused(f"{label} is live already; there is nothing to release.")
    if errors:
        found = f"{errors} error{'s' if errors > 1 else ''}"
        raise ReleaseRefused(f"{label} has {found}; `drafter prompts check {label}` shows where; correct them first.")


def check_second_person(signed: Signed, *, label: str, author: str, candidate: LabelEvent | None) -> None:
    """Raises ReleaseRefused where the one who releases wrote the version or proposed it.

    `author`: of the front matter; several who wrote it are parted by semicolons.
    """
    if person(signed.by) in {person(name) for name in (author, *author.split(";"))}:
        raise ReleaseRefused(f"{signed.by} wrote {label}; a second person has to release it.")
    if candidate is not None and person(signed.by) == person(candidate.by):
        raise ReleaseRefused(f"{signed.by} made {label} a candidate; a second person has to release it.")


def deciding_trial(
    trials: Sequence[TrialResult],
    *,
    label: str,
    against_digest: str,
    model: str,
    dataset: str,
    gate: str,
    least_items: int,
) -> TrialResult:
    """The latest result that speaks for this release. Raises ReleaseRefused with what is missing where none does."""
    told = f"No verdict is stored for {label} with {model} on {dataset}"
    if not trials:
        raise ReleaseRefused(f"{told}; run `drafter prompts try {label} --set DATASET` first.")
    mine = [one for one in trials if one.model == model and dataset in (one.dataset, one.dataset_name)]
    if not mine:
        held = "; ".join(sorted({f"{one.model} on {one.dataset_name}" for one in trials}))
        raise ReleaseRefused(f"{told}, only for {held}; try it there.")
    current = [one for one in mine if one.against_digest == against_digest]
    if not current:
        raise ReleaseRefused(
            f"The live version changed since {label} was tried against {mine[-1].against}; "
            "try it against the one live now."
        )
    last = current[-1]
    if last.gate != gate:
        raise ReleaseRefused(f"The gate changed since {label} was tried; try it under the gate as it is now.")
    if last.items < least_items:
        raise ReleaseRefused(
            f"The verdict on {label} rests on {last.items} items, and a release asks for {least_items}; "
            "try it on the gate's own set."
        )
    return last


def check_verdict(trial: TrialResult, overrides: Sequence[LabelEvent]) -> str:
    """The ground of the release in words. Raises ReleaseRefused for FAIL, and INCONCLUSIVE without two signatures."""
    told = f"{trial.verdict} on {trial.dataset_name} ({trial.items} items) with {trial.model}"
    if trial.verdict == "PASS":
        return told
    if trial.verdict == "FAIL":
        raise ReleaseRefused(
            f"The gate said FAIL for {trial.label}; a FAIL is not overridden. Change the text and try again."
        )
    signers = {person(one.by): one for one in overrides}
    if len(signers) < 2:
        signed_by = ", ".join(one.by for one in signers.values()) or "nobody"
        raise ReleaseRefused(
            f"The gate said INCONCLUSIVE for {trial.label}; two people may override it in writing with --override "
            f"(signed so far: {signed_by})."
        )
    reasons = "; ".join(f"{one.by}: {one.why}" for one in signers.values())
    return f"{told}, overridden by {reasons}"


def overrides_of(
    events: Iterable[LabelEvent], *, label: str, digest: str, trial: TrialResult
) -> tuple[LabelEvent, ...]:
    """Signatures under this very verdict: for this text, and after the trial."""
    return tuple(
        one
        for one in events
        if one.act == "override" and (one.label, one.digest) == (label, digest) and one.at >= trial.at
    )


def live_before(events: Sequence[LabelEvent], *, purpose: str, live: str) -> str:
    """The version that was live before the live one was first released. Raises ReleaseRefused where there is none."""
    for one in reversed(_moves(events, purpose)):
        if one.act == "release" and one.after == live:
            return one.before
    raise ReleaseRefused(f"No version of {purpose} was live before {live}; there is nothing to roll back to.")


def last_rollback(events: Sequence[LabelEvent], *, purpose: str, live: str) -> LabelEvent:
    """The rollback to take back. Raises ReleaseRefused where the last act was none."""
    moves = _moves(events, purpose)
    if not moves or moves[-1].act != "rollback" or moves[-1].after != live:
        raise ReleaseRefused(f"The last act on {purpose} was no rollback; there is nothing to take back.")
    return moves[-1]


def was_live(events: Sequence[LabelEvent], *, purpose: str) -> frozenset[str]:
    """Every version that the history shows live."""
    moves = _moves(events, purpose)
    return frozenset({one.before for one in moves} | {one.after for one in moves})


def last_live(events: Sequence[LabelEvent], *, purpose: str) -> str | None:
    """The version that the history leaves live; None where it says nothing of the purpose."""
    moves = _moves(events, purpose)
    return moves[-1].after if moves else None


def _moves(events: Sequence[LabelEvent], purpose: str) -> list[LabelEvent]:
    return [one for one in events if one.purpose == purpose and one.before != one.after]
