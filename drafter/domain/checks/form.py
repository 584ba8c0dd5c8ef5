"""Whether a text can be read as a rationale at all, and what in it must not leave the house.

A check of content is worth nothing on a text in another language, a table or a wall of hidden characters; these say so
instead of letting silence pass for a clean result.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from drafter.domain.checks.audit import CASE_SUMMARY, HEADING, RATIONALE, Audit, AuditedItem, Remark, remark_on
from drafter.domain.checks.treatments import treatments_of

LONGEST_WORDS = 20_000  # a rationale of published letters has 20 to 900 words
_FEWEST_TO_JUDGE = 12
# Words that English prose is full of and that its neighbours lack ("no" and "a" are Spanish too).
_ENGLISH = frozenset(
    "the of and to is was for that with not this be are by it have had from at were been which who his her "
    "there".split()
)
_FEWEST_ENGLISH = 0.08  # share of the words of a text
_FEWEST_MARKS = 20
_WORD = re.compile(r"[^\W\d_]+")
# Controls apart from line ends and tabs, zero-width and direction marks, private use.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ue000-\uf8ff]")
_PERSON = re.compile(
    r"\b(?:Dr|Doctor|Mr|Mrs|Ms)\.?\s+(?!of\b|the\b)[A-Z][a-z]{2,}\b|\b[A-Z][a-z]+ [A-Z]\.? ?[A-Z]?[a-z]*,? (?:MD|"
    r"M\.D\.|DO|D\.O\.|DC|PhD)\b|"
    r"[\w.+-]+@[\w-]+\.[\w.]{2,}|\b\d{3}-\d{2}-\d{4}\b|\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b"
)
_SAFETY = re.compile(r"\b(?:taper\w*|wean\w*|abrupt\w*|withdrawal|gradual\w*)\b", re.IGNORECASE)


def hidden_characters(audit: Audit) -> Iterator[Remark]:
    """Control, direction or invisible characters that make a text read otherwise than it is."""
    fields: list[tuple[str, int | None, str]] = [(CASE_SUMMARY, None, audit.case.case_summary or "")]
    fields += [(RATIONALE, item.number, item.rationale or "") for item in audit.case.items]
    fields += [(HEADING, item.number, item.heading) for item in audit.case.items]
    for field, number, text in fields:
        found = _HIDDEN.search(text)
        if found is not None:
            at = found.start()
            name = unicodedata.name(text[at], f"U+{ord(text[at]):04X}")
            yield Remark(
                message=f"The text holds a hidden character ({name}) that can make it read otherwise than it is.",
                item=number,
                field=field,
                start=at,
                end=at + 1,
                quote=text[at],
            )


def not_prose(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A rationale that is not English prose, or far longer than any: the other checks cannot judge it."""
    for text in item.texts:
        words = _WORD.findall(text.text)
        if len(words) > LONGEST_WORDS:
            yield remark_on(
                text,
                0,
                1,
                f"The rationale has {len(words)} words; look whether the letter was read rightly.",
                item=item.item.number,
            )
        if text.statement is None and not _reads_as_english(text.text, words):
            yield remark_on(
                text,
                0,
                len(text.text),
                "This does not read as English prose (another language, or a table): its content was not checked.",
                item=item.item.number,
            )


def _reads_as_english(text: str, words: list[str]) -> bool:
    """Whether Latin letters prevail and, of enough words, some are English; a short text is believed."""
    marks = [mark for mark in text if not mark.isspace()]
    latin = sum(mark.isascii() and mark.isalpha() for mark in marks)
    if len(marks) >= _FEWEST_MARKS and latin < len(marks) / 2:
        return False
    english = sum(word.lower() in _ENGLISH for word in words)
    return len(words) < _FEWEST_TO_JUDGE or english >= _FEWEST_ENGLISH * len(words)


def person_named(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A person's name, address or number in the text of a determination."""
    for text in item.texts:
        for match in _PERSON.finditer(text.text):
            yield remark_on(
                text,
                match.start(),
                match.end(),
                "A person or an identifier is named in the determination.",
                item=item.item.number,
            )


def safety_note_missing(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A denied opioid or benzodiazepine without a word on not stopping it abruptly."""
    ongoing = treatments_of(audit, item) & {"opioid", "benzodiazepine"}
    if item.item.determination != "upheld" or not ongoing or any(_SAFETY.search(text.text) for text in item.texts):
        return
    yield Remark(
        message=f"A denied {sorted(ongoing)[0]} has no word on tapering or on not stopping abruptly.",
        item=item.item.number,
        field=RATIONALE,
    )


def rationale_repeated(audit: Audit) -> Iterator[Remark]:
    """The same rationale, word for word, for different treatments, none of which depends on another."""
    seen: dict[str, int] = {}
    for item in audit.case.items:
        words = " ".join(_WORD.findall((item.rationale or "").lower()))
        if item.depends_on is not None or len(words.split()) < 30:
            continue
        if words in seen:
            yield Remark(
                message=f"Item {item.number} has the rationale of item {seen[words]} word for word.",
                item=item.number,
                field=RATIONALE,
            )
        seen.setdefault(words, item.number)
