"""What counts as evidence for an item, and what does not."""

from __future__ import annotations

from drafter.domain.case import RecordField
from drafter.domain.drafting.brief import ItemBrief, ReadField
from drafter.domain.drafting.evidence import Evidence, Focus, find_evidence
from drafter.domain.reading.read import read
from guideline_corpus.vocabulary import load_vocabulary
from tests.factories import make_case, make_item


def evidence(record: str, *concepts: str, treatment: str) -> tuple[Evidence, ...]:
    vocabulary = load_vocabulary()
    item = make_item(heading=treatment, treatment=treatment)
    field = RecordField(field="case_summary", text=record)
    asked = read(treatment, vocabulary=vocabulary)
    brief = ItemBrief(
        case=make_case(case_summary=record, items=(item,)),
        item=item,
        item_reading=asked,
        record=(ReadField(source=field, reading=read(record, vocabulary=vocabulary)),),
        passages=(),
        addressed=True,
    )
    focus = Focus.of(asked, vocabulary=vocabulary)
    return find_evidence(brief, concepts=concepts, focus=focus, vocabulary=vocabulary)


def test_a_finding_in_the_left_hip_says_nothing_about_the_right():
    record = "Examination showed motor weakness of the left hip."

    assert evidence(record, "motor-weakness", treatment="MRI of the right hip") == ()
    assert len(evidence(record, "motor-weakness", treatment="MRI of the left hip")) == 1


def test_a_finding_in_another_body_part_is_no_evidence():
    record = "Examination of the right shoulder showed motor weakness."

    assert evidence(record, "motor-weakness", treatment="MRI of the right knee") == ()


def test_what_utilization_review_argued_is_no_evidence():
    record = "On 10/20/2016, Utilization Review non-certified the request because there was no home exercise program."

    assert evidence(record, "home-exercise-program", treatment="Physical therapy, 6 visits") == ()


def test_the_evidence_is_an_exact_slice_with_its_date():
    record = "On 10/5/2016 the injured worker reported numbness of the right foot."
    (found,) = evidence(record, "numbness-tingling", treatment="EMG of the right lower extremity")

    assert record[found.span.start : found.span.end] == found.span.quote == "numbness of the right foot"
    assert str(found.on) == "2016-10-05"
    assert found.told == "complaint"


def test_a_denial_is_quoted_with_the_words_that_deny():
    record = "Deep tendon reflexes, motor strength, and sensation were intact in the bilateral upper extremities."
    (first, *_) = evidence(record, "sensory-loss", "motor-weakness", "reflex-change", treatment="MRI of the neck")

    assert first.polarity == "negated"
    assert "intact" in first.span.quote


def test_joint_line_tenderness_is_no_sign_of_an_injured_ligament():
    record = "Examination showed medial joint line tenderness of the left knee."

    assert evidence(record, "instability-sign", "mcmurray", treatment="MRI of the left knee") == ()
    assert len(evidence(record, "joint-line-tenderness", treatment="MRI of the left knee")) == 1


def test_a_quote_does_not_begin_with_the_word_that_joined_it():
    record = (
        "Musculoskeletal exam noted restricted range of motion, tenderness of the spinal musculature, no weakness "
        "of the legs, negative straight leg raise bilaterally, and intact sensation throughout both lower extremities."
    )
    (sensation, *_) = evidence(record, "sensory-loss", treatment="MRI of the lumbar spine")

    assert sensation.span.quote.startswith("intact sensation")
