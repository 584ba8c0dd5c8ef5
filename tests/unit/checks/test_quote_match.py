"""Only typography may differ between a quotation and its text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.domain.checks.quote_match import match_quote

TEXT = (
    "Spinal manipulation may be tried for 4-6 visits over 2 weeks. It is not recommended after surgery, except where a "
    "surgeon agrees; doses above 90 mg per day should be avoided. Exercise helps most patients who keep at it."
)


@pytest.mark.parametrize(
    "quote",
    [
        "may be tried for 4–6 visits over 2 weeks",
        "Spinal manipu-\nlation may be tried",
        "SPINAL  MANIPULATION may be tried",
        "doses above 90 mg per day ... Exercise helps most patients",
        "doses above 90\u00a0mg per day should be avoided",
    ],
)
def test_typography_does_not_count(quote: str) -> None:
    assert match_quote(quote, (TEXT,)).fate == "exact"


@pytest.mark.bad_input(20)
@pytest.mark.parametrize(
    ("quote", "fate"),
    [
        ("may be tried for 46 visits over 2 weeks", "altered"),
        ("may be tried for 14-16 visits over 2 weeks", "altered"),
        ("It is recommended after surgery, except where a surgeon agrees", "altered"),
        ("recommended after surgery, except where a surgeon agrees", "altered"),
        ("It is not recommended after surgery.", "altered"),
        ("doses above 90 mcg per day should be avoided", "altered"),
        ("Spinal manipulation ... recommended after surgery", "altered"),
        ("may be tried for 6-8 visits over 2 weeks", "altered"),
        ("may be tried for 4-6 visits doses above 90 mg per day", "spliced"),
        ("Bed rest cures every strain within a single day of work", "invented"),
    ],
)
def test_every_other_change_is_found(quote: str, fate: str) -> None:
    assert match_quote(quote, (TEXT,)).fate == fate


def test_the_words_that_differ_are_told() -> None:
    match = match_quote("doses above 60 mg per day should be avoided", (TEXT,))

    assert [(d.quoted, d.printed) for d in match.differences] == [("60", "90")]
    assert TEXT[match.start : match.end] == "doses above 90 mg per day should be avoided"


@given(st.integers(0, len(TEXT) - 1), st.integers(20, 120))
def test_every_stretch_of_whole_words_is_exact_or_cuts_a_bound(start: int, length: int) -> None:
    stretch = TEXT[start : start + length]
    if (start and TEXT[start - 1].isalnum()) or TEXT[start + length : start + length + 1].isalnum():
        return

    match = match_quote(stretch, (TEXT,))
    assert match.fate in ("exact", "altered")
    if match.fate == "altered":
        assert all(not d.quoted for d in match.differences), "only a cut negation or exception may be called altered"


def test_a_long_text_is_searched_in_linear_time() -> None:
    def seconds(times: int) -> float:
        """The best of three texts, each new to every cache."""
        took = []
        for number in range(3):
            text = f"{number} " + (TEXT + " ") * times
            started = time.process_time()
            match_quote("It is recommended after surgery, except where a nurse agrees", (text,))
            took.append(time.process_time() - started)
        return min(took)

    seconds(10)
    assert seconds(400) < 60 * max(seconds(20), 0.002)
