"""A second reader that shares nothing with the first has to find the same letters."""

from __future__ import annotations

import pytest

from guideline_corpus.readers.pdf_witness import disagreement, witness_pdf
from guideline_corpus.readers.source_text import Page
from tests.drawn_pdf import read
from tests.official_pdf import write_official_pdf


def test_two_readers_that_share_nothing_find_the_same_letters():
    content = write_official_pdf(chapters=3, topics=1, paragraphs=2).content

    assert disagreement(read(content).pages, witness_pdf(content, name="a.pdf")) is None


@pytest.mark.parametrize(
    ("ours", "theirs", "told"),
    [
        ((900, 900), (900, 900, 900), "(2 vs 3 pages)"),
        ((900, 100), (900, 900), "(1000 vs 1800 letters)"),
        ((9000, 9000, 100), (9000, 9000, 300), "page 3 of the file (100 vs 300 letters)"),
    ],
)
def test_a_reader_that_finds_less_than_the_other_is_not_believed(
    ours: tuple[int, ...], theirs: tuple[int, ...], told: str
):
    pages = [Page(file_page=at, printed=None, evidence="", letters=count) for at, count in enumerate(ours, start=1)]

    why = disagreement(pages, theirs)

    assert why is not None
    assert told in why
