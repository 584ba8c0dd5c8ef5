"""Bytes to printed lines for plain text: encodings, blank lines and page breaks.

A paragraph opens where more blank lines stand than usual: texts saved from a PDF often have an empty line after every
line, and there a single blank line says nothing. A form feed ends a page.
"""

from __future__ import annotations

import codecs
from collections import Counter

from drafter.adapters.printed import PrintedLine, clean
from drafter.errors import InputUnreadable

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = frozenset(chr(code) for code in range(0x20)) - frozenset("\t\n\r\f\v\x1a\x1b\x1c\x1d\x1e\x1f")
_CONTROL_SHARE = 0.001


def decode(data: bytes, *, name: str) -> str:
    """`data` as text: by its byte order mark, else UTF-8, else Windows-1252 (which holds Latin-1's letters)."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding, name)
    if b"\0" in data:
        raise InputUnreadable(f"{name} is binary, not text; give a PDF, DOCX, plain text, YAML or JSON file")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if sum(text.count(mark) for mark in _CONTROL) > len(text) * _CONTROL_SHARE:
        raise InputUnreadable(f"{name} is binary, not text; give a PDF, DOCX, plain text, YAML or JSON file")
    return text


def _decoded(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputUnreadable(
            f"{name} says that it is {encoding.upper()} but breaks off or is not; save it again as UTF-8"
        ) from error


def text_lines(text: str) -> tuple[PrintedLine, ...]:
    """The printed lines of a plain text."""
    found: list[tuple[str, int, int]] = []
    for page, part in enumerate(text.split("\f"), start=1):
        blanks = 0
        for raw in part.splitlines():
            line = clean(raw)
            if line:
                found.append((line, page, blanks))
                blanks = 0
            else:
                blanks += 1
    usual = _usual_blanks([blanks for _, _, blanks in found[1:]])
    return tuple(PrintedLine(text=line, page=page, opens=blanks > usual) for line, page, blanks in found)


def _usual_blanks(blanks: list[int]) -> int:
    """The number of blank lines between two lines of one paragraph: 0, or 1 in double-spaced text."""
    counts = Counter(blanks)
    return 1 if counts[1] > counts[0] and any(count > 1 for count in counts) else 0
