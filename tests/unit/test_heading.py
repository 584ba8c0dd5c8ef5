"""A reader of a draft meets the request as words of a sentence, not as a title."""

from __future__ import annotations

import pytest

from drafter.domain.drafting.heading import as_object, within


@pytest.mark.parametrize(
    ("heading", "inside"),
    [
        ("Sit-stand workstation", "a sit-stand workstation"),
        ("MRI of the lumbar spine", "an MRI of the lumbar spine"),
        ("Cervical CT scan", "a cervical CT scan"),
        ("X-ray of the pelvis", "an X-ray of the pelvis"),
        ("TENS unit", "a TENS unit"),
        ("Urine Test", "a urine test"),
        ("Assistant PA", "an assistant PA"),
        (
            "Nerve Conduction Study of the right upper extremity",
            "a nerve conduction study of the right upper extremity",
        ),
        ("purchase of a bedside 3 in 1 commode", "the purchase of a bedside 3 in 1 commode"),
    ],
)
def test_one_thing_that_can_be_counted_takes_its_article(heading: str, inside: str):
    assert as_object(heading) == inside


@pytest.mark.parametrize(
    ("heading", "inside"),
    [
        ("X-rays of the left shoulder", "X-rays of the left shoulder"),
        ("Wrist braces #2", "wrist braces #2"),
        ("Electrocardiogram times 3", "electrocardiogram times 3"),
        ("1 knee scooter", "1 knee scooter"),
        ("Comprehensive psychological testing", "comprehensive psychological testing"),
        ("Transportation to/from all medical appointments", "transportation to/from all medical appointments"),
        ("Electrical Muscle Stimulation 2 times a week", "electrical muscle stimulation 2 times a week"),
    ],
)
def test_several_things_and_what_cannot_be_counted_take_none(heading: str, inside: str):
    assert as_object(heading) == inside


@pytest.mark.parametrize("heading", ["Norflex 100mg #60", "Salonpas pad #60", "Lidocaine 5% patch #1"])
def test_the_name_of_a_drug_keeps_its_capital(heading: str):
    assert as_object(heading) == heading


def test_a_service_that_goes_with_an_operation_is_told_as_one():
    assert as_object("Associated surgical service: Cold therapy unit") == (
        "a cold therapy unit as an associated surgical service"
    )


def test_what_remains_of_a_request_does_not_begin_with_the_word_that_joined_it():
    assert within("with open carpal tunnel release") == "open carpal tunnel release"
