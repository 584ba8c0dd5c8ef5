"""The prompts at the desk over a copy of the shipped ones; trials answer with a verdict of the test's choosing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from drafter.adapters.trial_threads import TrialThreads
from drafter.bootstrap import App
from drafter.desk_bootstrap import DeskParts
from drafter.domain.prompting.trial import TrialRequest, TrialResult
from drafter.prompt_desk import PromptDesk, open_prompt_desk
from drafter.settings import settings_from
from tests.drafting_factories import SuppliedPassages
from tests.factories import make_passage
from tests.prompting_factories import TrialsInMemory, keep_verdict, make_prompts, make_releasing


class VerdictOnPaper:
    """A `TrialRuns` that gives `verdict` for whatever it is asked."""

    def __init__(self, prompts: Path, **given: Any) -> None:
        self._prompts, self.given = prompts, given

    def run(self, request: TrialRequest) -> TrialResult:
        return keep_verdict(make_releasing(self._prompts), request.label, **self.given)


def make_prompt_desk(parts: DeskParts, folder: Path, **given: Any) -> PromptDesk:
    """`given` are fields of the trial's result that differ from a PASS on the gate's set."""
    prompts = make_prompts(folder)
    (folder / "home" / "datasets" / "gate-set").mkdir(parents=True)
    settings = settings_from({"DRAFTER_HOME": str(folder / "home"), "DRAFTER_PROMPTS_DIR": str(prompts)})
    app = App(settings, retriever=SuppliedPassages((make_passage(),)))
    desk = open_prompt_desk(app, settings, store=parts.store)
    return replace(desk, runs=VerdictOnPaper(prompts, **given), trials=TrialsInMemory(), trying=TrialThreads())
