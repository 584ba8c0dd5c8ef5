"""Whether a finding is there, is not, may be, or is only planned: the traps of clinical prose."""

from __future__ import annotations

import time

import pytest

from drafter.domain.reading.model import Polarity
from drafter.domain.reading.read import read
from guideline_corpus.vocabulary import load_vocabulary

A: Polarity = "affirmed"
N: Polarity = "negated"
U: Polarity = "uncertain"
P: Polarity = "planned"


def polarities(text: str, concept: str) -> set[str]:
    reading = read(text, vocabulary=load_vocabulary())
    return {m.polarity for s in reading.sentences for m in s.mentions if m.concept == concept}


@pytest.mark.parametrize(
    ("text", "concept", "expected"),
    [
        ("He has numbness.", "numbness-tingling", A),
        ("She denies numbness.", "numbness-tingling", N),
        ("She denied any pain, numbness, tingling or weakness of her arms.", "weakness-complaint", N),
        ("She denies fever, chills, numbness and weakness.", "weakness-complaint", N),
        ("Denies numbness but reports weakness.", "weakness-complaint", A),
        ("She denies numbness, and reports weakness.", "weakness-complaint", A),
        ("No numbness.", "numbness-tingling", N),
        ("There was no tenderness, guarding or spasm.", "muscle-spasm-sign", N),
        ("There was no neck stiffness or splinting, tenderness at the neck, and reduced motion.", "tenderness", A),
        ("Tenderness without spasms and restricted range of motion.", "muscle-spasm-sign", N),
        ("Tenderness without spasms and restricted range of motion.", "reduced-range-of-motion", A),
        ("No spasm, decreased range of motion.", "reduced-range-of-motion", A),
        ("Without numbness or tingling.", "numbness-tingling", N),
        ("No numbness and tingling.", "numbness-tingling", N),
        ("No swelling was seen and tenderness was marked.", "tenderness", A),
        ("Negative for numbness, tingling, or weakness.", "weakness-complaint", N),
        ("There is no evidence that the patient has radiculopathy.", "radicular-pain", N),
        ("He did not report nausea.", "nausea-vomiting", N),
        ("Nausea was denied by the patient.", "nausea-vomiting", N),
        ("Muscle spasm was not noted.", "muscle-spasm-sign", N),
        ("Muscle spasm is absent.", "muscle-spasm-sign", N),
        ("Neither numbness nor weakness.", "weakness-complaint", N),
        ("The headaches have resolved.", "headache", N),
        ("Pain without improvement, but headaches persist.", "headache", A),
        ("Not only headaches but nausea as well.", "headache", A),
        ("There is no change in the headaches.", "headache", A),
        ("He continues to have headaches despite no loss of consciousness.", "headache", A),
        ("Possible radiculopathy.", "radicular-pain", U),
        ("MRI to rule out radiculopathy.", "radicular-pain", U),
        ("Radiculopathy is suspected.", "radicular-pain", U),
        ("Radiculopathy cannot be ruled out.", "radicular-pain", U),
        ("Radiculopathy was ruled out.", "radicular-pain", N),
        ("If numbness develops, return at once.", "numbness-tingling", U),
        ("His mother has diabetes.", "diabetes", U),
        ("The plan includes acupuncture.", "prior-acupuncture", P),
        ("The physician recommended an MRI.", "mri-done", P),
        ("An MRI was requested.", "mri-done", P),
        ("An MRI is pending.", "mri-done", P),
        ("The applicant was pending physical therapy.", "prior-physical-therapy", P),
        ("He will start a home exercise program.", "home-exercise-program", P),
        ("He has had acupuncture.", "prior-acupuncture", A),
        ("He has not had acupuncture.", "prior-acupuncture", N),
        ("He never had acupuncture.", "prior-acupuncture", N),
        ("No prior acupuncture.", "prior-acupuncture", N),
        ("Acupuncture has not been tried.", "prior-acupuncture", N),
        ("An MRI without contrast was done.", "mri-done", A),
        ("No MRI has been done.", "mri-done", N),
        ("He is unable to work.", "off-work", A),
        ("He is not working.", "off-work", A),
        ("He has returned to work.", "off-work", N),
        ("He is able to tolerate oral medications.", "intolerance-to-oral-medication", N),
        ("There was no improvement with physical therapy.", "no-benefit", A),
        ("There was no functional improvement.", "functional-improvement", N),
        ("He denies radiating symptoms or associated numbness.", "radicular-pain", N),
        ("Pain does not radiate.", "radicular-pain", N),
        ("Non-radiating low back pain.", "radicular-pain", N),
        ("The pain is non-radiating; low back pain is constant.", "low-back-pain", A),
        ("No pain relief with naproxen.", "pain-relief", N),
        ("No acute distress; tenderness over L4.", "tenderness", A),
        ("There were no spasms in the neck. Tenderness was present.", "tenderness", A),
        ("The patient is not diabetic.", "diabetes", N),
        ("Non-diabetic.", "diabetes", N),
        ("He has no swelling, but the knee is tender.", "tenderness", A),
        ("Tenderness to palpation, no swelling.", "tenderness", A),
        ("Tenderness to palpation, no swelling.", "swelling", N),
        ("He failed to improve with therapy.", "no-benefit", A),
    ],
)
def test_polarity(text: str, concept: str, expected: Polarity) -> None:
    assert polarities(text, concept) == {expected}


def test_earlier_is_told_from_now() -> None:
    reading = read("History of migraine. Current headache.", vocabulary=load_vocabulary())
    assert [m.historical for s in reading.sentences for m in s.mentions if m.concept == "headache"] == [True, False]


@pytest.mark.parametrize(
    "unit",
    ["no ", "denies pain, ", "no spasm or ", "and was ", ", and ", "not noted ", "was negative, ", "range of motion "],
)
def test_time_grows_with_length_even_in_one_endless_sentence(unit: str) -> None:
    def seconds(words: int) -> float:
        text = unit * (words // len(unit.split()))
        start = time.process_time()
        read(text, vocabulary=load_vocabulary())
        return time.process_time() - start

    seconds(200)
    small, large = seconds(4_000), seconds(32_000)
    assert large < 8 * 4 * max(small, 0.02), f"{unit!r}: {small:.2f} s for 4,000 words, {large:.2f} s for 32,000"
