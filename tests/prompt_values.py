"""What fills the prompt of an invented item, and the prompt that a template makes of it."""

from __future__ import annotations

from drafter.domain.drafting.brief import ItemBrief
from drafter.domain.exchange.values import PromptValues
from drafter.domain.prompting.template import PromptTemplate
from drafter.prompting.files import render_prompt
from drafter.prompting.item_values import ValuesOnly
from drafter.services.drafting import draft_case
from guideline_corpus.vocabulary import load_vocabulary
from tests.drafting_factories import SuppliedPassages, shipped_forms
from tests.model_factories import back_case, back_passage

SUMMARY = "On 11/02/2016 the worker complained of low back pain. Lumbar motion was limited. Six visits were completed."


def item_values(*, determination: str | None = "upheld", summary: str = SUMMARY) -> tuple[ItemBrief, PromptValues]:
    """The brief of one invented item, and the values of every slot and loop."""
    kept = ValuesOnly(forms=shipped_forms(), vocabulary=load_vocabulary())
    case = back_case(items=2, summary=summary)
    chosen = {1: determination} if determination else {}
    for _ in draft_case(
        case,
        retriever=SuppliedPassages((back_passage(),)),
        model=kept,
        vocabulary=load_vocabulary(),
        determinations=chosen,  # type: ignore[arg-type]
        items=[1],
    ):
        pass
    return kept.values[0]


def rendered(template: PromptTemplate) -> str:
    return "\0".join(render_prompt(template, item_values()[1]).model_dump().values())
