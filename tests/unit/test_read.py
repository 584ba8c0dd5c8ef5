"""Guarantees of a reading, whatever the text: exact places, one voice a sentence, time that grows with length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.domain.reading.read import read
from guideline_corpus.vocabulary import load_vocabulary

PIECES = (
    "The patient", "denies", "no", "numbness", "and", ",", ".", "; ", "left knee", "L4-5", "MRI", "was", "negative",
    "8/10", "10-30- 2016", "October 28, 2016", "Norco 5/325 mg #60", "2 times a week for 4 weeks", "x 12", "2x4",
    "electro- diagnostic", "range of motion", "decreased", "without", "or", "utilization review denied", "\n", "\n\n",
    "Dr.", "45-year-old", "İ", "ß", "\u202e", "\u0000", "  ", "(", ")", "neck, mid back and low back pain", "’s", "—",
    "strength 4/5", "twice a day", "every 4-6 hours", "1.", "2.", "#", "°", "60 degrees",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_every_place_is_exact_and_inside_its_sentence(pieces: list[str]) -> None:
    text = " ".join(pieces)
    reading = read(text, vocabulary=load_vocabulary())
    assert reading.text == text
    for sentence in reading.sentences:
        assert text[sentence.start : sentence.end] == sentence.text
        places = [(found.start, found.end) for found in sentence.mentions]
        places += [(found.start, found.end) for found in sentence.facts]
        assert all(sentence.start <= start < end <= sentence.end for start, end in places)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    reading = read(text, vocabulary=load_vocabulary())
    assert "".join("".join(s.text for s in reading.sentences).split()) == "".join(text.split())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=20))
def test_reading_is_the_same_each_time_and_does_not_depend_on_what_was_read_before(pieces: list[str]) -> None:
    text = " ".join(pieces)
    first = read(text, vocabulary=load_vocabulary())
    read("The patient denies numbness. " * 3, vocabulary=load_vocabulary())
    assert read(text, vocabulary=load_vocabulary()) == first


def test_a_hundred_thousand_words_are_read_in_linear_time() -> None:
    paragraph = (
        "On 11/14/2016, the patient reported low back pain rated 7/10 with numbness into the left leg, but denied "
        "weakness. "
        "Straight leg raise was positive on the left at 60 degrees; sensation was intact. Norco 5/325 mg #60 was "
        "refilled. "
        "The plan includes physical therapy 2 times a week for 4 weeks. "
    )

    def seconds(words: int) -> float:
        text = paragraph * (words // len(paragraph.split()))
        started = time.process_time()
        read(text, vocabulary=load_vocabulary())
        return time.process_time() - started

    seconds(500)
    assert seconds(96_000) < 8 * 3 * max(seconds(12_000), 0.05)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("The worker fell 8 feet off a ladder.", set()),
        ("He fell twelve feet.", set()),
        ("An 8-foot drop, 2 feet off the ground.", set()),
        ("This holds back the hands-on care, in the face of pain.", set()),
        ("The worker went back to full duty.", set()),
        ("Pain in both feet, the left foot worse.", {"foot"}),
        ("There was swelling of two feet.", {"foot"}),
        ("Foot pain was 8/10, the feet were tender.", {"foot"}),
        ("Hurt the back at work; the hands were numb.", {"low-back", "hand"}),
    ],
)
def test_a_unit_of_length_or_a_figure_of_speech_is_no_part_of_the_body(text: str, parts: set[str]) -> None:
    reading = read(text, vocabulary=load_vocabulary())
    found = {fact.value for sentence in reading.sentences for fact in sentence.facts if fact.kind == "body_part"}
    assert found == parts
