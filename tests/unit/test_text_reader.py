from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guideline_corpus.errors import SourceUnreadable
from guideline_corpus.readers.joining import WordsSeen, joined
from guideline_corpus.readers.reading import read_source
from guideline_corpus.readers.text import read_text
from guideline_corpus.splitting import covered, passages_of, sections_of

BODY = "The invented measure is of use to some workers\nand of none to others, as nobody has shown.\n\n"


def headings(text: str) -> list[tuple[int, str]]:
    return [(heading.level, heading.text) for heading in read_text(text).headings]


def test_headings_of_plain_text_are_known_by_number_capitals_underline_or_title_case():
    text = (
        f"INVENTED CARE\n\n{BODY}1.2 Splints and Braces\n\n{BODY}1.2.1 Night use of splints\n\n{BODY}"
        f"Heat Wraps\n\n{BODY}Cold packs\n----------\n\n{BODY}Rest\n====\n\n{BODY}"
    )

    assert headings(text) == [
        (1, "INVENTED CARE"),
        (2, "1.2 Splints and Braces"),
        (3, "1.2.1 Night use of splints"),
        (2, "Heat Wraps"),
        (2, "Cold packs"),
        (1, "Rest"),
    ]


@pytest.mark.parametrize(
    "line",
    ["The worker should rest.", "some words in small letters", "The following is asked for:", "1. Rest for a day."],
)
def test_a_line_that_reads_as_text_is_no_heading(line: str):
    assert headings(f"{line}\n\n{BODY}") == []


def test_wrapped_lines_are_joined_and_list_items_kept_apart():
    source = read_text("Asked for:\n- a trial of\n  rest\n- a programme\n")

    assert [(block.kind, block.text) for block in source.blocks] == [
        ("paragraph", "Asked for:"),
        ("list_item", "- a trial of rest"),
        ("list_item", "- a programme"),
    ]


def test_pages_parted_by_form_feeds_carry_their_printed_numbers():
    pages = [
        f"Invented Guideline\n\n{BODY}Sentence {letter} goes\n\n{number}\n"
        for number, letter in ((7, "a"), (8, "b"), (9, "c"))
    ]
    source = read_text("\f".join(pages))

    assert [page.printed for page in source.pages] == ["7", "8", "9"]
    assert "Invented Guideline" not in source.text
    block = next(block for block in source.blocks if "Sentence b" in block.text)
    assert [start.file_page for start in block.page_starts][-1] == 2


def test_a_word_broken_at_a_line_end_is_joined_only_where_the_file_writes_it_whole():
    words = WordsSeen.of("electrodiagnostic tests and well-being")

    assert joined([("electro-", 1), ("diagnostic", 1)], words)[0] == "electrodiagnostic"
    assert joined([("well-", 1), ("being", 1)], words)[0] == "well-being"
    assert joined([("un-", 1), ("known", 1)], words)[0] == "un-known"
    assert joined([("L4-", 1), ("L5", 1)], words)[0] == "L4-L5"
    assert joined([("pre-", 1), ("and postoperative", 1)], words)[0] == "pre-and postoperative"


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="aA b.\n\f-1:•\t", max_size=300))
def test_whatever_the_text_no_letter_is_lost(text: str):
    source = read_text(text)
    kept = source.text + "".join(left.text for left in source.left_out)

    assert sorted(re.sub(r"[\W_]", "", kept)) == sorted(re.sub(r"[\W_]", "", text))
    assert covered(source, passages_of(source))


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "a.pdf", "a.pdf has no content (0 bytes); ask for a new copy."),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a.html", "a.html is not"),
        (
            b"\x00\x01\x02" * 50,
            "a.txt",
            "a.txt is not a PDF, DOCX, HTML, Markdown or text file; get it in one of these.",
        ),
        ("Größe ".encode("latin-1") * 50, "a.txt", "a.txt is not UTF-8 (byte 2); save it as UTF-8."),
        (b"few words only", "a.txt", "a.txt holds only 3 words of text"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "a.doc", "a.doc is an old word processor file; save it as DOCX or PDF."),
        (b"x " * 11_000_000, "a.txt", "a.txt has 22 MB of text; the limit is 20, split it."),
        (b"<html><meta charset='klingon'>" + b"word " * 30, "a.html", "a.html declares the unknown encoding 'klingon'"),
    ],
)
def test_what_cannot_be_read_is_refused_with_one_sentence(content: bytes, name: str, told: str):
    with pytest.raises(SourceUnreadable) as raised:
        read_source(content, name=name)

    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


def test_text_with_a_byte_order_mark_is_read_in_the_encoding_it_names():
    text = "Splints\n\n" + BODY * 3

    assert read_source(text.encode("utf-16"), name="a.txt").text.startswith("Splints")
    assert read_source(text.encode("utf-8-sig"), name="a.txt").text.startswith("Splints")


def test_sections_of_a_text_file_have_their_path():
    source = read_text(f"1 Care\n\n{BODY}1.1 Splints\n\n{BODY}")

    assert [section.path for section in sections_of(source)] == [("1 Care",), ("1 Care", "1.1 Splints")]
