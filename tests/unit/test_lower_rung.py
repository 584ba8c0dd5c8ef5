"""Of a lower step a draft quotes only what speaks of the item, and the sentence that names the treatment."""

from __future__ import annotations

from tests.drafting_factories import draft_of
from tests.factories import make_passage

MTUS = make_passage()
ABOUT_BODY = "A course is reviewed every six visits. Physical therapy should be active, with a program at home."


def _official(**changes: object):
    given = {"rung": 3, "text_kind": "official", "treatments": ("physical-therapy",), "body_parts": ("low-back",)}
    return make_passage(**{"guideline": "Back care", "section": "Active care", "text": ABOUT_BODY, **given, **changes})


def _quoted(draft) -> list[str]:
    return [c.quote for s in draft.statements for c in s.citations if getattr(c, "text_kind", None) == "official"]


def test_the_sentence_that_names_the_treatment_is_quoted_word_for_word():
    draft = draft_of("The worker complained of low back pain.", MTUS, _official())

    assert _quoted(draft) == ["Physical therapy should be active, with a program at home."]
    assert draft.rung == 1


def test_a_passage_on_another_treatment_is_neither_quoted_nor_shown_as_retrieved():
    draft = draft_of("The worker complained of low back pain.", MTUS, _official(treatments=("facet-injection",)))

    assert _quoted(draft) == []
    assert [r.passage.rung for r in draft.retrieved] == [1]


def test_a_passage_on_another_region_is_left_out_though_the_treatment_is_the_same():
    draft = draft_of("The worker complained of low back pain.", MTUS, _official(guideline="Shoulder care"))

    assert _quoted(draft) == []


def test_an_item_is_not_addressed_by_a_lower_step_that_speaks_of_something_else():
    draft = draft_of("The worker complained of low back pain.", _official(treatments=("facet-injection",)))

    assert not draft.addressed
    assert draft.rung is None


def test_an_entry_of_a_list_is_not_quoted_as_if_it_were_a_rule() -> None:
    listed = _official(text="Physical therapy for over three months without progress.\nA program at home is active.")
    draft = draft_of("The worker complained of low back pain.", MTUS, listed)

    assert _quoted(draft) == ["A program at home is active."]
