"""Who speaks: the record of care, utilization review, or the request."""

from __future__ import annotations

import pytest

from drafter.domain.reading.read import read
from guideline_corpus.vocabulary import load_vocabulary

R, U, Q = "record", "utilization_review", "request"


def told(text: str) -> list[str]:
    return [sentence.voice for sentence in read(text, vocabulary=load_vocabulary()).sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The patient denied numbness.", [R]),
        ("He has denied any weakness.", [R]),
        ("Utilization review denied the request.", [U]),
        ("On 11-22-2016, Utilization Review non-certified the request for naproxen.", [U]),
        ("The original utilization review (12-7-2016) denied a request for an MRI.", [U]),
        ("The request was previously denied due to a lack of spasm.", [U]),
        ("The claims administrator failed to approve a request for injections.", [U]),
        ("A prior determination dated 11/29/2016 was found not medically necessary due to no spasm.", [U]),
        ("Naproxen 500 mg was authorized.", [U]),
        ("The request for tramadol was approved.", [U]),
        ("Six visits were authorized by the Claims Administrator.", [U]),
        ("The physician is board certified.", [R]),
        ("A follow-up exam noted that an MRI was approved.", [R]),
        ("A Request for Authorization was dated 11/14/2016.", [Q]),
        ("The treating physician requested authorization for an MRI.", [Q]),
        ("On 11/22/2016 the patient complained of hip pain and is requesting more therapy.", [R]),
        ("The treatment plan included an MRI.", [R]),
        (
            (
                "The rationale for denial indicated a lack of failed therapy. There were no neurologic symptoms. "
                "The patient was able to tolerate oral medications."
            ),
            [U, U, U],
        ),
        (
            (
                "The request was denied due to no evidence of instability. There is no clear trial of "
                "conservative care. On 12/5/2016 the patient complained of clicking."
            ),
            [U, U, R],
        ),
        (
            (
                "The UR of 12/1/2016 denied surgery because there were conflicting statements. Additionally, it "
                "was indicated that the patient reported bowling. The patient did not have diminished function."
            ),
            [U, U, U],
        ),
        ("Utilization review modified the request. Physical examination revealed spasm.", [U, R]),
        ("Utilization review denied the MRI as there was no deficit. Objective findings included weakness.", [U, R]),
    ],
)
def test_voice(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_a_text_known_to_be_a_review_is_one_throughout() -> None:
    reading = read("The patient has spasm.", vocabulary=load_vocabulary(), voice="utilization_review")
    assert [sentence.voice for sentence in reading.sentences] == [U]
