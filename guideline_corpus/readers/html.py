"""Reads guidelines in HTML. HTML has no pages, so nothing is known of them."""

from __future__ import annotations

from guideline_corpus.readers.composing import compose
from guideline_corpus.readers.markup import read_markup
from guideline_corpus.readers.source_text import SourceText


def read_html(page: str) -> SourceText:
    """The text of an HTML page."""
    markup = read_markup(page)
    return compose(markup.parts, title=markup.title, hidden=markup.hidden)
