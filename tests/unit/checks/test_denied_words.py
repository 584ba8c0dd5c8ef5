"""What a sentence denies, supposes or tells as a rule is no claim; what it gives to the worker is found out."""

from __future__ import annotations

import pytest

from drafter.domain.checks.run import run_checks
from drafter.domain.draft import RecordCitation
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

SUMMARY = (
    "The worker has right knee pain. On 11/30/2016 motor function was 5/5. Neurologic examination was normal. "
    "Treatment included physical therapy. Diagnosis: knee strain."
)
PASSAGE = make_passage(
    text=(
        "MRI is reasonable for locking, catching or signs of ligament injury. Meniscus tears go with rotation tests. "
        "Weakness of a muscle group, specific nerve compromise and numbness are grounds of their own, as is "
        "carpal tunnel syndrome. Antidepressants and anticonvulsants are tried first."
    ),
    criteria=(
        make_criterion(text="More visits only while they bring objective improvement"),
        make_criterion(text="Supervised visits stay within 9 to 10 over 8 weeks"),
        make_criterion(text="Failed antidepressants and anticonvulsants"),
    ),
)
CLAIMS = {
    "finding-not-in-record", "finding-contradicted", "diagnosis-not-in-record", "number-not-in-record",
    "treatment-not-in-record", "body-part-not-in-record", "absence-refuted",
}  # fmt: skip
VERDICTS = {"verdict-on-another"}


def raised(text: str, *, kind: str = "reasoning", cited: bool = True, heading: str = "MRI of the knee") -> set[str]:
    ground = RecordCitation(record=make_span(SUMMARY, "The worker has right knee pain"))
    citations = (ground, make_passage_citation(PASSAGE)) if cited else (ground,)
    said = make_statement(text=text, kind=kind, citations=citations)
    case = make_case(case_summary=SUMMARY, items=(make_item(heading=heading, treatment=heading),))
    draft = make_item_draft(item=1, treatment=heading, statements=(said,), retrieved=(make_retrieved(passage=PASSAGE),))
    found = run_checks(case, vocabulary=load_vocabulary(), drafts=[draft], passages=[PASSAGE])
    return {one.check for one in found if (one.field or "").startswith("statements.")}


@pytest.mark.parametrize("cited", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        "Locking of the knee, one of the grounds in the guideline, is nowhere recorded.",
        "Weakness of the quadriceps is not one of the findings of that day.",
        "Carpal tunnel syndrome is not among the diagnoses.",
        "Carpal tunnel syndrome is none of the diagnoses given.",
        "Carpal tunnel syndrome is not a diagnosis in this record.",
        "The diagnoses were a knee strain, and numbness of the foot is not among them.",
        "Catching, locking or weakness are not in evidence.",
        "Locking, catching and weakness were not among the findings of 11/30/2016.",
        "Numbness in the foot does not appear in that report.",
        "The meniscus tear that the section wants an examination to suggest has not been demonstrated.",
        "The motor weakness the guideline wants is not evident in the 5/5 of 11/30/2016.",
        "Locking of the right knee, which the chapter treats as a ground, was never observed.",
        "The record does not say that antidepressants and anticonvulsants were tried.",
        "It is not documented that there was weakness.",
        "Neither numbness nor failed antidepressants and anticonvulsants are documented.",
        "The numbness and the failed antidepressants and anticonvulsants that the section wants were not documented.",
        "The record is silent on locking.",
        "What the record lacks is weakness or locking.",
    ],
)
def test_what_the_grammar_of_a_sentence_denies_is_no_claim_whatever_it_rests_on(text: str, cited: bool) -> None:
    assert not raised(text, cited=cited) & CLAIMS


@pytest.mark.parametrize(
    "text",
    [
        "Locking of the knee, one of the grounds in the guideline, is recorded.",
        "Locking of the knee, found on 11/30/2016, is not new.",
        "Carpal tunnel syndrome is among the diagnoses.",
        "Carpal tunnel syndrome is a diagnosis, and numbness is not among them.",
        "The worker has weakness and locking was not shown.",
        "The worker has locking, and weakness is not in evidence.",
        "Numbness in the foot does not appear to improve.",
        "Numbness in the foot does not stand in the way.",
        "The meniscus tear that the section wants and the examination found has not been treated.",
        "The weakness has not been relieved by rest.",
        "Weakness is not among the complaints that went away.",
        "Weakness was not among the old findings, it is new.",
        "Weakness is not one of the lesser problems, it is the main one.",
        "The locking is not part of the old injury.",
        "Locking is not the only complaint.",
        "Locking was not mild.",
        "His weakness is not among the grounds of the denial.",
        "Weakness keeps him from lifting and is not treated.",
        "The record does not report relief, and weakness was found.",
        "It is not said that weakness and locking had gone.",
        "Neither relief nor rest helped and weakness was shown.",
        "Failed antidepressants and weakness are documented.",
    ],
)
def test_a_denial_of_something_else_leaves_the_finding_a_claim(text: str) -> None:
    assert raised(text) & CLAIMS


@pytest.mark.parametrize("cited", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        "A note of locking or of weakness would decide the matter.",
        "An examination that shows weakness could tip the balance.",
        "Further evidence of carpal tunnel syndrome might change this.",
        "What would settle the question is a report of locking.",
        "The matter would be decided by a finding of weakness.",
        "The request would need documented locking.",
        "A report of locking and of what the knee keeps the worker from doing would settle it.",
        "Had weakness been found, the study would be supported.",
        "Either locking or weakness would have to be documented first.",
        "It remains to be shown that there is locking.",
    ],
)
def test_what_is_still_to_come_is_no_claim(text: str, cited: bool) -> None:
    assert not raised(text, cited=cited) & CLAIMS


@pytest.mark.parametrize(
    "text",
    [
        "The weakness noted on 11/30/2016 would decide the matter.",
        "A report of 11/30/2016 of weakness would decide the matter.",
        "The report of locking would decide the matter.",
        "A report says the worker has weakness and would decide the matter.",
        "The worker's locking would decide the matter.",
        "An examination that showed weakness could tip the balance.",
        "A note of locking would decide the matter, and it was found.",
        "What settles the question is the worker's locking.",
        "Since there is weakness, a report would settle the rest.",
        "Signs of weakness that he has would support imaging.",
        "More locking would come, since it began on 11/30/2016.",
        "A locking that would come each day was told.",
        "A brace for weakness would help.",
        "Any delay with weakness would be harmful.",
        "Had weakness been worse, an operation would be due.",
    ],
)
def test_what_would_decide_and_is_said_to_be_there_stays_a_claim(text: str) -> None:
    assert raised(text) & CLAIMS


RULES = [
    "The section turns on locking or weakness.",
    "The guideline would accept weakness as a ground.",
    "The guideline is about locking and catching.",
    "For weakness the guideline allows imaging.",
    "Imaging is reserved by the guideline for locking or weakness.",
    "Locking is what the guideline asks for.",
    "Under the guideline, weakness supports imaging.",
    "More visits are given only as long as they bring objective improvement.",
    "Continued therapy is supported only with objective improvement.",
    "Therapy goes on only if there is objective improvement.",
    "The request, which by itself goes beyond 9 to 10 visits, is a long one.",
    "The request is a long one, and so goes over 9 to 10 supervised visits.",
    "More than 9 to 10 visits are not supported by the section.",
    "The guideline's 9 to 10 visits are exceeded by the request.",
]


@pytest.mark.parametrize("text", RULES)
def test_what_a_cited_guideline_makes_a_rule_is_no_claim(text: str) -> None:
    assert not raised(text) & CLAIMS


@pytest.mark.parametrize("text", [one for one in RULES if "would accept" not in one and "if there is" not in one])
def test_a_rule_that_no_cited_guideline_has_is_held_against_the_record(text: str) -> None:
    assert raised(text, cited=False) & CLAIMS


@pytest.mark.parametrize(
    "text",
    [
        "The section turns on the weakness.",
        "The section covers this weakness.",
        "The guideline makes its exception for the worker's weakness.",
        "The guideline is about locking, and locking was there.",
        "For the weakness found the guideline allows imaging.",
        "Locking is what the examination showed.",
        "Under the guideline, the weakness on 11/30/2016 supports imaging.",
        "Under the guideline, weakness supports this request.",
        "Under the section, locking and weakness make imaging proper now.",
        "For locking the guideline allows imaging, so the request fits.",
        "Locking is felt under the guideline's first ground.",
        "The knee is sore, and weakness is what the section asks for and what the note has.",
        "Visits go on only while objective improvement lasts, and it lasts.",
        "Therapy went on only as long as it brought objective improvement.",
        "Therapy is supported only with objective improvement, which the worker had.",
        "The worker went on only with objective improvement.",
        "He attended the visits, which go beyond 9 to 10 visits.",
        "After the request the worker had 9 to 10 visits.",
        "The worker was given therapy, which stays under 9 to 10 supervised visits.",
        "The worker is past the 9 to 10 visits of the guideline.",
        "Earlier care used up the 9 to 10 visits of the guideline.",
    ],
)
def test_what_is_given_to_the_worker_in_the_words_of_a_rule_stays_a_claim(text: str) -> None:
    assert raised(text) & CLAIMS


@pytest.mark.parametrize(
    ("text", "refuted"),
    [
        ("Objective improvement after the earlier physical therapy has not been documented.", False),
        ("Lasting relief with the physical therapy given earlier has not been reported.", False),
        ("Progress under the physical therapy so far is not described.", False),
        ("Physical therapy was not given.", True),
        ("The earlier physical therapy is not shown.", True),
        ("Knee pain is not among the complaints.", True),
        ("Knee pain, a ground of the guideline, was not reported.", True),
        ("Progress is plain but physical therapy was not given.", True),
    ],
)
def test_a_negation_belongs_to_its_subject_and_not_to_what_that_would_come_from(text: str, refuted: bool) -> None:
    assert ("absence-refuted" in raised(text)) is refuted


@pytest.mark.parametrize(
    "text",
    [
        "The request came with one for Naproxen, which would be taken as well.",
        "The request also names physical therapy of the neck, so that both would go on together.",
        "The strongest reason for the request is pain that runs into the right calf, yet strength was normal.",
        "The same request holds Tramadol and a brace, so the study would come beside other care.",
        "The request adds an injection of the shoulder, and this is another matter.",
    ],
)
def test_a_treatment_or_part_named_beside_the_request_is_not_decided_on(text: str) -> None:
    assert not raised(text) & VERDICTS


@pytest.mark.parametrize(
    "text",
    [
        "The request for Naproxen is not medically necessary.",
        "The requested Naproxen is not supported by the record.",
        "The request for an MRI of the neck is not needed.",
        "The request for physical therapy of the neck is warranted.",
        "Naproxen is not medically necessary.",
        "The request is for Naproxen.",
    ],
)
def test_a_sentence_that_calls_another_treatment_needed_or_not_decides_on_it(text: str) -> None:
    assert raised(text) & VERDICTS
