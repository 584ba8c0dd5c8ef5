from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from guideline_corpus.readers.source_text import Block, PageStart, SourceText, lay_out
from guideline_corpus.sentences import sentence_spans
from guideline_corpus.splitting import MOST_WORDS, covered, page_starts_of, passages_of, sections_of


def source_of(*blocks: Block) -> SourceText:
    text, placed = lay_out(blocks)
    return SourceText(text=text, blocks=placed)


def heading(text: str, level: int = 1, *, inferred: bool = False) -> Block:
    return Block(kind="heading", text=text, level=level, level_inferred=inferred)


def paragraph(words: int, *, kind: str = "paragraph", end: str = ".") -> Block:
    return Block.model_validate({"kind": kind, "text": " ".join(["word"] * (words - 1)) + f" end{end}"})


def test_a_short_section_is_one_passage_with_its_path():
    source = source_of(heading("Drugs"), heading("Opioids", 2), paragraph(40), paragraph(30))

    (span,) = passages_of(source)

    assert span.path == ("Drugs", "Opioids")
    assert source.text[span.start : span.end].count("end.") == 2


def test_a_long_section_is_cut_between_paragraphs_into_even_passages():
    source = source_of(heading("Opioids"), *[paragraph(90) for _ in range(6)])

    words = [len(source.text[span.start : span.end].split()) for span in passages_of(source)]

    assert words == [180, 180, 180]


def test_a_block_of_excessive_length_is_cut_between_sentences():
    sentences = " ".join(f"The sentence number {number} has exactly nine words." for number in range(80))
    source = source_of(Block(kind="paragraph", text=sentences))

    spans = passages_of(source)

    assert len(spans) > 2
    assert all(source.text[span.start : span.end].endswith("words.") for span in spans)
    assert covered(source, spans)


def test_a_lead_in_stays_with_the_first_item_of_its_list():
    items = [paragraph(60, kind="list_item") for _ in range(5)]
    source = source_of(heading("A"), paragraph(170), paragraph(12, end=":"), *items)

    texts = [source.text[span.start : span.end] for span in passages_of(source)]

    assert not any(text.rstrip().endswith(":") for text in texts)


def test_what_stands_before_any_heading_belongs_to_the_guideline_as_a_whole():
    source = source_of(paragraph(20), heading("A"), paragraph(20))

    assert [span.path for span in passages_of(source)] == [(), ("A",)]


def test_after_a_titled_table_the_section_around_it_goes_on():
    table = Block(kind="heading", text="Table 1", level=2, covers_table=True)
    row = Block(kind="table_row", text="a\tb")
    source = source_of(heading("A"), paragraph(9), table, row, row, paragraph(9))

    assert [section.path for section in sections_of(source)] == [("A",), ("A", "Table 1"), ("A",)]


def test_a_passage_knows_on_which_page_each_of_its_words_stands():
    block = Block(
        kind="paragraph",
        text="first page words then second page words.",
        page_starts=(PageStart(at=0, file_page=4), PageStart(at=22, file_page=5)),
    )
    source = source_of(heading("A"), block)
    (span,) = passages_of(source)

    assert page_starts_of(source, span.start, span.end) == ((0, 4), (22, 5))


KINDS = st.sampled_from(["heading", "paragraph", "list_item", "table_row", "title", "front_matter"])
TEXTS = st.lists(
    st.sampled_from(["Indications", "word.", "Next sentence:", "a;", "Dr.", "x\ty", "\n", "6."]), min_size=1
)
BLOCKS = st.builds(
    lambda kind, texts, times, level: Block(kind=kind, text=(" ".join(texts) + " ").strip() * times, level=level),
    KINDS,
    TEXTS,
    st.integers(1, 40),
    st.integers(1, 4),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(BLOCKS, max_size=12))
def test_every_word_lies_in_exactly_one_place(blocks: list[Block]):
    source = source_of(*blocks)
    spans = passages_of(source)

    assert covered(source, spans)
    assert all(source.text[span.start : span.end].strip() for span in spans)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 200), min_size=1, max_size=30))
def test_no_passage_of_ordinary_paragraphs_is_longer_than_two_of_its_blocks_allow(lengths: list[int]):
    source = source_of(heading("A"), *[paragraph(length + 1) for length in lengths])

    for span in passages_of(source):
        assert len(source.text[span.start : span.end].split()) <= MOST_WORDS + max(lengths) + 1


def test_sentences_end_where_a_reader_would_end_them():
    text = "Dr. Doe saw 3.5 mg (e.g. twice). He agreed! Was it safe? See p. 12 and Fig. 2.\nNext line\tcell"

    assert [text[start:end] for start, end in sentence_spans(text)] == [
        "Dr. Doe saw 3.5 mg (e.g. twice).",
        "He agreed!",
        "Was it safe?",
        "See p. 12 and Fig. 2.",
        "Next line",
        "cell",
    ]


@given(st.text(alphabet=" .!?\n\tabcABC0123456789;:()\"'", max_size=200))
def test_sentences_lose_nothing_but_white_space(text: str):
    spans = sentence_spans(text)

    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
