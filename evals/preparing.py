"""The prompts of a case, made as they would be sent and not sent."""

from __future__ import annotations

from collections.abc import Callable

from drafter.domain.exchange.request import Answer, Listener, Request
from drafter.services.drafting import draft_case
from evals.dataset import EvalCase
from evals.holding_out import WithoutLetter
from evals.plan import RunPlan
from evals.prepared import prepared_line, refused_line
from evals.stored_searches import open_searches


class PromptsTaken:
    """A `ReplySource` that takes down what it is asked and never replies."""

    def __init__(self, spec: str) -> None:
        self.spec = spec
        self.requests: dict[int, Request] = {}

    def answer(self, request: Request, *, listen: Listener | None = None) -> Answer:
        """See `ReplySource.answer`."""
        self.requests[request.item] = request
        return Answer(fate="pending", message="Taken down.")


def prepare(plan: RunPlan) -> Callable[[EvalCase, int], list[str]]:
    """The unit of work that gives the prompts of a case, one line an item, as they would be sent."""
    app = plan.app()
    searches = open_searches(app)

    def prompts(case: EvalCase, repeat: int) -> list[str]:
        taken = PromptsTaken(plan.model)
        asked = app.with_parts(retriever=WithoutLetter(searches, case.case.case_number), source=taken)
        drafts = draft_case(
            case.case,
            retriever=asked.retriever,
            model=asked.model,
            vocabulary=asked.vocabulary,
            determinations=plan.determinations(case),
        )
        return [
            prepared_line(taken.requests[draft.item])
            if draft.item in taken.requests
            else refused_line(draft.item, draft.findings[0].check)
            for draft in drafts
        ]

    return prompts
