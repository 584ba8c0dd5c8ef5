"""Sentences of a model's draft that say what their grounds say raise no alarm; their near twins do.

Each case: the record, what the sentence rests on, the sentence, and the check that must be silent on it; then a twin
that the check must still find.
"""

from __future__ import annotations

from typing import Any

import pytest

from drafter.domain.checks.run import run_checks
from drafter.domain.draft import RecordCitation, RecordSpan, Statement
from guideline_corpus.vocabulary import load_vocabulary
from tests.factories import (
    make_case,
    make_criterion,
    make_item,
    make_item_draft,
    make_passage,
    make_passage_citation,
    make_retrieved,
    make_span,
    make_statement,
)

ANKLE = (
    "Sitting worsened the buttock pain, but prolonged standing actually made right knee and left ankle with more pain."
)
SPRAIN = "The diagnoses are arm pain and sprain of the other part of the left hand and wrist."
WRISTS = "Examination of both wrists revealed normal range of motion with positive Tinel's and Finkelstein's."
CREAM = "Pain was rated 3/10. Prior treatment was medications."
CITED = "Decision based on ODG Guidelines, Knee Chapter."
TOPICAL = make_passage(
    text="Of topical anti-inflammatory drugs diclofenac alone is recommended.",
    criteria=(make_criterion(text="Of topical anti-inflammatory drugs only diclofenac is recommended"),),
)


def checks(said: Statement, *, summary: str, **item: Any) -> set[str]:
    case = make_case(case_summary=summary, items=(make_item(**item),))
    draft = make_item_draft(
        item=1, treatment=case.items[0].treatment, statements=(said,), retrieved=(make_retrieved(passage=TOPICAL),)
    )
    found = run_checks(case, vocabulary=load_vocabulary(), drafts=[draft], passages=[TOPICAL])
    return {finding.check for finding in found if (finding.field or "").startswith("statements.")}


def rests(text: str, ground: str, *, kind: str = "record", more: tuple[Any, ...] = ()) -> Statement:
    return make_statement(
        text=text, kind=kind, citations=(RecordCitation(record=make_span(ground, ground.rstrip("."))), *more)
    )


@pytest.mark.parametrize(
    ("summary", "sound", "twin", "check"),
    [
        (
            ANKLE,
            "Prolonged standing brought more pain in the right knee and left ankle.",
            "Prolonged standing brought more pain in the right elbow and left hip.",
            "finding-not-in-record",
        ),
        (
            SPRAIN,
            "The worker has arm pain and a left hand and wrist sprain.",
            "The worker has arm pain and a left shoulder sprain.",
            "diagnosis-not-in-record",
        ),
        (
            WRISTS,
            "The worker's wrists had normal motion with positive Tinel's and Finkelstein's tests.",
            "The worker's wrists had normal motion with negative Tinel's and Finkelstein's tests.",
            "result-conflict",
        ),
        (
            "Physical therapy was ordered two times a week.",
            "Two sessions a week of physical therapy were ordered.",
            "Three sessions a week of physical therapy were ordered.",
            "number-not-in-record",
        ),
    ],
)
def test_a_sentence_that_says_what_its_ground_says_is_left_alone_and_its_twin_is_not(
    summary: str, sound: str, twin: str, check: str
) -> None:
    assert check not in checks(rests(sound, summary), summary=summary)
    assert check in checks(rests(twin, summary), summary=summary)


@pytest.mark.parametrize(
    ("summary", "found"),
    [
        ("The worker is being treated for specified injuries of the head and jaw pain.", False),
        ("The worker is being treated for specified injuries of the hand and pain of the head.", True),
    ],
)
def test_a_diagnosis_told_the_other_way_round_is_of_the_part_that_its_noun_is_told_of(
    summary: str, found: bool
) -> None:
    said = rests("The worker has a head injury.", summary)

    assert ("diagnosis-not-in-record" in checks(said, summary=summary)) is found


def test_a_drug_that_the_cited_guideline_names_is_the_guidelines_unless_the_worker_is_said_to_take_it() -> None:
    cited = (make_passage_citation(TOPICAL),)
    sound = rests("Of the drugs put on the skin only diclofenac is supported.", CREAM, kind="reasoning", more=cited)
    taken = rests("The worker takes diclofenac.", CREAM, kind="reasoning", more=cited)
    stated = rests("Diclofenac was among the drugs.", CREAM, more=cited)

    assert "treatment-not-in-record" not in checks(sound, summary=CREAM)
    assert "treatment-not-in-record" in checks(taken, summary=CREAM)
    assert "treatment-not-in-record" in checks(stated, summary=CREAM)


def test_what_the_claims_administrator_cited_may_be_given_to_him_and_to_nobody_else() -> None:
    foot = "The worker has a crush injury of the right foot with pain."
    item = {"claims_administrator_guideline": CITED}
    ground = RecordSpan(field="items[1].claims_administrator_guideline", start=0, end=len(CITED), quote=CITED)

    def said(text: str) -> Statement:
        return make_statement(text=text, kind="record", citations=(RecordCitation(record=ground),))

    given = said("The claims administrator cited the Knee Chapter, while the injury is to the foot.")
    assert "body-part-not-in-record" not in checks(given, summary=foot, **item)
    assert "body-part-not-in-record" in checks(said("The worker has knee pain."), summary=foot, **item)


def test_the_main_items_request_may_be_named_under_the_item_that_goes_with_it() -> None:
    main, other = "Right shoulder arthroscopy", "Lumbar fusion"
    case = make_case(
        items=(
            make_item(number=1, heading=main, treatment=main),
            make_item(number=2, heading="Pre-operative EKG", treatment="Pre-operative EKG", depends_on=1),
        )
    )

    def found(request: str) -> set[str]:
        ground = RecordSpan(field="items[1].treatment", start=0, end=len(main), quote=main)
        text = f"The EKG was requested for the {request} of item 1, which was not found to be supported."
        said = make_statement(text=text, kind="record", citations=(RecordCitation(record=ground),))
        draft = make_item_draft(item=2, treatment="Pre-operative EKG", statements=(said,))
        asked = case.model_copy(update={"items": case.items[1:]})
        findings = run_checks(asked, vocabulary=load_vocabulary(), drafts=[draft], main_items=case.items[:1])
        return {finding.check for finding in findings}

    assert not {"verdict-on-another", "record-quote-differs"} & found("right shoulder arthroscopy")
    assert "verdict-on-another" in found(other.lower())


WOUND = "The diagnoses include open wound of right thumb, possible right thumb foreign body."
CLEAN = "The physical examination showed no evidence of infection; and hypersensitivity on the scar."


@pytest.mark.parametrize(
    ("ground", "text", "refuted"),
    [
        (CLEAN, "The examination of the right thumb showed no evidence of infection.", False),
        (WOUND, "The examination of the right thumb showed no evidence of infection.", True),
        (CLEAN, "The examination of the right thumb showed no sign of infection.", True),
    ],
)
def test_an_absence_that_a_cited_ground_has_word_for_word_is_a_warning_and_no_blocker(
    ground: str, text: str, refuted: bool
) -> None:
    summary = f"{WOUND} {CLEAN}"
    start = summary.index(ground)
    span = RecordSpan(field="case_summary", start=start, end=start + len(ground), quote=ground)
    found = checks(make_statement(text=text, kind="record", citations=(RecordCitation(record=span),)), summary=summary)

    assert ("absence-refuted" in found) is refuted
    assert refuted or "absence-with-hits" in found
