"""A model that is asked over a source of the test's choosing, and the case it is asked about."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from drafter.adapters.builtin_redactor import BuiltinRedactor
from drafter.domain.case import Case
from drafter.domain.draft import ItemDraft
from drafter.domain.exchange.heard import HeardStatement
from drafter.domain.exchange.request import Answer, Listener, Request
from drafter.ports import ReplySource
from drafter.prompting.files import load_prompt
from drafter.prompting.prompted_model import PromptedModel
from drafter.prompting.repair import load_repair
from drafter.services.drafting import Guidance, checks_of, draft_case, with_findings
from drafter.settings import shipped_prompts_dir
from guideline_corpus.model import Passage
from guideline_corpus.vocabulary import load_vocabulary
from tests.drafting_factories import SuppliedPassages, shipped_forms
from tests.factories import make_case, make_criterion, make_item, make_passage


class ScriptedReplies:
    """A `ReplySource` that gives what it was given, in order, and raises when it runs out."""

    spec = "openai:scripted"

    def __init__(self, *answers: Answer | str) -> None:
        self._answers = list(answers)
        self.requests: list[Request] = []

    def answer(self, request: Request, *, listen: Listener | None = None) -> Answer:
        self.requests.append(request)
        answer = self._answers.pop(0)
        return Answer(fate="complete", text=answer) if isinstance(answer, str) else answer


class Hearing:
    """A listener that keeps what it hears and has enough after `enough` sentences, if told so."""

    def __init__(self, *, enough: int | None = None) -> None:
        self.told: list[HeardStatement] = []
        self._enough = enough

    @property
    def cancelled(self) -> bool:
        return self._enough is not None and len(self.told) >= self._enough

    def heard(self, told: HeardStatement) -> None:
        self.told.append(told)

    @property
    def places(self) -> list[tuple[int, int]]:
        return [(one.item, one.place) for one in self.told]


class SetClock:
    """A clock that only moves when somebody sleeps."""

    def __init__(self, start: float = 1000.0) -> None:
        self.time = start
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def today(self) -> date:
        return date(2026, 11, 24)

    def now(self) -> datetime:
        return datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def make_model(source: ReplySource, **given: Any) -> PromptedModel:
    prompts = shipped_prompts_dir()
    defaults: dict[str, Any] = {
        "rationale": load_prompt(prompts_dir=prompts, name="rationale"),
        "options": load_prompt(prompts_dir=prompts, name="options"),
        "repair": load_repair(prompts_dir=prompts),
        "forms": shipped_forms(),
        "vocabulary": load_vocabulary(),
        "redactor": BuiltinRedactor(),
        "most_characters": 60_000,
    }
    return PromptedModel(source, **(defaults | given))


def back_case(*, items: int = 1, summary: str = "The worker complained of low back pain.", **given: Any) -> Case:
    return make_case(
        case_summary=summary,
        items=tuple(make_item(number=n, treatment=f"Acupuncture, {n} visits") for n in range(1, items + 1)),
        **given,
    )


def back_passage(**given: Any) -> Passage:
    return make_passage(**({"criteria": (make_criterion(met_by=("low-back-pain",)),)} | given))


def drafts_of(
    model: PromptedModel,
    case: Case | None = None,
    *passages: Passage,
    determination: Any = None,
    at_once: int = 1,
    check: bool = False,
    addressed: bool = True,
) -> list[ItemDraft]:
    """The drafts of a case; with `check`, the checks run and the model is told once what does not hold."""
    case = case or back_case()
    held = (passages or (back_passage(),)) if addressed else ()

    checks = checks_of(case, Guidance((), held), vocabulary=load_vocabulary()) if check else None
    drafts = draft_case(
        case,
        retriever=SuppliedPassages(held),
        model=model,
        vocabulary=load_vocabulary(),
        determinations={item.number: determination for item in case.items} if determination else {},
        checks=checks,
        at_once=at_once,
    )
    return list(with_findings(checks, list(drafts)) if checks else drafts)
