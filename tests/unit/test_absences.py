"""What a sentence says is missing."""

from __future__ import annotations

import pytest

from drafter.domain.reading.absences import Absence
from drafter.domain.reading.read import read
from drafter.domain.reading.statements import read_statements
from guideline_corpus.vocabulary import load_vocabulary


def absences(text: str) -> list[Absence]:
    reading = read(text, vocabulary=load_vocabulary(), voice="record")
    found = [a for s in read_statements(reading, vocabulary=load_vocabulary()) for a in s.absences]
    for absence in found:
        assert text[absence.words_start : absence.words_end] == absence.words
        assert absence.start <= absence.words_start < absence.words_end <= absence.end
    return found


@pytest.mark.parametrize(
    ("text", "words", "concept"),
    [
        ("There is no documentation of functional improvement.", "functional improvement", "functional-improvement"),
        ("There was a lack of documentation of neurological deficits that would support an MRI.",
         "neurological deficits", "neurologic-deficit"),
        ("There is no evidence that the patient has failed conservative care.", "failed conservative care",
         "failed-conservative-care"),
        ("There is no indication that the patient was intolerant to oral medication.",
         "intolerant to oral medication", "intolerance-to-oral-medication"),
        ("Muscle spasm was not documented.", "Muscle spasm", "muscle-spasm-sign"),
        ("A home exercise program has not been provided.", "home exercise program", "home-exercise-program"),
        ("The provider failed to document pain relief.", "pain relief", "pain-relief"),
        ("The records do not show radiculopathy.", "radiculopathy", "radicular-pain"),
        ("The examination did not reveal any neurological deficits to support an imaging study.",
         "neurological deficits", "neurologic-deficit"),
        ("There is insufficient documentation of red flags.", "red flags", "red-flags"),
        ("There were no red flag conditions noted.", "red flag conditions", "red-flags"),
        ("Without evidence of nerve root compromise, an MRI is not indicated.", "nerve root compromise",
         "neurologic-deficit"),
        ("There is no mention of gastrointestinal complaints in the records provided.",
         "gastrointestinal complaints", "gi-symptoms"),
        ("The worker has not undergone physical therapy.", "physical therapy", "prior-physical-therapy"),
        ("It is unclear whether the worker has had physical therapy.", "physical therapy", "prior-physical-therapy"),
        ("The patient is not documented to have failed oral medication.", "failed oral medication",
         "failed-oral-medication"),
        ("Specifically, no muscle spasm or palpable twitch response was noted.",
         "muscle spasm or palpable twitch response", "twitch-response"),
    ],
)  # fmt: skip
def test_claim(text: str, words: str, concept: str) -> None:
    found = absences(text)
    assert [absence.words for absence in found] == [words]
    assert concept in found[0].concepts


@pytest.mark.parametrize(
    "text",
    [
        "The patient has muscle spasm.",
        "An MRI without contrast was done.",
        "The visits should be no more than ten.",
        "The guidelines do not recommend a brace.",
        "The MTUS does not address a service dog.",
        "There is no longer any reason to wait.",
    ],
)
def test_no_claim(text: str) -> None:
    assert absences(text) == []
