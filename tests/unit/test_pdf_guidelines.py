"""Whole guidelines in PDF: every sentence is cited to its section and its printed page, however pages are numbered."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pypdf
import pytest
from fpdf import FPDF
from pypdf.constants import PageLabelStyle

from guideline_corpus.readers.html import read_html
from guideline_corpus.readers.reading import read_source
from guideline_corpus.readers.source_text import SourceText
from guideline_corpus.sentences import sentence_spans
from guideline_corpus.splitting import PassageSpan, covered, page_starts_of, passages_of, sections_of
from tests.drawn_pdf import FILLER, drawn, read, squeezed, written
from tests.official_pdf import KEY, OfficialPdf, Style, write_official_pdf

PLAIN = {"—": "-", "–": "-", "’": "'", "“": '"', "”": '"', "≥": ">=", "≤": "<=", "\xa0": " "}
ENTITIES = {"mdash": "-", "ndash": "-", "rsquo": "'", "ge": "&gt;=", "le": "&lt;=", "nbsp": " ", "deg": " deg"}


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
