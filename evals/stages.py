"""What a run does with one case, and the rows it gives: the stages `retrieve`, `draft` and `check`.

`open_stage` opens what a stage needs and gives the unit of work: a function of a case and a repeat alone, the same
each time, so that it can run again after a crash, in any process, and on another machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from drafter.adapters.replay_model import ReplaySource
from drafter.bootstrap import App
from drafter.domain.draft import ItemDraft
from drafter.domain.exchange.request import Request
from drafter.domain.query import item_query
from drafter.services.contract import draft_shape
from drafter.services.drafting import RETRIEVED, governing_date
from evals.asking import Told
from evals.check_stage import check_rows
from evals.dataset import EvalCase
from evals.gold import gold_of
from evals.holding_out import WithoutLetter, passages_without
from evals.metrics.scoring import score
from evals.metrics.spans import SectionSpans, span_of
from evals.plan import RunPlan
from evals.run_folder import row_line
from evals.stored_searches import open_searches
from evals.tapped import TappedReplies
from guideline_corpus.model import RetrievedPassage

Row = dict[str, Any]
Rows = Callable[[EvalCase, int], list[Row]]


class Asking(Protocol):
    """Whoever is asked in the run: `repeat` is the how-manieth reply to the same request."""

    def __call__(self, request: Request, *, repeat: int) -> Told: ...


def open_stage(plan: RunPlan, app: App, *, ask: Asking) -> Rows:
    """The unit of work of a plan. `ask` answers the prompts of a plan with a language model.

    Raises what opening the corpus, the model or the plants raises.
    """
    if plan.stage == "check":
        checked = check_rows(plan.folder, home=app.settings.home, vocabulary=app.vocabulary)
        return lambda case, repeat: [row | {"repeat": repeat} for row in checked(case)]
    if plan.stage == "retrieve":
        sections = SectionSpans(app.guidelines.passages)
        return lambda case, repeat: [row | {"repeat": repeat} for row in retrieve_rows(app, sections, case)]
    return Drafting(plan, app, ask=_asking(plan, ask)).rows


def _asking(plan: RunPlan, ask: Asking) -> Asking | None:
    """Whoever answers the prompts of a plan: the run, or recorded replies; None where no language model writes."""
    if plan.remote or not plan.prompted:
        return ask if plan.remote else None
    recorded = ReplaySource(Path(plan.model.partition(":")[2]))
    return lambda request, *, repeat: Told(recorded.answer(request), cached=True, seconds=0.0, cost=None)


class Drafting:
    """The stage `draft` over one application."""

    def __init__(self, plan: RunPlan, app: App, *, ask: Asking | None) -> None:
        self._plan = plan
        self._app = app
        self._ask = ask
        self._searches = open_searches(app)

    def rows(self, case: EvalCase, repeat: int, *, ask: Asking | None = None) -> list[Row]:
        """The rows of a case: its drafts without what its own letter taught, scored. `ask` answers for this case alone.

        Raises Pending where a recorded reply is missing, Stopped where the run may ask no more.
        """
        retriever = WithoutLetter(self._searches, case.case.case_number)
        held = passages_without(self._app.guidelines.passages, case.case.case_number)
        replies = self._replies(repeat, ask or self._ask)
        app = self._app.with_parts(
            retriever=retriever,
            guidelines=self._app.guidelines.model_copy(update={"passages": held}),
            source=replies,
        )
        drafts = list(app.draft(case.case, determinations=self._plan.determinations(case)))
        if replies is not None:
            replies.check_pending()
        return [
            self._row(case, draft, replies) | {"held_out": _held_out(draft, retriever), "repeat": repeat}
            for draft in drafts
        ]

    def _row(self, case: EvalCase, draft: ItemDraft, replies: TappedReplies | None) -> Row:
        """The row of an item, scored; an error row where its replies did not come."""
        named = {"case_number": case.case_id, "item": draft.item}
        if replies is not None and (error := replies.error(draft.item)) is not None:
            return named | {"error": error, "scores": None}
        handed_in = {"determination": self._plan.determinations(case).get(draft.item)}
        row = named | handed_in | draft_row(draft) | (replies.took(draft.item) if replies is not None else {})
        return row | {"scores": score(row, stage="draft", case=case)}

    def _replies(self, repeat: int, ask: Asking | None) -> TappedReplies | None:
        if ask is None:
            return None
        seed = None if self._plan.seed is None else self._plan.seed + repeat
        return TappedReplies(self._plan.model, partial(ask, repeat=repeat), seed=seed)


def drafted_lines(drafting: Drafting, case: EvalCase, repeat: int, *, ask: Asking) -> list[str]:
    """The rows of a case as the lines that will be written."""
    return [row_line(row) for row in drafting.rows(case, repeat, ask=ask)]


def _held_out(draft: ItemDraft, retriever: WithoutLetter) -> int:
    """How many criteria of the draft's passages its own letter alone had taught."""
    return sum(retriever.left_out.get(one.passage.passage_id, 0) for one in draft.retrieved)


def draft_row(draft: ItemDraft) -> Row:
    """The draft as the contract prints it, and where the pages of its passages begin."""
    return {
        "addressed": draft.addressed,
        "draft": draft_shape(draft),
        "page_starts": {
            one.passage.passage_id: [start.model_dump() for start in one.passage.page_starts]
            for one in draft.retrieved
            if one.passage.page_starts
        },
    }


def retrieve_rows(app: App, sections: SectionSpans, case: EvalCase) -> Iterator[Row]:
    """One row an item: what is expected, what search returned for it alone, and the scores."""
    stripped = case.case.without_reviewer_text()
    governing = governing_date(stripped, as_of=None)
    for item in case.case.items:
        query = item_query(stripped, item, vocabulary=app.vocabulary)
        found = app.retriever.search(query, as_of=governing, limit=RETRIEVED)
        gold = gold_of(case, item)
        expected = case.expected_of(item.number)
        row = {
            "case_number": case.case_id,
            "item": item.number,
            "addressed": found.addressed,
            "expected_addressed": expected.addressed if expected else None,
            "as_of": governing.isoformat() if governing else None,
            "depends_on": item.depends_on,
            "gold": [section.model_dump() for section in gold],
            "gold_spans": [list(span) for one in gold for span in sections.of(one.guideline, one.edition, one.section)],
            "retrieved": [_retrieved(r) for r in found.results],
        }
        yield row | {"scores": score(row, stage="retrieve", case=case)}


def _retrieved(retrieved: RetrievedPassage) -> Row:
    passage = retrieved.passage
    return {
        "guideline": passage.guideline,
        "edition": passage.edition,
        "section": passage.section,
        "rank": retrieved.rank,
        "in_force": passage.in_force.model_dump(mode="json", by_alias=True),
        "span": list(span_of(passage)),
    }
