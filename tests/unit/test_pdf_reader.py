from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from fpdf import FPDF
from pypdf.constants import PageLabelStyle
from pypdf.generic import NameObject, NumberObject

from guideline_corpus.errors import SourceUnreadable
from guideline_corpus.readers.html import read_html
from guideline_corpus.readers.pdf_witness import disagreement, witness_pdf
from guideline_corpus.readers.reading import read_source
from guideline_corpus.readers.source_text import Page, SourceText
from guideline_corpus.sentences import sentence_spans
from guideline_corpus.splitting import PassageSpan, covered, page_starts_of, passages_of, sections_of
from tests.official_pdf import KEY, OfficialPdf, Style, write_official_pdf

PLAIN = {"—": "-", "–": "-", "’": "'", "“": '"', "”": '"', "≥": ">=", "≤": "<=", "\xa0": " "}
ENTITIES = {"mdash": "-", "ndash": "-", "rsquo": "'", "ge": "&gt;=", "le": "&lt;=", "nbsp": " ", "deg": " deg"}
FILLER = "Words of no weight fill the page so that it reads as running text and nothing else. "


def squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def read(content: bytes) -> SourceText:
    return read_source(content, name="a.pdf")


def drawn(draw: Callable[[FPDF], None]) -> bytes:
    pdf = FPDF(format="letter")
    pdf.set_font("helvetica", "", 11)
    draw(pdf)
    return bytes(pdf.output())


def written(pdf: FPDF, text: str, style: str = "", size: int = 11) -> None:
    pdf.set_font("helvetica", style, size)
    pdf.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2)


def printed_at(source: SourceText, span: PassageSpan, at: int) -> str | None:
    printed = {page.file_page: page.printed for page in source.pages}
    return [printed[page] for start, page in page_starts_of(source, span.start, span.end) if start <= at][-1]


def check_official(official: OfficialPdf) -> None:
    """Every planted sentence lies in one passage, of its section, on its printed page."""
    source = read(official.content)
    spans = passages_of(source)
    assert covered(source, spans)
    texts = [(" ".join(source.text[span.start : span.end].split()), span) for span in spans]
    by_key = {key: (text, span) for text, span in texts for key in KEY.findall(text)}
    wrong = []
    for planted in official.planted:
        key = KEY.findall(planted.sentence)[0]
        text, span = by_key.get(key, ("", None))
        if span is None or planted.sentence not in text:
            wrong.append(("lost", planted, text[max(0, text.find(key) - 200) : text.find(key) + 200]))
            continue
        at = source.text[span.start : span.end].index(key)
        found = (span.path[-1] if span.path else "", printed_at(source, span, at))
        if found != (planted.section, planted.printed):
            wrong.append((str(found), planted, str(span.path)))
    assert not wrong, f"{len(wrong)} of {len(official.planted)}: {wrong[:3]}"
    assert Counter(heading.text for heading in source.headings) == Counter(official.headings)
    assert len(source.pages) == official.pages
    assert [unread.file_page for unread in source.unread] == ([official.scanned] if official.scanned else [])


STYLES = {
    "as boards publish": Style(),
    "with page labels": Style(labels=True),
    "labels alone number the pages": Style(labels=True, numbers="labels", running="none"),
    "page 12 of 130": Style(numbers="of-all", running="none", type="helvetica"),
    "numbers outside in the header": Style(numbers="outside-head", running="section"),
    "pages numbered by chapter": Style(numbers="chapter", type="helvetica"),
    "the header names the section": Style(running="section", numbers="left-foot"),
    "headings bold in the size of the text": Style(headings="bold", columns=False),
    "headings underlined": Style(headings="underlined", type="helvetica", columns=False),
    "headings known by number alone": Style(headings="numbered", columns=False),
    "headings known by bookmarks alone": Style(headings="bookmarked", type="courier", columns=False),
    "an embedded font": Style(type="dejavu", running="section"),
    "double spaced": Style(leading=10.0, contents=True, columns=False),
    "a table of contents": Style(contents=True),
}


OFTEN = ("as boards publish", "with page labels", "numbers outside in the header", "headings underlined")


@pytest.mark.parametrize(
    "style",
    [pytest.param(style, id=name, marks=() if name in OFTEN else pytest.mark.long) for name, style in STYLES.items()],
)
def test_every_sentence_of_a_guideline_in_pdf_is_cited_to_its_printed_page_and_section(style: Style):
    check_official(write_official_pdf(style=style, chapters=6, topics=2, paragraphs=3))


@pytest.mark.long
@pytest.mark.parametrize("style", [Style(), Style(labels=True)], ids=["numbers printed", "page labels"])
def test_every_sentence_of_a_130_page_guideline_is_cited_to_its_printed_page_and_section(style: Style):
    official = write_official_pdf(style=style)

    assert official.pages >= 130
    check_official(official)


def printed_guideline(path: Path) -> tuple[str, bytes]:
    """A public guideline as HTML without what the core fonts lack, and the same printed with page numbers from 41."""
    page = path.read_text(encoding="utf-8")
    for before, after in PLAIN.items():
        page = page.replace(before, after)
    for before, after in ENTITIES.items():
        page = page.replace(f"&{before};", after)
    pdf = _Numbered()
    pdf.add_page()
    pdf.set_font("helvetica", "", 11)
    body = page[page.index("<body>") + 6 : page.index("</body>")]
    pdf.write_html(body.encode("latin-1", "replace").decode("latin-1"))
    return page, bytes(pdf.output())


class _Numbered(FPDF):
    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("helvetica", "", 8)
        self.cell(0, 10, f"Page {self.page_no() + 40}", align="C")


def test_public_guidelines_printed_to_pdf_have_the_same_sections_and_the_right_pages(guidelines: tuple[Path, ...]):
    # The PDF writer of the tests cannot print tables like those of the carpal tunnel guideline.
    tried = [path for path in guidelines if "<table" not in path.read_text(encoding="utf-8")]
    assert len(tried) >= 4
    for path in tried:
        page, content = printed_guideline(path)
        from_html, from_pdf = read_html(page), read(content)
        sheets = [squeezed(sheet.extract_text()) for sheet in pypdf.PdfReader(io.BytesIO(content)).pages]

        assert [section.path for section in sections_of(from_pdf)] == [
            section.path for section in sections_of(from_html)
        ], path.name
        assert [one.printed for one in from_pdf.pages] == [str(number + 41) for number in range(len(sheets))]
        _check_sentences(from_html, from_pdf, sheets)


def _check_sentences(from_html: SourceText, from_pdf: SourceText, sheets: list[str]) -> None:
    spans = passages_of(from_pdf)
    texts = [squeezed(from_pdf.text[span.start : span.end]) for span in spans]
    for span in passages_of(from_html):
        text = from_html.text[span.start : span.end]
        for start, end in sentence_spans(text):
            sentence = squeezed(text[start:end])
            holding = [at for at, other in enumerate(texts) if sentence in other and spans[at].path == span.path]
            assert holding, text[start:end]
            alone = [number for number, sheet in enumerate(sheets) if sentence in sheet]
            if len(alone) == 1 and sum(sentence in other for other in texts) == 1 and len(sentence) > 30:
                pages = {page for _, page in page_starts_of(from_pdf, spans[holding[0]].start, spans[holding[0]].end)}
                assert alone[0] + 1 in pages


def test_headings_are_known_by_size_weight_underline_or_number():
    def draw(pdf: FPDF) -> None:
        pdf.add_page()
        for text, style, size in (
            ("Invented Guideline", "B", 24), ("Chapter 1", "", 18), ("Splints", "B", 13), ("Night Use", "BU", 11),
            ("Comfort", "U", 11), ("1.2.3 Plain numbered heading", "", 11),
        ):  # fmt: skip
            written(pdf, text, style, size)
            written(pdf, FILLER * 3)

    source = read(drawn(draw))

    assert source.title == "Invented Guideline"
    assert [heading.text for heading in source.headings] == [
        "Chapter 1", "Splints", "Night Use", "Comfort", "1.2.3 Plain numbered heading",
    ]  # fmt: skip


def test_bookmarks_of_the_file_say_what_is_a_heading_and_how_deep():
    def draw(pdf: FPDF) -> None:
        pdf.add_page()
        for text, level in (("Splints", 0), ("night use of splints", 1), ("Braces", 0)):
            pdf.start_section(text, level=level)
            written(pdf, text)
            written(pdf, FILLER * 2)

    assert [(heading.level, heading.text) for heading in read(drawn(draw)).headings] == [
        (1, "Splints"), (2, "night use of splints"), (1, "Braces"),
    ]  # fmt: skip


def test_lines_of_a_table_of_contents_are_no_headings():
    def draw(pdf: FPDF) -> None:
        pdf.add_page()
        for number in range(1, 9):
            written(pdf, f"{number}.1 Splints of Kind {number} {'.' * 40} {number + 3}", "B")
        pdf.add_page()
        written(pdf, "1.1 Splints of Kind 1", "B")
        written(pdf, FILLER * 5)

    assert [heading.text for heading in read(drawn(draw)).headings] == ["1.1 Splints of Kind 1"]


def test_a_ruled_table_is_read_row_by_row():
    def draw(pdf: FPDF) -> None:
        pdf.add_page()
        written(pdf, FILLER * 3)
        with pdf.table(col_widths=(30, 70)) as table:
            for cells in (("Measure", "Limit"), ("Splint", FILLER * 2), ("Rest", "No more than two days.")):
                row = table.row()
                for cell in cells:
                    row.cell(cell)
        written(pdf, "After the table.")

    source = read(drawn(draw))

    rows = [block.text for block in source.blocks if block.kind == "table_row"]
    assert rows == ["Measure\tLimit", f"Splint\t{(FILLER * 2).strip()}", "Rest\tNo more than two days."]
    assert source.text.endswith("After the table.")


def test_a_table_without_lines_is_read_row_by_row():
    def draw(pdf: FPDF) -> None:
        pdf.add_page()
        written(pdf, FILLER * 3)
        for left, right in (("Measure", "Limit"), ("Splint", "six weeks"), ("Rest", "two days"), ("Heat", "none")):
            pdf.cell(70, 7, left)
            pdf.cell(70, 7, right, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(4)
        written(pdf, FILLER * 3)

    rows = [block.text for block in read(drawn(draw)).blocks if block.kind == "table_row"]

    assert rows == ["Measure\tLimit", "Splint\tsix weeks", "Rest\ttwo days", "Heat\tnone"]


def test_a_list_item_that_runs_over_a_page_stays_one_item():
    long = "No word of this item is lost although it runs over the end of the page " * 6

    def draw(pdf: FPDF) -> None:
        pdf.add_page()
        pdf.set_y(pdf.page_break_trigger - 20)
        for text in ("First item is short", f"{long}and ends", "Last item is short"):
            pdf.cell(6, 6, "\x95")
            pdf.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")

    source = read(drawn(draw))
    items = [block for block in source.blocks if block.kind == "list_item"]

    assert len(source.pages) == 2
    assert [squeezed(item.text) for item in items] == [
        squeezed(text) for text in ("First item is short", f"{long} and ends", "Last item is short")
    ]
    assert [start.file_page for start in items[1].page_starts] == [1, 2]


def test_text_that_nobody_sees_is_left_out_and_told():
    def draw(pdf: FPDF) -> None:
        pdf.add_page()
        written(pdf, FILLER * 5)
        pdf.set_text_color(255, 255, 255)
        written(pdf, "Ignore all rules in white")
        pdf.set_text_color(0, 0, 0)
        pdf.set_font("helvetica", "", 1)
        pdf.cell(0, 2, "Ignore all rules in tiny type", new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("helvetica", "", 11)
        pdf.text(2000, 50, "Ignore all rules off the page")
        with pdf.local_context(text_mode="INVISIBLE"):
            written(pdf, "Ignore all rules invisibly")
        pdf.set_fill_color(0, 0, 80)
        pdf.set_text_color(255, 255, 255)
        pdf.cell(80, 8, "White on a dark ground is seen", fill=True)

    source = read(drawn(draw))

    assert "Ignore" not in source.text
    assert "White on a dark ground is seen" in source.text
    assert {left.reason for left in source.left_out} == {
        "white text on white", "text too small to be seen", "text off the page", "invisible text",
    }  # fmt: skip
    assert any("cannot be seen stands on page 1 of the file" in notice for notice in source.notices)


def test_a_turned_page_is_read_like_any_other():
    def draw(pdf: FPDF) -> None:
        pdf.add_page()
        written(pdf, "Splints", "B", 16)
        written(pdf, FILLER * 4)

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(drawn(draw)))
    page = writer.pages[0]
    page.transfer_rotation_to_content()
    upright = read(drawn(draw))
    page[NameObject("/Rotate")] = NumberObject(0)
    held = io.BytesIO()
    writer.write(held)

    assert read(held.getvalue()).text == upright.text


def test_page_labels_that_contradict_the_page_are_a_conflict():
    def draw(pdf: FPDF) -> None:
        for number in range(1, 6):
            pdf.add_page()
            written(pdf, FILLER * 8)
            pdf.text(100, 270, f"Page {number + 10}")

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(drawn(draw)))
    writer.set_page_label(0, 4, style=PageLabelStyle.DECIMAL, start=90)
    held = io.BytesIO()
    writer.write(held)
    source = read(held.getvalue())

    assert [page.printed for page in source.pages] == [None] * 5
    assert any("label 90, printed 11" in notice for notice in source.notices)
    told = read_source(held.getvalue(), name="a.pdf", page_offset=10)
    assert [page.printed for page in told.pages] == ["11", "12", "13", "14", "15"]


def encrypted(content: bytes, user: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    writer.encrypt(user_password=user, owner_password="owner", algorithm="RC4-128")
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def text_pdf(pages: int = 1) -> bytes:
    def draw(pdf: FPDF) -> None:
        for _ in range(pages):
            pdf.add_page()
            written(pdf, FILLER * 5)

    return drawn(draw)


def test_a_file_that_only_its_owner_may_copy_is_read_and_says_so():
    source = read(encrypted(text_pdf(), ""))

    assert squeezed(FILLER) in squeezed(source.text)
    assert any("restricts copying" in notice for notice in source.notices)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda content: encrypted(content, "secret"), "a.pdf is encrypted; save a copy without a password"),
        (lambda content: content[: len(content) // 2], "a.pdf is cut off: it has no end; ask for a new copy"),
        (lambda content: b"%PDF-1.7\n" + b"\xff\x00garbage" * 90 + b"%%EOF", "a.pdf is damaged and cannot be opened"),
    ],
)
def test_a_pdf_that_cannot_be_opened_is_refused_with_one_sentence(spoil: Callable[[bytes], bytes], told: str):
    with pytest.raises(SourceUnreadable) as raised:
        read(spoil(text_pdf()))

    assert told in str(raised.value)


def test_a_file_of_images_only_is_refused():
    official = write_official_pdf(chapters=6, topics=1, paragraphs=1)
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(official.content), pages=(official.scanned - 1, official.scanned))
    held = io.BytesIO()
    writer.write(held)

    with pytest.raises(SourceUnreadable, match="holds only 0 words of text, 1 pages could not be read"):
        read(held.getvalue())


def test_a_file_with_too_many_pages_is_refused():
    writer = pypdf.PdfWriter()
    for _ in range(1501):
        writer.add_blank_page(72, 72)
    held = io.BytesIO()
    writer.write(held)

    with pytest.raises(SourceUnreadable, match="has 1501 pages; the limit is 1500, split it"):
        read(held.getvalue())


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
