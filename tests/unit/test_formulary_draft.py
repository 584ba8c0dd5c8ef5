"""A drug item from 2018 on names its formulary status; before that, and for anything but a drug, nothing is said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from drafter.domain.draft import ItemDraft
from guideline_corpus.edition_table import shipped_editions
from guideline_corpus.model import Passage
from guideline_corpus.starter import load_starter
from tests.drafting_factories import draft_of
from tests.factories import make_criterion, make_dates, make_passage

SUMMARY = "The injured worker is a 45-year-old male with low back pain. He takes medication daily."
LIST, COMPOUNDED = "9792.27.10 MTUS Drug List", "9792.27.9 Compounded Drugs"
GUIDELINE = make_passage(criteria=(make_criterion(),))


@pytest.fixture(scope="module")
def rules() -> tuple[Passage, ...]:
    return tuple(one for one in load_starter(shipped_editions()) if one.edition_id == "formulary-2018")


def drafted(treatment: str, rules: tuple[Passage, ...], *, day: date = date(2019, 5, 2), **more: Any) -> ItemDraft:
    by_section = sorted(rules, key=lambda rule: rule.section not in (LIST, COMPOUNDED))
    return draft_of(SUMMARY, GUIDELINE, *by_section, treatment=treatment, dates=make_dates(ur_denial=day), **more)


def formulary_sentences(draft: ItemDraft) -> list[str]:
    return [s.text for s in draft.statements if "drug formulary" in s.text]


def checks(draft: ItemDraft) -> set[str]:
    return {finding.check for finding in draft.findings}


@pytest.mark.parametrize(
    ("treatment", "said", "rule"),
    [
        ("Norco 10/325mg #90", "counts hydrocodone with acetaminophen as a non-exempt drug", LIST),
        ("Ibuprofen 800mg #90", "counts ibuprofen as an exempt drug", LIST),
        ("Flurbiprofen 20%, Baclofen 5% cream 240g", "before a compounded drug is dispensed", COMPOUNDED),
    ],
)  # fmt: skip
@pytest.mark.parametrize("chosen", [None, "upheld", "overturned"])
def test_a_drug_item_of_2019_states_its_status_with_the_rule(
    treatment: str, said: str, rule: str, chosen: str, rules: tuple[Passage, ...]
):
    draft = drafted(treatment, rules, determination=chosen)

    (statement,) = [s for s in draft.statements if "drug formulary" in s.text]
    assert said in statement.text
    assert statement.supports is None
    assert [getattr(one, "section", None) for one in statement.citations] == [rule]


def test_the_rule_that_is_cited_is_among_the_passages_at_hand_behind_the_ranked_ones(rules: tuple[Passage, ...]):
    by_heading = {rule.section: rule for rule in rules}
    draft = draft_of(
        SUMMARY,
        GUIDELINE,
        treatment="Norco 10/325mg #90",
        dates=make_dates(ur_denial=date(2019, 5, 2)),
        found_by_heading=by_heading,
    )

    assert [one.passage.section for one in draft.retrieved] == [GUIDELINE.section, LIST]
    assert [one.rank for one in draft.retrieved] == [1, 2]


def test_an_unknown_status_is_a_note_and_no_sentence(rules: tuple[Passage, ...]):
    draft = drafted("Gabapentin 300mg #90", rules)

    assert not formulary_sentences(draft)
    assert "formulary-unknown" in checks(draft)


def test_a_recalled_status_carries_a_warning_and_a_class_or_an_older_list_a_note(rules: tuple[Passage, ...]):
    assert "formulary-recalled" in checks(drafted("Ibuprofen 800mg #90", rules))
    assert "formulary-older-list" in checks(drafted("Norco 10/325mg #90", rules))


@pytest.mark.parametrize(
    ("treatment", "day"),
    [
        ("Norco 10/325mg #90", date(2017, 12, 31)),
        ("Retrospective Norco 10/325mg #90 DOS: 12/13/2017", date(2018, 2, 1)),
        ("Physical therapy, 6 visits, lumbar spine", date(2019, 5, 2)),
    ],
)
def test_nothing_is_said_before_the_formulary_began_or_where_there_is_no_drug(
    treatment: str, day: date, rules: tuple[Passage, ...]
):
    draft = drafted(treatment, rules, day=day)

    assert not formulary_sentences(draft)
    assert not checks(draft) & {"formulary-unknown", "formulary-recalled", "formulary-older-list"}


def test_a_corpus_without_the_rules_states_no_status(rules: tuple[Passage, ...]):
    assert not formulary_sentences(drafted("Norco 10/325mg #90", ()))
