"""What `drafter prompts try`, `release`, `rollback` and `history` do."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from drafter.domain.prompting.release import LabelEvent, Signed
from drafter.domain.prompting.trial import ChangedItem, TrialResult
from drafter.errors import ReleaseRefused
from drafter.prompt_bootstrap import open_library, open_releasing, open_trial_runs, open_trials
from drafter.services.contract import to_line
from drafter.services.prompting import releasing
from drafter.services.prompting.releasing import Releasing
from drafter.services.prompting.trying import try_version
from drafter.settings import Settings

EXIT = {"PASS": 0, "FAIL": 1, "INCONCLUSIVE": 3}
SHOWN = 20  # changed items on the terminal; --json has all


def run_try(
    settings: Settings,
    *,
    label: str,
    dataset: Path,
    model: str | None,
    against: str | None,
    page: Path | None,
    as_json: bool,
) -> int:
    """Runs a trial and prints its verdict; gives the exit code of the gate. Raises DrafterError."""
    library = open_library(settings)
    result = try_version(
        label,
        dataset=dataset,
        model=model or settings.model,
        library=library,
        runs=open_trial_runs(settings),
        store=open_trials(settings),
        against=against,
        page=page,
    )
    if as_json:
        sys.stdout.write(to_line(result.model_dump(mode="json", exclude={"at"})) + "\n")
    else:
        sys.stdout.write(trial_text(result, least_items=library.policy().least_items))
    return EXIT[result.verdict]


def run_release(
    settings: Settings,
    *,
    label: str,
    signed: Signed,
    candidate: bool,
    override: bool,
    model: str | None,
    dataset: str | None,
) -> int:
    """One act on a version, told in a sentence. Raises DrafterError."""
    parts = open_releasing(settings)
    if candidate:
        releasing.propose(label, signed=signed, parts=parts)
        told = f"{label} is a candidate: its text is fixed. Try it on the gate's set; then a second person releases it."
        sys.stdout.write(f"{told}\n")
        return 0
    named_model, named_set = _ground(parts, settings, model=model, dataset=dataset)
    if override:
        releasing.override(label, signed=signed, model=named_model, dataset=named_set, parts=parts)
        sys.stdout.write(f"Signed. When two people have, `drafter prompts release {label}` puts it live.\n")
        return 0
    event = releasing.release(label, signed=signed, model=named_model, dataset=named_set, parts=parts)
    sys.stdout.write(f"{event.after} is live, in place of {event.before}: {event.ground}.\n")
    return 0


def run_rollback(settings: Settings, *, purpose: str, signed: Signed, to: str | None, undo: bool) -> int:
    """Back to a version that was live, or that taken back. Raises DrafterError."""
    parts = open_releasing(settings)
    if undo:
        event = releasing.undo_rollback(purpose, signed=signed, parts=parts)
    else:
        event = releasing.rollback(purpose, signed=signed, parts=parts, to=to)
    sys.stdout.write(f"{event.after} is live, in place of {event.before}. --undo takes a rollback back.\n")
    return 0


def run_history(settings: Settings, *, purpose: str | None, as_json: bool) -> int:
    """Who put which version live when, from which, to which, and why. Raises HistoryBroken."""
    events = releasing.history(open_releasing(settings), purpose=purpose)
    if as_json:
        sys.stdout.write(to_line({"events": [event.model_dump(mode="json") for event in events]}) + "\n")
        return 0
    sys.stdout.write("".join(history_lines(events)) or "Nothing was released here yet; active.toml is what came.\n")
    return 0


def history_lines(events: Sequence[LabelEvent]) -> list[str]:
    lines = []
    for event in events:
        moved = f"{event.before} -> {event.after}" if event.before != event.after else f"{event.after} stays live"
        ground = f"\n    on: {event.ground}" if event.ground else ""
        lines.append(
            f"{event.at:%Y-%m-%d %H:%M} UTC  {event.act:9} {event.label} ({event.digest[:12]})  {moved}\n"
            f"    by {event.by}: {event.why}{ground}\n"
        )
    return lines


def trial_text(result: TrialResult, *, least_items: int) -> str:
    """Verdict, the gate's words, and the items that changed."""
    on = f"{result.dataset_name} ({result.items} items of {result.cases} cases)"
    lines = [
        f"{result.verdict}: {result.label} against {result.against}, {result.model}, {on}",
        *result.report.splitlines()[1:],
        f"{len(result.changed)} of {result.items} items changed",
        *(_changed(one) for one in result.changed[:SHOWN]),
    ]
    if len(result.changed) > SHOWN:
        lines.append(f"  and {len(result.changed) - SHOWN} more; --json has them all")
    if result.items < least_items:
        lines.append(f"A release asks for a verdict on {least_items} items or more; this set tells what changed.")
    return "\n".join(lines) + "\n"


def _changed(one: ChangedItem) -> str:
    moved = ", ".join(f"{name} {_score(before)} to {_score(after)}" for name, (before, after) in one.scores.items())
    sentences = f"{one.sentences_before} to {one.sentences_after} sentences"
    return f"  {one.case_number} item {one.item}: {sentences}{'; ' + moved if moved else ''}"


def _score(value: float | None) -> str:
    return "undefined" if value is None else f"{value:g}"


def _ground(parts: Releasing, settings: Settings, *, model: str | None, dataset: str | None) -> tuple[str, str]:
    """The model and the set whose verdict counts: those named, else the policy's. Raises ReleaseRefused."""
    policy = parts.library.policy()
    named = dataset or policy.dataset
    if named is None:
        raise ReleaseRefused("Name the set whose verdict counts with --set, or as dataset in release.toml.")
    return model or policy.model or settings.model, named
