"""Sizes told without rendering agree with the prompts themselves."""

from __future__ import annotations

import pytest

from drafter.domain.prompting.sizes import size_over, sizes_of, tokens_of
from drafter.prompting.files import load_prompt, render_prompt
from drafter.prompting.item_values import ValuesOnly
from drafter.services.drafting import draft_case
from drafter.settings import shipped_prompts_dir
from guideline_corpus.vocabulary import load_vocabulary
from tests.drafting_factories import SuppliedPassages, shipped_forms
from tests.model_factories import back_case, back_passage


@pytest.mark.parametrize("name", ["rationale", "options"])
def test_the_size_of_a_template_is_that_of_its_rendered_prompts_but_for_lines_left_out(name: str) -> None:
    kept = ValuesOnly(forms=shipped_forms(), vocabulary=load_vocabulary())
    case = back_case(items=3, summary="On 11/02/2016 the worker complained of low back pain. Motion was limited.")
    for _ in draft_case(
        case,
        retriever=SuppliedPassages((back_passage(),)),
        model=kept,
        vocabulary=load_vocabulary(),
        determinations=dict.fromkeys((1, 2, 3), "upheld"),
    ):
        pass
    values = [values for _, values in kept.values]
    template = load_prompt(prompts_dir=shipped_prompts_dir(), name=name)
    rendered = sorted(tokens_of("".join(render_prompt(template, one).model_dump().values())) for one in values)

    size = size_over(template, sizes_of(values, name="three"))

    assert size is not None
    assert size.items == 3
    assert rendered[1] <= size.median <= rendered[1] + 5
    assert rendered[-1] <= size.largest <= rendered[-1] + 5
