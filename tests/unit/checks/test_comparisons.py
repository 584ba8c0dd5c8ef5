"""What a draft says of two values of the record has to be so: unchanged is equal, and a rise goes up."""

from __future__ import annotations

import pytest

from drafter.domain.checks.run import run_checks
from drafter.domain.draft import RecordCitation, RecordSpan
from guideline_corpus.vocabulary import load_vocabulary
from tests.factories import make_case, make_item_draft, make_statement

FIRST = "On 09/07/2016 the lumbar flexion was 40/90 degrees and extension was 10/30 degrees, with pain 6/10."
SAME = "On 10/05/2016 the lumbar flexion was 40/90 degrees and extension was 10/30 degrees, with pain 6/10."
OTHER = "On 10/05/2016 the lumbar flexion was 55/90 degrees and extension was 10/30 degrees, with pain 8/10."


def raised(text: str, second: str, *, cited: bool = True) -> set[str]:
    summary = f"{FIRST} {second}"
    spans = [(0, len(FIRST)), (len(FIRST) + 1, len(summary))][: 2 if cited else 1]
    grounds = (RecordSpan(field="case_summary", start=s, end=e, quote=summary[s:e]) for s, e in spans)
    said = make_statement(
        text=text, kind="reasoning", citations=tuple(RecordCitation(record=ground) for ground in grounds)
    )
    case = make_case(case_summary=summary)
    draft = make_item_draft(item=1, treatment=case.items[0].treatment, statements=(said,))
    found = run_checks(case, vocabulary=load_vocabulary(), drafts=[draft])
    return {one.check for one in found if one.severity == "blocker" and (one.field or "").startswith("statements.")}


@pytest.mark.parametrize(
    "text",
    [
        "The denial for lack of progress is borne out by the unchanged lumbar motion.",
        "Lumbar flexion was 40/90 degrees and extension 10/30 degrees, and both were the same on 10/05/2016.",
        "There was no change in pain on 10/05/2016.",
    ],
)
def test_unchanged_is_true_where_the_values_are_equal_and_a_blocker_where_they_are_not(text: str) -> None:
    assert raised(text, SAME) == set()
    assert "comparison-conflict" in raised(text, OTHER)


def test_only_what_the_words_name_is_compared() -> None:
    text = "Pain was worse on 10/05/2016, while extension was the same."

    assert "comparison-conflict" not in raised(text, OTHER)


def test_unchanged_with_no_second_ground_to_bear_it_out_is_held_against_the_record_as_before() -> None:
    assert "finding-not-in-record" in raised("The unchanged lumbar motion bears this out.", OTHER, cited=False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Lumbar flexion rose from 40 degrees on 09/07/2016 to 55 degrees.", False),
        ("Lumbar flexion fell from 40 degrees on 09/07/2016 to 55 degrees.", True),
        ("Flexion improved from 40 degrees to 55 degrees.", False),
        ("Flexion improved from 55 degrees to 40 degrees.", True),
        ("Pain improved from 8/10 to 6/10.", False),
        ("Pain improved from 6/10 to 8/10.", True),
        ("Pain worsened from 6/10 to 8/10.", False),
    ],
)
def test_a_rise_goes_up_and_an_improvement_the_way_that_its_unit_says(text: str, found: bool) -> None:
    assert ("comparison-conflict" in raised(text, OTHER)) is found


def test_the_same_day_or_visit_compares_no_values() -> None:
    assert "comparison-conflict" not in raised("Flexion and pain were the same day's findings, at one visit.", OTHER)
