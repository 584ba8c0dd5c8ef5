"""Composition root of the work on prompt versions: which folder, which history, which program makes the trials.

Kept apart from `drafter/bootstrap.py`, because nobody who drafts needs it. State lies under the home: `prompts/` holds
the label history, kept results and the runs they were made from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from drafter.adapters.clock import SystemClock
from drafter.adapters.evals_program import EvalsProgram
from drafter.adapters.label_history_file import LabelHistoryFile
from drafter.adapters.prompt_folder import PromptFolder
from drafter.adapters.trial_files import TrialFiles
from drafter.bootstrap import App
from drafter.domain.case import Case, Determination
from drafter.domain.drafting.brief import ItemBrief
from drafter.domain.exchange.values import PromptValues
from drafter.model_bootstrap import open_calls, open_replies
from drafter.ports import LabelHistory, StoredReplies, TrialRuns, TrialStore
from drafter.prompting.item_values import ValuesOnly
from drafter.services.drafting import draft_case
from drafter.services.prompting.releasing import Releasing
from drafter.settings import Settings


def open_library(settings: Settings) -> PromptFolder:
    """The prompt versions. Raises TemplateInvalid where the folder is not there."""
    return PromptFolder(settings.prompts_dir)


def open_history(settings: Settings) -> LabelHistory:
    return LabelHistoryFile(settings.home / "prompts" / "history.jsonl")


def open_trials(settings: Settings) -> TrialStore:
    return TrialFiles(settings.home / "prompts" / "trials")


def open_trial_runs(settings: Settings) -> TrialRuns:
    return EvalsProgram(settings.home / "prompts" / "runs", clock=SystemClock())


def open_releasing(settings: Settings, *, history: LabelHistory | None = None) -> Releasing:
    """What releases need; `history` in place of the file in the home. Raises TemplateInvalid."""
    return Releasing(
        library=open_library(settings),
        history=history or open_history(settings),
        trials=open_trials(settings),
        clock=SystemClock(),
    )


def open_stored_replies(settings: Settings, *, model: str | None) -> StoredReplies | None:
    """Replies of a model that are there already; None for one that is asked nothing."""
    kind, _, name = (model or settings.model).partition(":")
    if kind == "replay" and name:
        from drafter.adapters.replay_model import ReplaySource

        return ReplaySource(Path(name))
    if kind == "openai" and name:
        return open_replies(settings, name, open_calls(settings, name))
    return None


def prompt_values(
    app: App, case: Case, *, determinations: Mapping[int, Determination] | None = None, items: Sequence[int] = ()
) -> Sequence[tuple[ItemBrief, PromptValues]]:
    """What would fill the prompt of each item, whatever template it is put into; nothing is asked."""
    model = ValuesOnly(forms=app.forms, vocabulary=app.vocabulary)
    drafts = draft_case(
        case,
        retriever=app.retriever,
        model=model,
        vocabulary=app.vocabulary,
        determinations=determinations,
        items=items,
    )
    for _ in drafts:
        pass
    return model.values
