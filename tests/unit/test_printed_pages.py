from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guideline_corpus.readers.printed_pages import (
    PageLines,
    drop_furniture,
    from_roman,
    printed_pages,
    text_edges,
    to_roman,
)


def pages(*footers: str, header: str = "") -> list[PageLines]:
    """Pages of invented text, each with a header and a footer."""
    return [
        PageLines(
            number,
            (header, f"Words of page {chr(64 + number)} begin", *["more words"] * 6, f"end {chr(64 + number)}", foot),
        )
        for number, foot in enumerate(footers, start=1)
    ]


def printed(*footers: str, labels: list[str] | None = None, offset: int | None = None) -> list[str | None]:
    numbered, _ = printed_pages(text_edges(pages(*footers)), labels=labels, offset=offset)
    return [page.printed for page in numbered]


def test_numbers_that_count_up_with_the_pages_are_the_printed_pages():
    assert printed("12", "13", "14", "15") == ["12", "13", "14", "15"]
    assert printed("Page 7 of 90", "Page 8 of 90", "Page 9 of 90") == ["7", "8", "9"]
    assert printed("- 7 -", "- 8 -", "- 9 -") == ["7", "8", "9"]
    assert printed("A-1", "A-2", "A-3") == ["A-1", "A-2", "A-3"]
    assert printed("Knee Chapter 330", "331 Second Edition", "Knee Chapter 332") == ["330", "331", "332"]


def test_a_preface_in_roman_numbers_is_told_from_the_body():
    assert printed("i", "ii", "iii", "iv", "1", "2", "3", "4") == ["i", "ii", "iii", "iv", "1", "2", "3", "4"]
    assert printed("X", "XI", "XII") == ["X", "XI", "XII"]


def test_a_page_without_a_number_inside_a_run_is_counted_and_says_so():
    numbered, _ = printed_pages(text_edges(pages("11", "12", "", "14", "15", "16")))

    assert [page.printed for page in numbered] == ["11", "12", "13", "14", "15", "16"]
    assert numbered[2].evidence == "counted between printed pages 12 and 14"
    assert numbered[0].evidence == "printed on the page: 11"


def test_numbers_that_do_not_count_are_no_page_numbers():
    assert printed("2016", "2016", "2016", "2016") == [None] * 4
    assert printed("6 visits", "3 weeks", "12 months", "1 year") == [None] * 4
    assert printed("", "", "", "") == [None] * 4


def test_a_page_before_the_first_number_stays_unknown():
    assert printed("", "", "1", "2", "3", "4")[:2] == [None, None]


def test_labels_of_the_file_are_believed_where_nothing_speaks_against_them():
    assert printed("", "", "", "", labels=["i", "ii", "1", "2"]) == ["i", "ii", "1", "2"]
    assert printed("5", "6", "7", "8", labels=["5", "6", "7", "8"]) == ["5", "6", "7", "8"]


def test_labels_that_contradict_the_page_are_a_conflict_and_nothing_is_chosen():
    numbered, told = printed_pages(text_edges(pages("5", "6", "7", "8")), labels=["a5", "a6", "a7", "a8"])

    assert [page.printed for page in numbered] == [None] * 4
    assert "file page 1 (label a5, printed 5)" in told[0]
    assert "--page-offset" in told[0]


def test_labels_that_only_repeat_the_count_of_the_file_give_way_to_what_is_printed():
    assert printed("i", "ii", "iii", "1", "2", "3", labels=["1", "2", "3", "4", "5", "6"]) == [
        "i", "ii", "iii", "1", "2", "3",
    ]  # fmt: skip


def test_what_the_user_says_decides_and_a_contradiction_is_told():
    numbered, told = printed_pages(text_edges(pages("5", "6", "7")), offset=10)

    assert [page.printed for page in numbered] == ["11", "12", "13"]
    assert numbered[0].evidence == "page offset given by the user"
    assert "file page 1 (offset 11, printed 5)" in told[0]
    assert printed("", "", "", offset=-2) == [None, None, "1"]


def test_running_headers_and_page_numbers_are_dropped_and_kept_for_the_record():
    given_pages = pages("12", "13", "14", "15", header="Invented Guideline")

    kept, left_out = drop_furniture(given_pages)

    assert all("Invented Guideline" not in page.lines for page in kept)
    assert all("more words" in page.lines for page in kept)
    assert {left.text for left in left_out} == {"Invented Guideline", "12", "13", "14", "15"}


def test_a_line_that_happens_to_end_three_far_pages_alike_is_no_footer():
    footers = ["trial)." if number % 5 == 0 else f"other words {chr(97 + number)}" for number in range(20)]

    _, left_out = drop_furniture(pages(*footers))

    assert not any(left.text == "trial)." for left in left_out)


@given(st.integers(1, 3999))
def test_roman_numbers_there_and_back(value: int):
    assert from_roman(to_roman(value)) == value


@given(st.integers(-50, 400), st.integers(3, 40))
def test_any_unbroken_count_is_read_as_it_is(first: int, length: int):
    numbers = [str(number) if number > 0 else "" for number in range(first, first + length)]
    expected = [number or None for number in numbers]

    if sum(number is not None for number in expected) >= 3:
        assert printed(*numbers) == expected
