"""Files that come to harm or mean harm, read as the program reads them: in a child process with limits."""

from __future__ import annotations

import io
import random
import time
import zlib
from collections.abc import Callable

import pypdf
import pytest

from guideline_corpus.errors import SourceUnreadable
from guideline_corpus.readers.isolated import read_isolated
from guideline_corpus.readers.pdf_witness import witness_pdf
from guideline_corpus.readers.reading import read_source
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


def pdf_with_content(stream: bytes, filters: str) -> bytes:
    """A page whose content is `stream`, written by hand."""
    parts = [
        b"%PDF-1.7\n",
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>endobj\n",
        f"4 0 obj<</Length {len(stream)}/Filter[{filters}]>>stream\n".encode() + stream + b"\nendstream endobj\n",
    ]
    body = b"".join(parts)
    offsets = [body.index(f"{number} 0 obj".encode()) for number in range(1, 5)]
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    return (
        body
        + f"xref\n0 5\n0000000000 65535 f \n{table}trailer<</Size 5/Root 1 0 R>>\nstartxref\n{len(body)}\n".encode()
        + b"%%EOF"
    )


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9)
    parts = [packer.compress(b"\0" * 1_000_000) for _ in range(size // 1_000_000)]
    return b"".join([*parts, packer.flush()])


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda: pdf_with_content(bomb(1_500_000_000), "/FlateDecode"), id="bomb", marks=pytest.mark.long),
        pytest.param(
            lambda: pdf_with_content(zlib.compress(bomb(1_500_000_000), 9), "/FlateDecode/FlateDecode"),
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


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The file with bytes flipped, cut off, taken out or doubled."""
    changed = bytearray(content)
    kind = chance.choice(["flip", "flip", "cut", "take out", "double"])
    at = chance.randrange(9, len(changed))
    if kind == "flip":
        for _ in range(chance.choice([1, 4, 40, 400])):
            changed[chance.randrange(9, len(changed))] = chance.randrange(256)
    elif kind == "cut":
        del changed[at:]
    elif kind == "take out":
        del changed[at : at + chance.randrange(1, 3000)]
    else:
        changed[at:at] = changed[at : at + chance.randrange(1, 3000)]
    return bytes(changed)


def check_mutations(content: bytes, count: int, seed: int) -> None:
    """No mutation is taken with fewer pages or less text than an independent reader finds in it; none breaks us."""
    chance = random.Random(seed)
    taken = 0
    for _ in range(count):
        spoilt = mutated(content, chance)
        try:
            source = read_isolated(spoilt, name="a.pdf")
        except SourceUnreadable:
            continue
        taken += 1
        witnessed = witness_pdf(spoilt, name="a.pdf")
        assert len(source.pages) == len(witnessed)
        assert sum(page.letters for page in source.pages) >= 0.98 * sum(witnessed) - 12
    assert taken < count


def test_no_damaged_file_is_taken_for_a_shorter_one(guideline: bytes):
    check_mutations(guideline, 12, seed=1)


@pytest.mark.long
def test_of_many_damaged_files_none_is_taken_for_a_shorter_one(guideline: bytes):
    check_mutations(guideline, 300, seed=2)
