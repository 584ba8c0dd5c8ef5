"""Sentences survive abbreviations, decimals, dates, levels and lists."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.domain.reading.sentences import split_sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Roe saw him. He rested.", 2),
        ("The bulge was 5.5 mm. He rested.", 2),
        ("Norco 5/325 mg b.i.d. as needed. He rested.", 2),
        ("Dated 10.5.2016 as shown. Next.", 2),
        ("Injury of 10/24/2016.In a review it was denied.", 2),
        ("QTY: 3.The review denied it.", 2),
        ("Pain vs. spasm at L4-5. Next.", 2),
        ("Signs, e.g. weakness. Next.", 2),
        ("Plan: 1. Norco 10 mg. 2. Flexeril 3. PT 2x4. Return in 4 weeks.", 5),
        ("The pain was 8. The patient rested.", 2),
        ('He said, "It hurts." Then he rested.', 2),
        ("See No. 5 of the list. Next.", 2),
        ("There was no. Next.", 2),
        ("First part\n\nSecond part", 2),
        ("The first line of a paragraph is long enough to be wrapped by the printer and\nthen goes on.", 1),
        ("Medications:\nNorco\nFlexeril", 3),
        ("- Norco\n- Flexeril", 2),
        ("Seen at 5 p.m. Pain was less.", 2),
        ("Seen at 5 p.m. by the nurse.", 1),
        ("Section 9792.24.2. Next.", 2),
        ("Was it done? It was! Yes.", 3),
        ("", 0),
        (" \n ", 0),
    ],
)
def test_count(text: str, expected: int) -> None:
    assert len(split(text)) == expected, split(text)


@given(st.text(alphabet=st.sampled_from("aA1 .,;:!?\n\t\"'()-/#•é\u202e"), max_size=300))
def test_spans_are_exact_and_cover_every_word(text: str) -> None:
    spans = split_sentences(text)
    assert all(start < end and text[start:end] == text[start:end].strip() for start, end in spans)
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())
