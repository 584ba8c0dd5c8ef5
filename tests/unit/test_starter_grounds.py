"""A finding that the record holds is taken for what a shipped section asks for, and is not reported as absent."""

from __future__ import annotations

import pytest

from drafter.domain.draft import ItemDraft
from guideline_corpus.edition_table import shipped_editions
from guideline_corpus.starter import load_starter
from tests.drafting_factories import draft_of

BEGINS = "The injured worker is a 30-year-old female with right shoulder pain. "


def drafted(sentence: str) -> ItemDraft:
    special_studies = next(
        one
        for one in load_starter(shipped_editions())
        if (one.edition_id, one.section) == ("shoulder-2004", "Special Studies")
    )
    return draft_of(BEGINS + sentence, special_studies, treatment="MRI of the right shoulder")


@pytest.mark.parametrize(
    "found",
    [
        "Examination showed positive Speed's and Yergason's tests.",
        "Neer's and Hawkins' tests were positive.",
        "The drop arm test was positive.",
        "She had only slightly positive provocative testing about the right shoulder.",
    ],
)
def test_a_positive_test_of_the_shoulder_counts_as_a_sign_of_injured_tissue(found: str):
    statements = drafted(found).statements

    assert not [one.text for one in statements if one.kind == "absence" and "tissue injury" in one.text]
    assert [one.text for one in statements if "speaks for" in one.text and "tissue injury" in one.text]


@pytest.mark.parametrize(
    "found",
    [
        "Neer's and Hawkins' tests were negative.",
        "Provocative testing of the right shoulder was negative.",
        "She is treated for impingement syndrome of the right shoulder.",
    ],
)
def test_a_negative_test_or_the_name_of_a_diagnosis_does_not(found: str):
    statements = drafted(found).statements

    assert not [one.text for one in statements if "speaks for" in one.text and "tissue injury" in one.text]


@pytest.mark.parametrize("repaired", ["and repair on 10-22-16", "and underwent repair"])
def test_a_repair_of_a_fracture_is_an_operation(repaired: str):
    hand = next(
        one
        for one in load_starter(shipped_editions())
        if (one.edition_id, one.section) == ("postsurgical-2009", "Forearm, Wrist, & Hand")
    )
    draft = draft_of(
        f"He was diagnosed with an open fracture of the left small finger {repaired}.",
        hand,
        treatment="Two physical therapy visits for the left hand",
        determination="upheld",
    )

    assert not [one.text for one in draft.statements if one.kind == "absence" and "an operation" in one.text]
