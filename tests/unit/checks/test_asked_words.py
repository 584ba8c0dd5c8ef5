"""What a guideline asks for may be named in a sentence that weighs it; whoever gives it to the worker is found out."""

from __future__ import annotations

import pytest

from drafter.domain.checks.run import run_checks
from drafter.domain.draft import RecordCitation, Statement
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

SUMMARY = "The worker has right knee pain. On 11/30/2016 motor function was 5/5. Neurologic examination was normal."
PASSAGE = make_passage(
    text=(
        "MRI is reasonable for locking, catching or signs of ligament injury. Meniscus tears go with rotation tests. "
        "Weakness of a muscle group, specific nerve compromise and suspected infection are grounds of their own."
    ),
    criteria=(
        make_criterion(text="More visits only with functional improvement"),
        make_criterion(text="Supervised visits stay within 9 to 10 over 8 weeks"),
        make_criterion(
            text="Frequency fades, from three visits a week to one or fewer; a trial takes two visits a week"
        ),
    ),
)
FOUND = {
    "finding-not-in-record",
    "finding-contradicted",
    "diagnosis-not-in-record",
    "number-not-in-record",
    "absence-refuted",
}


def raised(text: str, *, kind: str = "reasoning", cited: bool = True) -> set[str]:
    ground = RecordCitation(record=make_span(SUMMARY, "The worker has right knee pain"))
    said: Statement = make_statement(
        text=text, kind=kind, citations=(ground, make_passage_citation(PASSAGE)) if cited else (ground,)
    )
    case = make_case(case_summary=SUMMARY, items=(make_item(heading="MRI of the knee", treatment="MRI of the knee"),))
    draft = make_item_draft(
        item=1, treatment="MRI of the knee", statements=(said,), retrieved=(make_retrieved(passage=PASSAGE),)
    )
    found = run_checks(case, vocabulary=load_vocabulary(), drafts=[draft], passages=[PASSAGE])
    return {one.check for one in found if (one.field or "").startswith("statements.")} & FOUND


@pytest.mark.parametrize(
    "text",
    [
        "On 11/30/2016 motor function was 5/5, so weakness gives no ground for imaging.",
        "The locking, catching or ligament signs that the guideline asks for are not shown.",
        "The Diagnostic Criteria, as summarised, count rotation tests as marks of a meniscus tear.",
        "The right knee pain is a complaint that bears on the criterion of nerve compromise.",
        "With knee pain as the only complaint, the specific nerve compromise the guideline asks for was not shown.",
        "The suspected infection for which the guideline mainly keeps MRI was not shown.",
        "These visits are an extension, which the guideline makes dependent on documented functional improvement.",
        "The functional improvement that more sessions require has not been shown.",
        "The request exceeds 9 to 10 visits.",
        "The request keeps one frequency, while the guideline lets it fade to one visit a week.",
        "The guideline starts a trial at 2 visits a week, and more are asked for.",
        "With these, 8 more would go beyond 9 to 10 visits.",
        "The guideline requires locking.",
        "The record shown does not settle whether locking was found, and the guideline supports this only where it is.",
    ],
)
def test_what_is_named_as_asked_or_denied_is_no_claim(text: str) -> None:
    assert raised(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "On 11/30/2016 weakness was found, which gives ground for imaging.",
        "The locking and catching that the guideline asks for are shown.",
        "The rotation tests were positive and mark a meniscus tear.",
        "The worker has a meniscus tear, as the Diagnostic Criteria, as summarised, count it.",
        "The examination meets the criterion of nerve compromise.",
        "The examination showed the specific nerve compromise that the guideline asks for.",
        "The guideline asks for nerve compromise, which the examination showed.",
        "The guideline asks for nerve compromise, and this worker has it.",
        "The worker had what the guideline requires, nerve compromise.",
        "As the guideline asks, locking was present.",
        "The guideline asks for an examination, and the worker had locking.",
        "Locking was marked, and a ligament injury was not shown.",
        "The worker received 9 to 10 visits.",
        "The worker had two visits a week.",
        "Therapy was given at one visit a week, as the guideline lets it fade.",
        "With 9 to 10 visits already given, the request goes too far.",
        "The suspected infection, for which the guideline keeps MRI, was found.",
        "Functional improvement was documented, as an extension requires.",
        "Therapy went beyond 9 to 10 visits.",
        "The worker was allowed 9 to 10 visits.",
        "The record gives 9 to 10 visits.",
        "Motion rose in 9 to 10 visits.",
        "With locking on 11/30/2016, the guideline's ground is met.",
        "The guideline lists locking, as was found on 11/30/2016.",
        "The guideline counts locking as a ground, and just this was seen.",
        "The guideline limits care, but there is locking.",
        "The guideline keeps imaging for knees with locking, like this one.",
        "Once locking is required, the positive test answers it.",
        "The locking was not shown to be mild.",
        "The severe weakness gives no ground for delay.",
        "The worker's weakness gives no ground for delay.",
        "The criteria require weakness and this is no longer open.",
    ],
)
def test_what_is_told_of_the_worker_stays_a_claim_although_the_guideline_has_the_words(text: str) -> None:
    assert raised(text)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("The spasm that the guideline asks for was shown.", {}),
        ("On 11/30/2016 motor function was 5/5, so guarding is a ground that the guideline requires.", {}),
        ("The request exceeds 15 to 20 visits.", {}),
        ("The locking that the guideline asks for is a finding.", {"cited": False}),
        ("The worker's locking is asked for.", {"kind": "record"}),
    ],
)
def test_words_that_no_cited_passage_has_and_other_kinds_of_sentence_are_held_against_the_record(
    text: str, given: dict[str, object]
) -> None:
    assert raised(text, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("summary", "refuted"), [(SUMMARY, False), ("Sensation was decreased at L5 in the leg.", True)]
)
def test_what_the_guideline_asks_for_and_the_record_shows_may_not_be_called_not_shown(
    summary: str, refuted: bool
) -> None:
    text = "The nerve compromise that the guideline asks for was not shown."
    said = make_statement(
        text=text,
        kind="reasoning",
        citations=(RecordCitation(record=make_span(summary, summary[:20])), make_passage_citation(PASSAGE)),
    )
    case = make_case(case_summary=summary, items=(make_item(treatment="MRI of the lumbar spine"),))
    draft = make_item_draft(
        item=1, treatment="MRI of the lumbar spine", statements=(said,), retrieved=(make_retrieved(passage=PASSAGE),)
    )
    found = run_checks(case, vocabulary=load_vocabulary(), drafts=[draft], passages=[PASSAGE])

    assert ("absence-refuted" in {one.check for one in found}) is refuted
