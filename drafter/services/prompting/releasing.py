"""Release of prompt versions: candidate, override, live, and back. One function an act; its event is kept first.

The history is written before `active.toml`: where the second write fails, the history says what was meant, and
`drafter prompts check` shows that the two differ (proved by tests/unit/test_prompt_releasing.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drafter.domain.prompting.release import (
    Act,
    LabelEvent,
    Signed,
    candidate_by,
    check_candidate,
    check_second_person,
    check_signed,
    check_verdict,
    deciding_trial,
    last_rollback,
    live_before,
    overrides_of,
    person,
    was_live,
)
from drafter.domain.prompting.trial import TrialResult
from drafter.errors import ReleaseRefused
from drafter.ports import Clock, LabelHistory, PromptLibrary, TrialStore
from drafter.services.prompting.checking import check_version
from drafter.services.prompting.standing import author_of
from drafter.services.prompting.trying import gate_text_hash


@dataclass(frozen=True, kw_only=True)
class Releasing:
    """What every act needs."""

    library: PromptLibrary
    history: LabelHistory
    trials: TrialStore
    clock: Clock


def propose(label: str, *, signed: Signed, parts: Releasing) -> LabelEvent:
    """Make a version a candidate: from here on its text never changes.

    Raises ReleaseRefused where it has errors or is live, TemplateInvalid where there is no such version.
    """
    check_signed(signed)
    live = parts.library.live(_purpose(label))
    checked = check_version(label, library=parts.library)
    check_candidate(label=label, errors=checked.linted.errors, live=live)
    digest = parts.library.text(label).digest
    if candidate_by(parts.history.read(), label=label, digest=digest):
        raise ReleaseRefused(f"{label} is a candidate already; try it, then a second person releases it.")
    event = _event("candidate", label, digest=digest, before=live, after=live, signed=signed, parts=parts)
    parts.history.append(event)
    parts.library.publish(label, digest)
    return event


def override(label: str, *, signed: Signed, model: str, dataset: str, parts: Releasing) -> LabelEvent:
    """Sign that an INCONCLUSIVE verdict is no reason to wait. Two people other than the author have to.

    Raises ReleaseRefused for any other verdict, for the author, and for a second signature by one person.
    """
    check_signed(signed)
    candidate = _candidate(label, parts)
    trial = _trial(label, digest=candidate.digest, model=model, dataset=dataset, parts=parts)
    if trial.verdict != "INCONCLUSIVE":
        raise ReleaseRefused(f"The gate said {trial.verdict} for {label}; only INCONCLUSIVE is overridden.")
    if person(signed.by) == person(author_of(label, library=parts.library)):
        raise ReleaseRefused(f"{signed.by} wrote {label}; two other people have to sign.")
    before = overrides_of(parts.history.read(), label=label, digest=candidate.digest, trial=trial)
    if person(signed.by) in {person(one.by) for one in before}:
        raise ReleaseRefused(f"{signed.by} has signed already; a second person has to.")
    live = parts.library.live(_purpose(label))
    ground = _told(trial)
    event = _event(
        "override", label, digest=candidate.digest, before=live, after=live, signed=signed, parts=parts, ground=ground
    )
    parts.history.append(event)
    return event


def release(label: str, *, signed: Signed, model: str, dataset: str, parts: Releasing) -> LabelEvent:
    """Put a candidate live.

    Raises ReleaseRefused without a verdict for exactly its hash, the live one's, the model, the dataset and the gate;
    on a FAIL; on an INCONCLUSIVE that two people did not override; for the author and for whoever proposed it.
    """
    check_signed(signed)
    candidate = _candidate(label, parts)
    live = parts.library.live(_purpose(label))
    check_candidate(label=label, errors=check_version(label, library=parts.library).linted.errors, live=live)
    check_second_person(signed, label=label, author=author_of(label, library=parts.library), candidate=candidate)
    trial = _trial(label, digest=candidate.digest, model=model, dataset=dataset, parts=parts)
    signatures = overrides_of(parts.history.read(), label=label, digest=candidate.digest, trial=trial)
    ground = check_verdict(trial, signatures)
    event = _event(
        "release", label, digest=candidate.digest, before=live, after=label, signed=signed, parts=parts, ground=ground
    )
    parts.library.publish(live, parts.library.text(live).digest)  # what drafts were made with never changes either
    return _moved(event, parts)


def rollback(purpose: str, *, signed: Signed, parts: Releasing, to: str | None = None) -> LabelEvent:
    """Put the version live that was live before this one, or `to`, which was live once. Asks no gate.

    Raises ReleaseRefused where there is none, or where `to` never was live.
    """
    check_signed(signed)
    events, live = parts.history.read(), parts.library.live(purpose)
    back = to or live_before(events, purpose=purpose, live=live)
    if back == live:
        raise ReleaseRefused(f"{back} is live already; there is nothing to roll back.")
    if back not in was_live(events, purpose=purpose):
        raise ReleaseRefused(f"The history does not show {back} live; release it instead.")
    return _moved(_back("rollback", back, live=live, signed=signed, parts=parts), parts)


def undo_rollback(purpose: str, *, signed: Signed, parts: Releasing) -> LabelEvent:
    """Take back the rollback that was the last act. Raises ReleaseRefused where it was another."""
    check_signed(signed)
    live = parts.library.live(purpose)
    last = last_rollback(parts.history.read(), purpose=purpose, live=live)
    return _moved(_back("undo", last.before, live=live, signed=signed, parts=parts), parts)


def history(parts: Releasing, *, purpose: str | None = None) -> Sequence[LabelEvent]:
    """Every act, oldest first. Raises HistoryBroken where the chain does not hold."""
    return tuple(one for one in parts.history.read() if purpose in (None, one.purpose))


def _back(act: Act, label: str, *, live: str, signed: Signed, parts: Releasing) -> LabelEvent:
    digest = parts.library.text(label).digest
    if parts.library.published().get(label, digest) != digest:
        raise ReleaseRefused(f"The published version {label} was changed; restore it before it goes live again.")
    return _event(act, label, digest=digest, before=live, after=label, signed=signed, parts=parts)


def _moved(event: LabelEvent, parts: Releasing) -> LabelEvent:
    parts.history.append(event)
    parts.library.set_live(event.after)
    return event


def _candidate(label: str, parts: Releasing) -> LabelEvent:
    digest = parts.library.text(label).digest
    found = candidate_by(parts.history.read(), label=label, digest=digest)
    if found is None:
        raise ReleaseRefused(
            f"{label} is no candidate; make it one with `drafter prompts release {label} --candidate`."
        )
    return found


def _trial(label: str, *, digest: str, model: str, dataset: str, parts: Releasing) -> TrialResult:
    policy = parts.library.policy()
    if policy.model not in (None, model):
        raise ReleaseRefused(f"release.toml asks for a verdict with the model {policy.model}, and not {model}.")
    against = parts.library.text(parts.library.live(_purpose(label)))
    trial = deciding_trial(
        parts.trials.of(digest),
        label=label,
        against_digest=against.digest,
        model=model,
        dataset=dataset,
        gate=gate_text_hash(parts.library.gate()),
        least_items=policy.least_items,
    )
    if policy.dataset not in (None, trial.dataset, trial.dataset_name):
        raise ReleaseRefused(f"release.toml asks for a verdict with the set {policy.dataset}, and not {dataset}.")
    return trial


def _purpose(label: str) -> str:
    return label.partition("@")[0]


def _told(trial: TrialResult) -> str:
    return f"{trial.verdict} on {trial.dataset_name} ({trial.items} items) with {trial.model}"


def _event(
    act: Act,
    label: str,
    *,
    digest: str,
    before: str,
    after: str,
    signed: Signed,
    parts: Releasing,
    ground: str = "",
) -> LabelEvent:
    return LabelEvent(
        purpose=_purpose(label),
        act=act,
        label=label,
        digest=digest,
        before=before,
        after=after,
        by=" ".join(signed.by.split()),
        why=" ".join(signed.why.split()),
        at=parts.clock.now(),
        ground=ground,
    )
