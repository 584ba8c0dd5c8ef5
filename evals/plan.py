"""What a run is asked to do. Parts of it change the rows and are written into run.json; the others only how fast."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from drafter.bootstrap import App
from drafter.domain.case import Determination
from drafter.settings import Settings
from evals.dataset import EvalCase, EvalModel
from evals.errors import EvalsError

Stage = Literal["retrieve", "draft", "check", "reply"]
STAGES: tuple[Stage, ...] = ("retrieve", "draft", "check", "reply")
PROMPTED = ("openai:", "replay:")


class RunPlan(EvalModel):
    """One run over one dataset. `folder` is where the dataset, and its plants, lie.

    `seed` is sent to the model with every call, raised by the number of the repeat; `deadline` is the most seconds of a
    call. `most_calls` and `most_cost` hold for the run as a whole, resumed or not. `fresh` asks even what is cached.
    `scheduler` is the address of a Dask scheduler whose workers do what processes of this machine would.
    """

    stage: Stage
    folder: Path
    settings: Settings
    model: str
    prompt: str | None = None
    repeats: int = 1
    seed: int | None = None
    fresh: bool = False
    concurrency: int | None = None
    deadline: float | None = None
    most_calls: int | None = None
    most_cost: float | None = None
    scheduler: str | None = None

    @property
    def prompted(self) -> bool:
        """Whether a language model, or its recorded replies, writes the drafts."""
        return self.stage in ("draft", "reply") and self.model.startswith(PROMPTED)

    @property
    def with_outcomes(self) -> bool:
        """Whether the outcomes of the dataset stand for the reviewer's choice: a rationale is written for one."""
        return self.stage in ("draft", "reply") and (self.prompt or "").startswith("rationale@")

    def determinations(self, case: EvalCase) -> dict[int, Determination]:
        """What the reviewer chose, as far as the plan tells it."""
        return case.outcomes if self.with_outcomes else {}

    @property
    def remote(self) -> bool:
        """Whether calls leave this machine's programs."""
        return self.prompted and self.model.startswith("openai:")

    @property
    def at_once(self) -> int:
        """Calls in flight to a model, else processes."""
        return self.concurrency or (self.settings.at_once if self.remote else cores())

    @property
    def processes(self) -> int:
        """Processes that prepare and check; more than there are cores only wait for each other."""
        return min(self.at_once, cores()) if self.prompted else self.at_once

    def app(self) -> App:
        """The application that drafts; all items of a case may wait for their replies at once."""
        settings = self.settings.model_copy(update={"at_once": self.at_once if self.remote else 1})
        return App(settings, model_spec=self.model, prompt=self.prompt)


def checked_plan(plan: RunPlan) -> RunPlan:
    """Raises EvalsError for a plan that cannot be."""
    if plan.stage == "reply" and not plan.remote:
        raise EvalsError("--stage reply asks a model; name one with --model openai:MODEL.")
    if not plan.remote:
        given = {"--max-calls": plan.most_calls, "--max-cost": plan.most_cost, "--deadline": plan.deadline}
        for option in (option for option, value in given.items() if value is not None):
            raise EvalsError(f"{option} is for a run that asks a model; leave it out, or name one with --model.")
    if plan.most_cost is not None and not (plan.settings.price_in or plan.settings.price_out):
        raise EvalsError("--max-cost needs to know prices; set DRAFTER_PRICE_IN and DRAFTER_PRICE_OUT.")
    return plan


def cores() -> int:
    """The cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
