"""A folder of prompts to edit, verdicts and a history in memory: what releases of prompt versions are tested with."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from drafter.adapters.prompt_folder import PromptFolder
from drafter.domain.prompting.release import LabelEvent, Signed
from drafter.domain.prompting.trial import TrialResult
from drafter.services.prompting.releasing import Releasing
from drafter.services.prompting.trying import gate_text_hash
from drafter.settings import shipped_prompts_dir
from tests.model_factories import SetClock

MODEL, SET = "openai:house", "gate-set"


class MovingClock(SetClock):
    """A clock that is a minute later each time it is asked."""

    def now(self) -> datetime:
        self.time += 60
        return datetime(2026, 11, 26, 9, 0, tzinfo=UTC) + timedelta(seconds=self.time)


@dataclass
class HistoryInMemory:
    """A `LabelHistory` that forgets with the test."""

    events: list[LabelEvent] = field(default_factory=list)

    def append(self, event: LabelEvent) -> None:
        self.events.append(event)

    def read(self) -> Sequence[LabelEvent]:
        return tuple(self.events)


@dataclass
class TrialsInMemory:
    """A `TrialStore` that forgets with the test."""

    results: list[TrialResult] = field(default_factory=list)

    def add(self, result: TrialResult) -> None:
        self.results.append(result)

    def of(self, digest: str) -> Sequence[TrialResult]:
        return tuple(one for one in self.results if one.digest == digest)


def make_prompts(folder: Path) -> Path:
    """A copy of the prompts that ship."""
    return Path(shutil.copytree(shipped_prompts_dir(), folder / "prompts"))


def new_version(prompts: Path, label: str, *, author: str = "Ann Author", words: str = "Write plainly.") -> str:
    """The live text of a purpose, under a new number, with a sentence added."""
    library = PromptFolder(prompts)
    name = label.partition("@")[0]
    text = library.text(library.live(name)).text
    text = text.replace("author: the project", f"author: {author}").replace("=== system\n", f"=== system\n{words}\n", 1)
    library.save(label, text)
    return label


def make_releasing(prompts: Path, **given: Any) -> Releasing:
    defaults: dict[str, Any] = {
        "library": PromptFolder(prompts),
        "history": HistoryInMemory(),
        "trials": TrialsInMemory(),
        "clock": MovingClock(),
    }
    return Releasing(**(defaults | given))


def keep_verdict(parts: Releasing, label: str, **given: Any) -> TrialResult:
    """A stored result for the version as it is now, against the one that is live now."""
    live = parts.library.live(label.partition("@")[0])
    defaults: dict[str, Any] = {
        "label": label,
        "digest": parts.library.text(label).digest,
        "against": live,
        "against_digest": parts.library.text(live).digest,
        "model": MODEL,
        "dataset": "d" * 64,
        "dataset_name": SET,
        "gate": gate_text_hash(parts.library.gate()),
        "corpus_version": "v1",
        "items": 420,
        "cases": 190,
        "verdict": "PASS",
        "report": "PASS",
        "changed": (),
        "at": parts.clock.now(),
    }
    result = TrialResult(**(defaults | given))
    parts.trials.add(result)
    return result


def signed(by: str, why: str = "read twenty drafts first") -> Signed:
    return Signed(by=by, why=why)
