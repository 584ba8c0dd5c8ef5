"""The claims administrator's citation is answered where the steps of the regulation answer it, and not beyond."""

from __future__ import annotations

from drafter.domain.case import CitedGuideline
from drafter.domain.draft import ItemDraft
from drafter.services.drafting import draft_case
from guideline_corpus.vocabulary import load_vocabulary
from tests.drafting_factories import SuppliedPassages, shipped_forms
from tests.factories import make_case, make_criterion, make_item, make_passage


def _draft(*, kind: str, guideline: str | None, rung: int = 1) -> ItemDraft:
    from drafter.adapters.extractive_model import ExtractiveModel

    cited = CitedGuideline.model_validate({"party": "claims_administrator", "kind": kind, "guideline": guideline})
    case = make_case(
        case_summary="The worker complained of low back pain.",
        items=(make_item(citations=(cited,), claims_administrator_guideline=f"{guideline}, Low Back"),),
    )
    passage = make_passage(rung=rung, criteria=(make_criterion(met_by=("low-back-pain",)),))
    (draft,) = draft_case(
        case,
        retriever=SuppliedPassages((passage,)),
        model=ExtractiveModel(forms=shipped_forms(), vocabulary=load_vocabulary()),
        vocabulary=load_vocabulary(),
    )
    return draft


def _unanswered(draft: ItemDraft) -> bool:
    return "competing-citation" in [finding.check for finding in draft.findings]


def test_a_guideline_of_a_lower_step_gives_way_to_the_mtus_that_addresses_the_treatment():
    draft = _draft(kind="non_mtus", guideline="Official Disability Guidelines")

    assert "claims administrator cited the Official Disability Guidelines" in draft.rationale
    assert not _unanswered(draft)


def test_another_section_of_the_mtus_is_left_to_the_reviewer():
    draft = _draft(kind="mtus", guideline="Neck and Upper Back Complaints")

    assert "claims administrator cited" not in draft.rationale
    assert _unanswered(draft)


def test_where_the_draft_itself_rests_on_a_lower_step_nothing_is_said_of_precedence():
    draft = _draft(kind="non_mtus", guideline="Official Disability Guidelines", rung=3)

    assert "comes first" not in draft.rationale
