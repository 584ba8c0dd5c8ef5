"""Files that come to harm or mean harm, read as the program reads them: in a child process with limits."""

from __future__ import annotations

import io
import multiprocessing
import random
import resource
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import pypdf
import pytest

from guideline_corpus.errors import SourceUnreadable
from guideline_corpus.readers.isolated import read_isolated
from guideline_corpus.readers.reading import read_source
from guideline_corpus.readers.worker import MEMORY_BYTES, SECONDS
from tests.hostile_pdf import bomb, hostile_pdf, page_of
from tests.official_pdf import write_official_pdf


@pytest.fixture(scope="module")
def guideline() -> bytes:
    return write_official_pdf(chapters=2, topics=1, paragraphs=2).content


def test_a_sound_file_reads_the_same_in_a_child_process(guideline: bytes):
    assert read_isolated(guideline, name="a.pdf") == read_source(guideline, name="a.pdf")


def refused(content: bytes) -> str:
    with pytest.raises(SourceUnreadable) as raised:
        read_isolated(content, name="a.pdf")
    return str(raised.value)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda: page_of(bomb(1_500_000_000), "/FlateDecode"), id="bomb", marks=pytest.mark.long),
        pytest.param(
            lambda: page_of(zlib.compress(bomb(1_500_000_000), 9), "/FlateDecode/FlateDecode"),
            id="double bomb",
            marks=pytest.mark.long,
        ),
        pytest.param(lambda: b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]>>endobj\n%%EOF", id="loop"),
        pytest.param(lambda: b"%PDF-1.7\n" + b"[" * 200_000 + b"%%EOF", id="nesting"),
        pytest.param(lambda: b"%PDF-", id="name only"),
    ],
)
def test_a_hostile_file_is_refused_in_time_and_with_one_sentence(content: Callable[[], bytes]):
    hostile = content()
    began = time.monotonic()

    sentence = refused(hostile)

    assert time.monotonic() - began < 40
    assert sentence.startswith("a.pdf")
    assert "\n" not in sentence


def test_twenty_thousand_pages_are_refused_before_they_are_read():
    writer = pypdf.PdfWriter()
    for _ in range(20_000):
        writer.add_blank_page(72, 72)
    held = io.BytesIO()
    writer.write(held)

    assert "has 20000 pages; the limit is 1500" in refused(held.getvalue())


class Outcome(NamedTuple):
    """How the files went: taken, refused, and the longest time and greatest memory that a child took."""

    taken: int
    refused: int
    seconds: float
    peak_bytes: int


def hostile_outcome(content: bytes, count: int, seed: int) -> Outcome:
    """From a process that has done nothing else: a child's peak begins at the size of the process that started it."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as fresh:
        return fresh.submit(check_hostile, content, count, seed).result()


def check_hostile(content: bytes, count: int, seed: int) -> Outcome:
    """No file is taken with fewer pages or less text than an independent reader finds in it; none breaks us."""
    chance = random.Random(seed)
    taken, longest = 0, 0.0
    sentences: list[str] = []
    for number in range(count):
        spoilt = hostile_pdf(content, chance)
        began = time.monotonic()
        try:
            source = read_isolated(spoilt, name="a.pdf")
        except SourceUnreadable as error:
            sentences.append(str(error))
            source = None
        longest = max(longest, time.monotonic() - began)
        if source is not None:
            taken += 1
            found = independent(spoilt)
            assert len(source.pages) == len(found), f"file {number} of seed {seed}"
            assert sum(page.letters for page in source.pages) >= 0.98 * sum(found) - 12, f"file {number} of seed {seed}"
    assert [sentence for sentence in sentences if "\n" in sentence] == []
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return Outcome(taken, count - taken, longest, peak)


def independent(content: bytes) -> list[int]:
    """The letters and figures that pypdf finds on each page, asked here and not by the program."""
    file = pypdf.PdfReader(io.BytesIO(content), strict=False)
    if file.is_encrypted:
        file.decrypt("")
    return [sum(letter.isalnum() for letter in page.extract_text() or "") for page in file.pages]


def test_no_damaged_file_is_taken_for_a_shorter_one(guideline: bytes):
    outcome = hostile_outcome(guideline, 12, seed=1)

    assert 0 < outcome.taken < 12
    assert outcome.peak_bytes < MEMORY_BYTES


@pytest.mark.long
def test_of_two_thousand_hostile_files_none_is_taken_for_a_shorter_one(guideline: bytes):
    outcome = hostile_outcome(guideline, 2_000, seed=2)

    assert 0 < outcome.taken < 2_000
    assert outcome.seconds < SECONDS + 2  # and the time to start a child and to end it
    assert outcome.peak_bytes < MEMORY_BYTES
