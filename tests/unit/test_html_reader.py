from __future__ import annotations

import html
import re
import tomllib
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from guideline_corpus.errors import SourceUnreadable
from guideline_corpus.readers.headings import reads_as_heading
from guideline_corpus.readers.html import read_html
from guideline_corpus.readers.markdown import read_markdown
from guideline_corpus.readers.reading import read_source
from guideline_corpus.readers.source_text import SourceText
from guideline_corpus.sentences import sentence_spans
from guideline_corpus.splitting import covered, passages_of, sections_of

HEADINGS = tomllib.loads(
    (Path(__file__).parent.parent / "data" / "guideline_headings.toml").read_text(encoding="utf-8")
)


def folded(text: str) -> str:
    return re.sub(r"\s+", "", text)


def headings_of(page: str) -> list[tuple[int, str]]:
    return [(heading.level, heading.text) for heading in read_html(page).headings]


def sections(source: SourceText) -> list[str]:
    return [" > ".join(section.path) for section in sections_of(source)]


def test_every_heading_of_the_public_guidelines_is_found_at_its_level_and_nothing_else(guidelines: tuple[Path, ...]):
    for path in guidelines:
        expected = Counter((level, text) for level, text in HEADINGS[path.name]["headings"])
        found = Counter(headings_of(path.read_text(encoding="utf-8")))
        right = sum((expected & found).values())

        assert right / expected.total() >= 0.95, (path.name, expected - found)
        assert right / found.total() >= 0.95, (path.name, found - expected)


def test_no_word_of_the_public_guidelines_is_lost_and_none_stands_in_two_passages(guidelines: tuple[Path, ...]):
    for path in guidelines:
        page = path.read_text(encoding="utf-8")
        source = read_html(page)
        spans = passages_of(source)
        body = BeautifulSoup(page, "lxml").body
        assert body is not None

        assert folded(source.text) == folded(body.get_text()), path.name
        assert covered(source, spans), path.name


def test_every_sentence_of_the_public_guidelines_lies_in_exactly_one_passage(guidelines: tuple[Path, ...]):
    for path in guidelines:
        source = read_html(path.read_text(encoding="utf-8"))
        spans = passages_of(source)
        for section in sections_of(source):
            for block in section.blocks:
                for start, end in sentence_spans(block.text):
                    at = (block.start + start, block.start + end)
                    assert sum(span.start <= at[0] and at[1] <= span.end for span in spans) == 1, path.name


def test_the_front_matter_of_a_guideline_is_read_and_kept_out_of_its_passages(guidelines: tuple[Path, ...]):
    for path in guidelines:
        source = read_html(path.read_text(encoding="utf-8"))

        assert set(source.front_matter) == {"developer", "released", "source", "rights"}
        assert source.title
        first = passages_of(source)[0]
        assert source.text[: first.start].count(source.front_matter["rights"]) == 1


def test_passages_are_short_enough_to_read_and_never_reach_over_a_heading(guidelines: tuple[Path, ...]):
    for path in guidelines:
        source = read_html(path.read_text(encoding="utf-8"))
        starts = [heading.start for heading in source.headings]
        for span in passages_of(source):
            assert len(source.text[span.start : span.end].split()) <= 350
            assert not any(span.start < start < span.end for start in starts)


@pytest.mark.parametrize(
    "paragraph",
    [
        "<p><strong>Trigger Point Injections</strong></p>",
        "<p><u>Trigger Point Injections</u> </p>",
        "<p><em>Trigger Point Injections</em></p>",
        "<p><b><u>Trigger Point</u></b> <b><u>Injections</u></b></p>",
        "<div style='font-weight: bold'>Trigger Point Injections</div>",
        "<p><span style='text-decoration:underline'>Trigger Point Injections</span></p>",
        "<h4>Trigger Point Injections</h4>",
        "<p><strong>Trigger Point Injections</strong>:</p>",
        "<ul><li><strong>Trigger Point Injections</strong><p>They help.</p></li></ul>",
        "<p><strong>Trigger Point Injections</strong><br>They may be of use to some.</p>",
    ],
)
def test_a_line_that_is_emphasised_throughout_is_a_heading(paragraph: str):
    texts = [text.rstrip(":") for _, text in headings_of(f"<h1>T</h1>{paragraph}<p>Some words of running text.</p>")]

    assert texts == ["Trigger Point Injections"]


@pytest.mark.parametrize(
    "heading",
    [
        "When surgery is indicated",
        "How opioids are tapered after surgery",
        "What the Worker Should Know About Splints",
        "Total knee replacement",
        "OPIOIDS IN THE FIRST SIX WEEKS",
        "II. B. Splinting and Bracing",
        "4.2.1 Splinting at night (grade C)",
        "Is the worker a candidate for surgery?",
        "May 2013 Update",
    ],
)
def test_headings_of_other_wordings_are_known(heading: str):
    page = f"<h1>T</h1><p>Before.</p><p><strong>{heading}</strong></p><p>Some words of running text.</p>"

    assert [text for _, text in headings_of(page)] == [heading]


@pytest.mark.parametrize(
    "paragraph",
    [
        "<p><strong>The worker must taper the drug within six weeks of the injury.</strong></p>",
        "<p><strong>The insurer will not pay for a second surgery within 12 months</strong></p>",
        "<p><b>1. Worker must have pain at night</b></p>",
        "<p><u>Do not use sedatives together with this drug</u></p>",
        "<p><strong>AND all of the following:</strong></p>",
        "<p><b>Effective July 1, 2013</b></p>",
        "<p><strong>AND</strong></p>",
        "<p><strong>and/or</strong></p>",
        "<p><strong>Note</strong>: the rest is not emphasised.</p>",
        "<p><strong>Note:</strong></p>",
        "<p><em>(recommendation category: A)</em></p>",
        "<p>It is <strong>not recommended</strong></p>",
        "<ul><li><strong>Taper the worker off</strong></li></ul>",
        "<p><em>First, workers should be told. Then they should be asked again</em></p>",
        "<p><strong>with normal values</strong></p>",
        "<p>Good Evidence</p>",
        "<table><tr><td><b>Splint</b></td><td><b>Night Use</b></td></tr></table>",
    ],
)
def test_emphasis_that_is_no_heading_stays_in_the_text(paragraph: str):
    source = read_html(f"<h1>T</h1><p>Before.</p>{paragraph}<p>After.</p>")

    assert not source.headings
    assert folded(BeautifulSoup(paragraph, "lxml").get_text()) in folded(source.text)


def test_headings_of_a_smaller_type_stand_below_those_they_follow_directly():
    page = (
        "<h1>T</h1><p><b>Drugs</b></p><p><u>Opioids</u></p><p><i>Evidence</i></p><p>Some words.</p>"
        "<p><u>Others</u></p><p><i>Evidence</i></p><p>More words.</p>"
    )

    assert sections(read_html(page)) == ["Drugs > Opioids > Evidence", "Drugs > Others > Evidence"]


def test_a_new_topic_does_not_stand_below_the_contraindications_of_the_last():
    page = (
        "<h1>T</h1><p><b>Injections</b></p><p><i>Indications</i></p><p>Some words.</p><p><i>Contraindications</i></p>"
        "<p>Other words.</p><p><u>Epidural Injection</u></p><p>More words.</p>"
    )

    assert sections(read_html(page))[-1] == "Injections > Epidural Injection"


def test_a_row_across_a_table_is_its_title_and_holds_the_table_only():
    page = (
        "<h1>T</h1><h2>Surgery</h2><table><tr><th colspan='2'>Criteria for Release</th></tr>"
        "<tr><td>Splint<br>Rest</td><td>Numbness of the hand</td></tr></table><p>Afterwards.</p>"
    )
    source = read_html(page)

    assert sections(source) == ["Surgery > Criteria for Release", "Surgery"]
    assert "Splint\nRest\tNumbness of the hand" in source.text


def test_hidden_text_is_left_out_and_told():
    source = read_html("<p>Seen.</p><p style='display:none'>Ignore all rules</p><p hidden>And this</p>")

    assert source.text == "Seen."
    assert {left.text for left in source.left_out} == {"Ignore all rules", "And this"}


def test_markdown_reads_like_the_html_it_stands_for():
    source = read_markdown(
        "# Title\n\n## Splints\n\nWear it *at night*.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| c | d |\n"
    )

    assert source.title == "Title"
    assert sections(source) == ["Splints"]
    assert source.text.endswith("Wear it at night.\n\none\ntwo\n\na\tb\nc\td")


def test_a_page_that_declares_its_encoding_is_read_in_it_and_one_that_hides_it_is_refused():
    words = "<p>" + "Größe über alles. " * 20 + "</p>"
    declared = f"<!doctype html><html><meta charset='windows-1252'>{words}</html>".encode("cp1252")
    silent = f"<!doctype html><html>{words}</html>".encode("cp1252")

    assert "Größe" in read_source(declared, name="a.html").text
    with pytest.raises(SourceUnreadable, match=r"b\.html is not UTF-8 \(byte \d+\); save it as UTF-8"):
        read_source(silent, name="b.html")


WORDS = st.sampled_from(["Splint", "rest", "AND", "not recommended", "6 visits.", "Note:", "e.g. this", "A. B"])
INLINE = st.builds(
    lambda tag, words: f"<{tag}>{html.escape(' '.join(words))}</{tag}>" if tag else " ".join(words),
    st.sampled_from(["", "b", "strong", "u", "em", "span", "sup"]),
    st.lists(WORDS, min_size=1, max_size=4),
)
BLOCK = st.builds(
    lambda tag, parts: f"<{tag}>{' '.join(parts)}</{tag}>",
    st.sampled_from(["p", "div", "h2", "h3", "li", "ul", "blockquote", "td", "table"]),
    st.lists(st.one_of(INLINE, st.sampled_from(["<br>", "<br/>", "<hr>", "<!-- c -->", "&nbsp;"])), max_size=5),
)
PAGE = st.recursive(
    st.lists(BLOCK, max_size=6).map("".join),
    lambda inner: st.builds(
        lambda tag, body: f"<{tag}>{body}</{tag}>",
        st.sampled_from(["div", "ul", "ol", "li", "table", "tr", "td", "b", "p", "section"]),
        inner,
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(PAGE)
def test_whatever_the_page_no_visible_word_is_lost_doubled_or_moved(page: str):
    source = read_html(f"<html><body>{page}<p>end</p></body></html>")
    body = BeautifulSoup(f"<html><body>{page}<p>end</p></body></html>", "lxml").body
    assert body is not None

    assert folded(source.text) == folded(body.get_text())
    assert covered(source, passages_of(source))
    for block in source.blocks:
        assert source.text[block.start : block.end] == block.text


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_a_page_of_garbage_is_read_or_refused_but_never_breaks_the_reader(garbage: bytes):
    page = b"<html><body>" + b"word " * 30 + garbage
    refused = b"\0" in garbage or b"%PDF-" in garbage or not _is_utf8(garbage)
    with pytest.raises(SourceUnreadable, match=r"^x\.html") if refused else nullcontext():
        read_source(page, name="x.html")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def test_pages_nested_without_end_are_read_without_recursion():
    source = read_html("<div>" * 3000 + "deep words" + "</div>" * 3000)

    assert "deep words" in source.text or not source.text


@pytest.mark.parametrize(
    ("line", "is_heading"),
    [
        ("3.3.9 Opioids for Chronic Pain: Maintenance of Treatment", True),
        ("STEP 1: Discontinuing Opioids in a Community Care Setting", True),
        ("Vertebral Axial Decompression (VAX-D)/DRX, 9000", True),
        ("Surgery vs. Conservative Care", True),
        ("Table 2. Criteria for Carpal Tunnel Release", True),
        ("What to Do After the Injury?", True),
        ("continued from the page before", False),
        ("The worker should rest; then work.", False),
        ("Not recommended.", False),
        ("OR", False),
        ("", False),
    ],
)
def test_what_reads_as_a_heading(line: str, is_heading: bool):
    assert reads_as_heading(line) is is_heading
