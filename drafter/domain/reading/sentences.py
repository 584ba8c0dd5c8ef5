"""Where sentences end in clinical prose.

A full stop ends a sentence only where none of these stands: an abbreviation ("Dr.", "approx."), a decimal ("7.5 mg"),
an initial, the number of a list ("1. Norco 2. Flexeril"). Summaries also run sentences together without a blank
("2016.In a utilization review report"); those are parted. A blank line, a bullet or a new list number ends a sentence
without a full stop. Spans are exact and never overlap; only white space lies between them
(proved by tests/unit/test_sentences.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_STOP = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s|$|[A-Z][a-z])|\n\s*\n|\n(?=\s*(?:[-•*▪●]\s|\(?\d{1,2}[.)]\s))|\n")
_NUMBER_BEFORE = re.compile(r"(?:^|[\s(])(\d{1,2})$")
_WORD_BEFORE = re.compile(r"([^\W\d_]+(?:\.[^\W\d_]+)*)$")
_SHORT_LINE = 45

# Never end a sentence, whatever follows.
_TITLES = frozenset(
    "dr mr mrs ms prof st vs v e.g i.e eg ie cf approx fig figs no nos pg pgs p pp ch sec vol ed al viz ca".split()
)
# End a sentence only before a capital letter, and not before a digit.
_SHORTENED = frozenset(
    "etc inc ltd dept est min mins hr hrs wk wks yr yrs mo mos tab tabs cap caps mg mcg gm lb lbs oz ft cm mm ml kg "
    "jan feb mar apr jun jul aug sep sept oct nov dec a.m p.m am pm b.i.d t.i.d q.i.d q.d h.s p.o p.r.n prn bid "
    "tid qid "
    "m.d d.o d.c d.p.m ph.d r.n p.a l.ac u.s dx hx tx rx sx fx pt pts ext flex lat bilat temp max rom ext int "
    "abd add "
    "w.c i.m i.v s.p d.o.i p.t r.o".split()
)


def split_sentences(text: str) -> list[tuple[int, int]]:
    """The (start, end) of every sentence, without the white space around it."""
    spans = []
    start = 0
    for end in (*_ends(text), len(text)):
        span = _trimmed(text, start, end)
        if span:
            spans.append(span)
        start = end
    return spans


def _ends(text: str) -> Iterator[int]:
    start, expected = 0, 1
    for match in _STOP.finditer(text):
        number = _list_number(text, match.start(), start) if match[0] == "." else None
        if number is not None and number == expected and _opens_item(text, start, match.start(), number):
            expected += 1
            marker = match.start() - len(str(number))
            if marker > start and text[start:marker].strip():
                yield marker
                start = marker
            continue
        if _ends_here(text, match):
            yield match.end()
            if number is None or number + 1 != expected:
                expected = expected if _list_goes_on(text, match.end(), expected) else 1
            start = match.end()


def _list_number(text: str, stop: int, start: int) -> int | None:
    match = _NUMBER_BEFORE.search(text[max(start, stop - 4) : stop])
    return int(match[1]) if match else None


def _opens_item(text: str, start: int, stop: int, number: int) -> bool:
    """True for the number of a list item: first in its sentence or line, after a colon, or next in a running list."""
    before = text[max(start, stop - 8) : stop - len(str(number))]
    return number > 1 or not before.strip() or before.rstrip().endswith((":", ";", "\n")) or "\n" in before


def _list_goes_on(text: str, at: int, expected: int) -> bool:
    return expected > 1 and bool(re.match(rf"\s*\(?{expected}[.)]\s", text[at : at + 8]))


def _ends_here(text: str, match: re.Match[str]) -> bool:
    mark = match[0]
    if mark[0] == "\n":
        return _line_ends(text, match)
    following = text[match.end() : match.end() + 3].lstrip()[:1]
    if mark[0] in "!?" or not following:
        return True
    if "..." in mark and following.islower():
        return False
    return not _abbreviated(text, match.start(), following)


def _abbreviated(text: str, stop: int, following: str) -> bool:
    match = _WORD_BEFORE.search(text[max(0, stop - 12) : stop])
    if not match:
        return False
    word = match[1].lower()
    if word in _TITLES:
        return word != "no" or following.isdigit()
    if word in _SHORTENED:
        return not following.isupper()
    is_initial = len(word) == 1 and match[1].isupper() and word != "i"
    return (is_initial and (following.isupper() and _after_name(text, stop))) or (
        "." in word and not following.isupper()
    )


def _after_name(text: str, stop: int) -> bool:
    """True for the initial of a name ("John A. Smith", "A. Smith"), false for "grade A." or "hepatitis C."."""
    before = text[max(0, stop - 20) : stop - 1].rstrip()
    word = re.search(r"[^\s]+$", before)
    return word is None or word[0][:1].isupper() or word[0].endswith(".")


def _line_ends(text: str, match: re.Match[str]) -> bool:
    if match[0] != "\n" or text[match.end() : match.end() + 1].isspace():
        return True
    line = text[text.rfind("\n", max(0, match.start() - 400), match.start()) + 1 : match.start()].rstrip()
    following = text[match.end() : match.end() + 40].lstrip()
    if re.match(r"(?:[-•*▪●]\s|\(?\d{1,2}[.)]\s|[A-Z][\w/ ]{2,30}:)", following):
        return True
    return len(line) < _SHORT_LINE and following[:1].isupper() and not line.endswith((",", "-", "and", "of", "the"))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return None
    start += len(piece) - len(piece.lstrip())
    return start, start + len(stripped)
