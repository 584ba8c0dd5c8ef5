"""Which words of a sentence are quoted, and how the record told them."""

from __future__ import annotations

import pytest

from drafter.domain.reading.excerpt import Excerpt, excerpt_around
from drafter.domain.reading.read import read
from guideline_corpus.vocabulary import load_vocabulary


def excerpt(text: str, word: str) -> tuple[Excerpt, str]:
    (sentence,) = read(text, vocabulary=load_vocabulary()).sentences
    start = text.index(word)
    found = excerpt_around(sentence, start=start, end=start + len(word))
    return found, text[found.start : found.end]


@pytest.mark.parametrize(
    ("text", "word", "told", "quote"),
    [
        (
            "On 11/10/2016 the injured worker reported severe constant neck pain.",
            "neck pain",
            "complaint",
            "severe constant neck pain",
        ),
        ("She complained of pain in both feet.", "pain", "complaint", "pain in both feet"),
        ("Physical examination revealed spasm and a limp.", "spasm", "examination", "spasm and a limp"),
        ("Diagnoses included lumbar radiculopathy.", "radiculopathy", "diagnosis", "lumbar radiculopathy"),
        ("Medical records dated 12-14-2016 noted pain in the left knee.", "pain", "record", "pain in the left knee"),
        ("Subjective data (11-29-2016) included neck pain.", "neck pain", "complaint", "neck pain"),
        ("Objective findings (11-29-2016) included spasm.", "spasm", "examination", "spasm"),
        ("He was diagnosed as having a lumbar strain.", "lumbar strain", "diagnosis", "a lumbar strain"),
        ("She is undergoing treatment for left hip pain.", "hip pain", "treated", "left hip pain"),
        ("On exam there was tenderness of the hip.", "tenderness", "examination", "tenderness of the hip"),
        (
            "Examination performed on November 18, 2016 was revealing for guarding.",
            "guarding",
            "examination",
            "guarding",
        ),
        ("Her chief complaint was worsening back pain.", "back pain", "complaint", "worsening back pain"),
        ("Subjective complaint reported moderate buttock pain.", "pain", "complaint", "moderate buttock pain"),
        (
            "The treating provider reported since the injury he had headaches.",
            "headaches",
            "record",
            "since the injury he had headaches",
        ),
        (
            "The provider noted a trial of ibuprofen for headaches.",
            "headaches",
            "record",
            "The provider noted a trial of ibuprofen for headaches",
        ),
        (
            "Laxity and tenderness were seen, the attending provider noted.",
            "tenderness",
            "record",
            "Laxity and tenderness were seen",
        ),
        ("There was spasm of the trapezius.", "spasm", "record", "There was spasm of the trapezius"),
        ("Medical records (11-1-2016 to 12-15-2016) indicate neck pain.", "neck pain", "record", "neck pain"),
        ("The physical exam of the lumbar spine, dated 12-5-2016, revealed spasm.", "spasm", "examination", "spasm"),
        ("The physical assessment showed spasm and pain.", "spasm", "examination", "spasm and pain"),
        ("On physical examination, there was spasm.", "spasm", "examination", "spasm"),
        ("Upon examination of the knee, the patient had swelling.", "swelling", "examination", "swelling"),
        ("Subjective complaints (12-20-2016) included low back pain.", "pain", "complaint", "low back pain"),
        ("The injured worker (IW) is undergoing treatment for neck strain.", "strain", "treated", "neck strain"),
        ("The worker was diagnosed as having neck strain.", "strain", "diagnosis", "neck strain"),
        ("According to the note dated 12-13-2016, he had spasm.", "spasm", "record", "he had spasm"),
    ],
)
def test_a_reporting_phrase_is_left_out_of_the_quote_and_kept_as_its_kind(text: str, word: str, told: str, quote: str):
    found, words = excerpt(text, word)

    assert (found.told, words) == (told, quote)


def test_a_list_is_quoted_from_its_beginning_and_whole_where_it_is_not_much_too_long():
    complaint = (
        "headaches rated 8/10 on VAS as well as pain in the neck, both shoulders, both elbows, both wrists, the "
        "midback, the low back and both knees"
    )

    assert excerpt(f"The patient continued to report {complaint}.", "both elbows")[1] == complaint


def test_a_study_is_quoted_without_the_which_revealed_that_joins_it_to_its_name():
    name = "The diagnostic studies of the right knee included a magnetic resonance imaging study of that knee dated "
    text = f"{name}11/18/2016, which revealed a tear of the medial meniscus of some 5 mm with an effusion of the joint."

    assert excerpt(text, "tear")[1].startswith("a tear of the medial meniscus")


def test_a_long_list_is_not_cut_after_a_bare_word():
    long = "rotation to the left and to the right" + " and with normal strength" * 9
    found = excerpt(
        f"Examination showed tenderness of the neck, full motion with flexion, extension, {long}.", "tender"
    )

    assert found[1] == "tenderness of the neck, full motion with flexion"


def test_the_body_part_of_an_examination_is_kept():
    found, words = excerpt("Examination of the right hip revealed normal motion without discomfort.", "discomfort")

    assert found.of == "of the right hip"
    assert words == "normal motion without discomfort"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Cervical exam noted tenderness.", "of the cervical spine"),
        ("Thoracic spine examination revealed tenderness.", "of the thoracic spine"),
        ("The physical examination lumbar spine revealed tenderness.", "of the lumbar spine"),
        ("The examination of his left knee, dated 12-05-2016, revealed tenderness.", "of the left knee"),
    ],
)
def test_the_body_part_is_kept_wherever_the_record_puts_it(text: str, part: str):
    found, words = excerpt(text, "tenderness")

    assert (found.told, found.of, words) == ("examination", part, "tenderness")


def test_a_denied_report_is_quoted_with_its_denial():
    found, words = excerpt("The patient never reported numbness.", "numbness")

    assert found.told == "record"
    assert "never" in words


def test_words_that_stand_before_the_reporting_phrase_were_not_told_by_it():
    found, _ = excerpt("With continued spasm the patient reported pain.", "spasm")

    assert found.told == "record"


def test_what_is_said_of_the_symptoms_keeps_them_in_the_quote():
    found, words = excerpt('The hip and elbow symptoms were "essentially unchanged" with time.', "unchanged")

    assert found.told == "record"
    assert words.startswith("The hip and elbow symptoms")


def test_a_long_sentence_is_not_cut_inside_a_date():
    text = (
        "The progress note from the clinic that was dated November 18, 2016 included radiographs of the cervical spine "
        "that were performed on this same date and that were read as revealing for a fracture at the spinous process."
    )
    _, words = excerpt(text, "fracture")

    assert not words.startswith("2016")
