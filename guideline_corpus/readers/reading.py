"""Reads a guideline file of any known kind. What a file is, its content says; its name only tells Markdown from text.

What cannot be read in full is refused with one sentence: what is wrong, and what to do.
"""

from __future__ import annotations

import re

from guideline_corpus.errors import SourceUnreadable
from guideline_corpus.readers.source_text import SourceText

READER_VERSION = 3  # raise it when any reader reads differently, so that kept readings are made anew
MOST_BYTES = 200_000_000
MOST_TEXT_BYTES = 20_000_000
LEAST_WORDS = 20
HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<body[\s>]", re.IGNORECASE)
CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
MARKDOWN_NAMES = (".md", ".markdown", ".mdown")
HTML_NAMES = (".html", ".htm", ".xhtml")


def read_source(content: bytes, *, name: str, page_offset: int | None = None) -> SourceText:
    """The text of a guideline file. `name` is shown in messages; `page_offset` is added to the file's page numbers.

    Raises SourceUnreadable.
    """
    if not content:
        raise SourceUnreadable(f"{name} has no content (0 bytes); ask for a new copy.")
    if len(content) > MOST_BYTES:
        raise SourceUnreadable(
            f"{name} has {len(content) // 1_000_000} MB; the limit is {MOST_BYTES // 1_000_000}, split it."
        )
    source = _read(content, name=name, page_offset=page_offset)
    words = len(source.text.split())
    if words < LEAST_WORDS:
        unread = f", {len(source.unread)} pages could not be read" if source.unread else ""
        raise SourceUnreadable(
            f"{name} holds only {words} words of text{unread}; a scan needs character recognition first."
        )
    return source


def is_pdf(content: bytes) -> bool:
    return b"%PDF-" in content[:1024]


def _read(content: bytes, *, name: str, page_offset: int | None) -> SourceText:
    if is_pdf(content):
        from guideline_corpus.readers.pdf import read_pdf

        return read_pdf(content, name=name, page_offset=page_offset)
    if content.startswith(b"PK\x03\x04"):
        from guideline_corpus.readers.docx import read_docx

        return read_docx(content, name=name)
    if content.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise SourceUnreadable(f"{name} is an old word processor file; save it as DOCX or PDF.")
    return _read_text(content, name=name, page_offset=page_offset)


def _read_text(content: bytes, *, name: str, page_offset: int | None) -> SourceText:
    if len(content) > MOST_TEXT_BYTES:
        size, limit = len(content) // 1_000_000, MOST_TEXT_BYTES // 1_000_000
        raise SourceUnreadable(f"{name} has {size} MB of text; the limit is {limit}, split it.")
    lower = name.lower()
    if HTML.search(content[:4096]) or lower.endswith(HTML_NAMES):
        from guideline_corpus.readers.html import read_html

        declared = CHARSET.search(content[:4096])
        return read_html(decoded(content, name=name, declared=declared[1].decode("ascii") if declared else None))
    text = decoded(content, name=name)
    if lower.endswith(MARKDOWN_NAMES):
        from guideline_corpus.readers.markdown import read_markdown

        return read_markdown(text)
    from guideline_corpus.readers.text import read_text

    return read_text(text, page_offset=page_offset)


def decoded(content: bytes, *, name: str, declared: str | None = None) -> str:
    """The characters of a text file, by its byte order mark, its declaration, or as UTF-8; never by guessing."""
    encoding = declared or "utf-8"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif content.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except LookupError:
        raise SourceUnreadable(f"{name} declares the unknown encoding {declared!r}; save it as UTF-8.") from None
    except UnicodeDecodeError as error:
        if b"\0" in content[:4096]:
            raise SourceUnreadable(
                f"{name} is not a PDF, DOCX, HTML, Markdown or text file; get it in one of these."
            ) from None
        raise SourceUnreadable(f"{name} is not {encoding.upper()} (byte {error.start}); save it as UTF-8.") from None
    if "\0" in text:
        raise SourceUnreadable(f"{name} is not a PDF, DOCX, HTML, Markdown or text file; get it in one of these.")
    return text
