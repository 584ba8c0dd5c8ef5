"""Reads guidelines in Markdown, by way of the HTML it stands for."""

from __future__ import annotations

from markdown_it import MarkdownIt

from guideline_corpus.readers.html import read_html
from guideline_corpus.readers.source_text import SourceText


def read_markdown(text: str) -> SourceText:
    """The text of a Markdown file; HTML inside it is read as HTML."""
    return read_html(MarkdownIt("commonmark").enable("table").render(text))
