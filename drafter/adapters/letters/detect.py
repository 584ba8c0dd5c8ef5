"""Which form a text is, by the labels it carries, never by its date."""

from __future__ import annotations

import re
from collections.abc import Sequence

from drafter.adapters.letters import page_form_2014, section_form_2016
from drafter.adapters.letters.furniture import without_furniture
from drafter.adapters.letters.items import has_item_labels
from drafter.adapters.letters.notice_form_2013 import is_notice, read_notice
from drafter.adapters.letters.unknown_form import read_unknown_letter
from drafter.adapters.printed import Folded, PrintedLine
from drafter.domain.case import Case

_LETTER_SIGNS = re.compile(
    r"\bIMR\s+FINAL\s+DETERMINATION\b|\bIndependent\s+Medical\s+Review\b.{0,200}?\bDetermination\b"
    r"|\bIMR\s+(?:ISSUES,\s+)?DECISIONS?\b|\bMAXIMUS\s+(?:guideline|Federal\s+Services)\b",
    re.DOTALL,
)


def read_letter(lines: Sequence[PrintedLine]) -> Case | None:
    """The case of a published determination, `None` where the text does not look like one."""
    text = Folded(_typed(without_furniture(lines)))
    if is_notice(text):
        return read_notice(text)
    if has_item_labels(text):
        return _read_labelled(text)
    return read_unknown_letter(text) if _LETTER_SIGNS.search(text.text) else None


def _read_labelled(text: Folded) -> Case:
    sectioned = section_form_2016.SIGN.search(text.text)
    if sectioned or not (page_form_2014.SIGN.search(text.text) or page_form_2014.CITATION_SIGN.search(text.text)):
        if sectioned or section_form_2016.CITATION_SIGN.search(text.text):
            return section_form_2016.read_section_form(text)
        return read_unknown_letter(text)
    return page_form_2014.read_page_form(text)


def _typed(lines: Sequence[PrintedLine]) -> tuple[PrintedLine, ...]:
    """Lines as they are; where nothing at all is bold, the input knows no type."""
    if any(line.bold for line in lines):
        return tuple(lines)
    return tuple(line.model_copy(update={"bold": None}) if line.bold is not None else line for line in lines)
