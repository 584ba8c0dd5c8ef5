"""The prompts at the desk: library, history in the desk's record, trials, and what a preview is made with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from drafter.adapters.builtin_redactor import BuiltinRedactor
from drafter.adapters.clock import SystemClock
from drafter.adapters.prompt_folder import PromptFolder
from drafter.adapters.trial_threads import TrialThreads
from drafter.bootstrap import App
from drafter.domain.case import Case
from drafter.domain.prompting.preview import Preview
from drafter.domain.prompting.template import PromptTemplate
from drafter.domain.review.people import Account
from drafter.errors import NothingToRead
from drafter.ports import RecordStore, TrialRuns, TrialStore
from drafter.prompt_bootstrap import open_stored_replies, open_trial_runs, open_trials, prompt_values
from drafter.prompting.files import load_prompt
from drafter.services.intake import read_case
from drafter.services.prompting.label_record import LabelRecord
from drafter.services.prompting.previewing import preview
from drafter.services.prompting.releasing import Releasing
from drafter.settings import PACKAGE, Settings

# Invented cases that come with the program: beside the package in a checkout and once installed.
SAMPLES = PACKAGE.parent / "evals" / "samples"
Previewing = Callable[[PromptTemplate, Case, int], Preview]


@dataclass(frozen=True, kw_only=True)
class PromptDesk:
    """`samples` are the cases a preview may be filled from, `datasets` the folders that a trial may run on."""

    library: PromptFolder
    trials: TrialStore
    runs: TrialRuns
    trying: TrialThreads
    previewing: Previewing
    store: RecordStore
    model: str
    datasets: Path
    samples: Path = SAMPLES

    def releasing(self, by: Account) -> Releasing:
        """What an act of this person needs."""
        history = LabelRecord(self.store, actor=by.account_id)
        return Releasing(library=self.library, history=history, trials=self.trials, clock=SystemClock())

    def sample_names(self) -> Sequence[str]:
        return [path.stem for path in sorted(self.samples.glob("*.yaml"))]

    def sample(self, name: str) -> Case:
        """Raises NothingToRead where there is no such sample."""
        if name not in self.sample_names():
            raise NothingToRead("There is no such sample case; choose one of the list.")
        return read_case(self.samples / f"{name}.yaml")

    def dataset_names(self) -> Sequence[str]:
        return [path.name for path in sorted(self.datasets.glob("*")) if path.is_dir()]


def open_prompt_desk(app: App, settings: Settings, *, store: RecordStore) -> PromptDesk:
    """The prompts of these settings. Raises TemplateInvalid where their folder is not there."""
    return PromptDesk(
        library=PromptFolder(settings.prompts_dir),
        trials=open_trials(settings),
        runs=open_trial_runs(settings),
        trying=TrialThreads(),
        previewing=_previewing(app, settings),
        store=store,
        model=settings.model,
        datasets=settings.home / "datasets",
    )


def _previewing(app: App, settings: Settings) -> Previewing:
    replies = open_stored_replies(settings, model=None)

    def made(template: PromptTemplate, case: Case, item: int) -> Preview:
        chosen = {item: "upheld"} if template.name == "rationale" else {}
        ((brief, values),) = prompt_values(app, case, determinations=chosen, items=[item])  # type: ignore[arg-type]
        live = PromptFolder(settings.prompts_dir).live(template.name).partition("@")[2]
        return preview(
            template,
            against=load_prompt(prompts_dir=settings.prompts_dir, name=template.name, version=live),
            brief=brief,
            values=values,
            redactor=BuiltinRedactor(),
            replies=replies,
            price=settings.price_in or None,
        )

    return made
