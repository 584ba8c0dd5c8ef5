"""Headings of disputed items: modified requests, items that fall with another, and the date of the request."""

from __future__ import annotations

from datetime import date

import pytest

from drafter.adapters.dependent_items import with_dependencies
from drafter.adapters.letters.modified import modified_request
from drafter.adapters.letters.request_date import request_date
from drafter.domain.case import DisputedItem

AUTHORIZED = "was authorized by the Claims Administrator."
REMAINING = "The remaining IMR eligible portion of the original request"
LEFT_WHOLE = "The Claims Administrator authorized a rail for 1 month, leaving the original request IMR eligible"


@pytest.mark.parametrize(
    ("sentences", "parts"),
    [
        (
            ["Splint, two was the original request.", f"Splint, one {AUTHORIZED}", f"{REMAINING}, splint, one is"],
            ("Splint, two", "Splint, one", "splint, one"),
        ),
        (
            ["Splint, two was the original request.", f"Splint, one {AUTHORIZED}", f"{REMAINING}, splint, one"],
            ("Splint, two", "Splint, one", "splint, one"),
        ),
        (
            [
                "Splints were the original request.",
                "One splint was approved by the Claims Administrator.",
                "The remaining IMR-eligible portions of the original request, the other splints are",
            ],
            ("Splints", "One splint", "the other splints"),
        ),
        (
            ["A bed rail was the original request.", f"{LEFT_WHOLE}.", "The original request, a bed rail is"],
            ("A bed rail", "a rail for 1 month", "a bed rail"),
        ),
        (["A bed rail was the original request.", LEFT_WHOLE], ("A bed rail", "a rail for 1 month", "A bed rail")),
        (
            [
                "Zinc 5.5mg, 2 refills was the original request.",
                f"Zinc 5.5mg {AUTHORIZED}",
                f"{REMAINING} is Two refills",
            ],
            ("Zinc 5.5mg, 2 refills", "Zinc 5.5mg", "Two refills"),
        ),
    ],
)
def test_a_modified_request_is_told_in_three_parts(sentences: list[str], parts: tuple[str, str, str]):
    modified = modified_request(" ".join(sentences))

    assert modified
    assert (modified.original, modified.authorized, modified.remaining) == parts


def test_a_plain_request_was_not_modified():
    assert modified_request("Purchase of a splint, as authorized by the surgeon") is None


def test_a_modification_told_in_unknown_words_leaves_the_rest_open():
    modified = modified_request("Splint, two was the original request. It was cut down")

    assert modified
    assert modified.original == "Splint, two"
    assert modified.remaining is None


def depends_on(*headings: str) -> list[int | None]:
    items = [
        DisputedItem(number=number, heading=heading, treatment=heading)
        for number, heading in enumerate(headings, start=1)
    ]
    return [item.depends_on for item in with_dependencies(items)]


@pytest.mark.parametrize(
    "ancillary",
    [
        "Associated surgical service: Crutches",
        "Pre-op medical clearance",
        "Preoperative EKG",
        "Chest x-ray",
        "Labs to include: CBC, BMP",
        "Assistant surgeon",
        "PA assist",
        "Shoulder sling",
        "Cold therapy unit, 7 day rental",
        "Post-op physical therapy x 12",
        "Postoperative Keflex 500mg #12",
        "DVT compression garment",
        "Anesthesia",
        "Three day inpatient stay",
        "Urinalysis",
    ],
)
def test_what_surrounds_an_operation_falls_with_it(ancillary: str):
    assert depends_on("Left shoulder arthroscopy with rotator cuff repair", ancillary) == [None, 1]


@pytest.mark.parametrize(
    "alone",
    [
        "Knee brace",
        "Physical therapy, 6 visits",
        "Norco 5/325mg #20",
        "MRI of the left shoulder",
        "Orthopedic consultation",
    ],
)
def test_what_is_as_often_asked_for_alone_stands_for_itself(alone: str):
    assert depends_on("Left shoulder arthroscopy with rotator cuff repair", alone) == [None, None]


@pytest.mark.parametrize(
    "no_operation",
    [
        "Orthopedic surgery consultation",
        "MRI of the shoulder",
        "Tramadol extended release 100mg",
        "Post-op physical therapy after carpal tunnel release",
        "Spinal decompression therapy",
        "Evaluation for total knee arthroplasty",
    ],
)
def test_without_an_operation_among_the_items_nothing_falls_with_one(no_operation: str):
    assert depends_on(no_operation, "EKG", "Assistant surgeon") == [None, None, None]


def test_an_item_falls_with_the_nearest_operation_before_it():
    headings = ["Carpal tunnel release, right", "Pre-op labs", "Trigger finger release, thumb", "Post-op therapy"]

    assert depends_on(*headings) == [None, 1, None, 3]


def test_an_operation_listed_last_still_carries_its_clearance():
    assert depends_on("Medical clearance", "Lumbar fusion L4-5") == [2, None]


def test_guidance_and_sedation_fall_with_the_injection():
    assert depends_on("Lumbar epidural steroid injection L5-S1", "Fluoroscopic guidance", "IV sedation") == [None, 1, 1]


@pytest.mark.parametrize(
    "summary",
    [
        "The Request for Authorization was dated 09-16-2016.",
        "A request for authorization (received on 9/16/16) was reviewed.",
        "The RFA form dated September 16, 2016 lists a splint.",
        "On a September 16, 2016 RFA form, a splint was sought.",
        "An authorization request dated 09-16-2016 (date of service 09-01-2016) was included.",
        "On 9-16-2016, the Request for Authorization requested a splint.",
    ],
)
def test_the_date_of_the_request_is_read_where_it_is_stated(summary: str):
    assert request_date(summary, ur_denial=date(2016, 9, 23)) == (date(2016, 9, 16), ())


@pytest.mark.parametrize(
    ("summary", "why"),
    [
        ("The Request for Authorization is for a splint. The UR dated 9-20-16 denied it.", "does not state it"),
        ("An undated request for authorization was seen; a progress note of 9/16/2016 was too.", "does not state it"),
        ("The RFA dated 9/1/2016 was followed by an RFA dated 9/16/2016.", "several (2016-09-01, 2016-09-16)"),
        ("The Request for Authorization was dated 10-16-2016.", "after the denial of 2016-09-23"),
        (None, "does not state it"),
    ],
)
def test_a_doubtful_date_of_the_request_stays_open_with_its_reason(summary: str | None, why: str):
    day, gaps = request_date(summary, ur_denial=date(2016, 9, 23))

    assert day is None
    assert why in gaps[0]
