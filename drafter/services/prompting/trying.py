"""Trial of a prompt version: the same cases under it and under the live version, what changed, and what the gate says.

The runs are made by another program behind `TrialRuns`; replies that are kept cost nothing the second time. The result
is kept for exactly this text, this live text, model, dataset and gate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from drafter.domain.prompting.trial import TrialRequest, TrialResult
from drafter.errors import TrialFailed
from drafter.ports import PromptLibrary, TrialRuns, TrialStore
from drafter.services.prompting.checking import check_version

TRIED = ("rationale", "options")


def try_version(
    label: str,
    *,
    dataset: Path,
    model: str,
    library: PromptLibrary,
    runs: TrialRuns,
    store: TrialStore,
    against: str | None = None,
    page: Path | None = None,
) -> TrialResult:
    """Run the trial and keep its result.

    Raises TrialFailed where the version has errors, is the one it would be compared with, or no verdict came of it.
    """
    purpose = label.partition("@")[0]
    if purpose not in TRIED:
        raise TrialFailed(f"{label}: only {' and '.join(TRIED)} are tried on cases.")
    other = against or library.live(purpose)
    if other == label:
        raise TrialFailed(f"{label} is the version to compare with; try another, or name one with --against.")
    errors = check_version(label, library=library).linted.errors
    if errors:
        raise TrialFailed(
            f"{label} has {errors} errors; `drafter prompts check {label}` shows where; correct them first."
        )
    text, live = library.text(label), library.text(other)
    request = TrialRequest(
        label=label,
        digest=text.digest,
        against=other,
        against_digest=live.digest,
        model=model,
        dataset=dataset,
        gate=library.gate(),
        page=page,
    )
    result = runs.run(request)
    store.add(result)
    return result


def kept_trials(label: str, *, library: PromptLibrary, store: TrialStore) -> Sequence[TrialResult]:
    """The results that speak for the version as it is now, oldest first."""
    return store.of(library.text(label).digest)


def gate_text_hash(gate: Path) -> str:
    """The hash that a result names its gate by. Raises TrialFailed where there is none."""
    try:
        return hashlib.sha256(gate.read_bytes()).hexdigest()
    except OSError:
        raise TrialFailed(f"{gate}: there is no gate file; release.toml names it.") from None
