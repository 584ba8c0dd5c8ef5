"""Which emphasised lines are headings, and how they nest. Shared by all readers.

Guidelines mark headings by type: bold, underlined or italic paragraphs. The same type also marks whole sentences that
matter, connectives between criteria ("AND") and notes. What tells them apart is how the words read: a heading begins
with a capital, is short, and is no sentence. How headings nest is told by the file itself: a style whose headings
directly follow those of another, with nothing between, stands below it; failing that, by custom (`CUSTOM`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

MOST_WORDS = 30
MOST_WORDS_ITALIC = 16
MOST_LETTERS = 240
CUSTOM = (
    "bold underline caps",
    "bold underline",
    "bold caps",
    "bold",
    "bold italic",
    "italic",
    "italic underline",
    "underline",
)

NUMBERING = re.compile(
    r"^(?:(?:chapter|part|section|appendix|table|figure|box|step)\s+)?"
    r"(?:\(?(?:[A-Z]|[ivxIVX]{1,5}|\d{1,3})(?:[.\-]\d{1,3}|[.][a-zA-Z])*[.):]+|\d{1,3}(?:\.\d{1,3})+)\s+",
    re.IGNORECASE,
)
CONNECTIVES = frozenset({"and", "or", "and/or", "but", "not", "plus", "with", "either", "then", "if", "versus", "vs"})
LABELS = frozenset(
    {"note", "notes", "nb", "caution", "warning", "important", "please note", "reminder", "example", "examples"}
)
# What a section says of its topic, and never a topic with headings of its own below it.
FACETS = re.compile(
    r"^(?:general |surgical |absolute |relative |operative |special |post-?\w+ |pre-?\w+ )*"
    r"(?:description|indications?|contraindications?|complications?|needle placement|requirements?|precautions?|"
    r"time frames?|side effects?)\b",
    re.IGNORECASE,
)
ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|vs|etc|dr|no|vol|pp?|fig|cf|al|approx|st|u\.s|inc|sec|ch)\.", re.IGNORECASE)
LEAST_STATED = 5
FINITE = re.compile(
    r"(?<=\s)(?:must|should|shall|will|may|can|cannot|is|are|was|were|has|have|do not|does not)(?=\s)|^do not\s",
    re.IGNORECASE,
)
ASKS = re.compile(r"(?:how|when|what|who|whom|why|where|which|whether|if)\b", re.IGNORECASE)
JOINING = re.compile(
    r"(?:and|or|plus)(?:,|\s)\s*(?:(?:either|at least|any|all|one|two|three|both)\b|\()", re.IGNORECASE
)
DATED = re.compile(
    r"(?:effective|revised|updated|issued|last \w+|as of)\s*:?\s*(?:date\s*:?\s*)?"
    r"(?:(?:january|february|march|april|may|june|july|august|september|october|november|december)\b[\s\d,]*|[\d/.-]+)$",
    re.IGNORECASE,
)
LEADERS = re.compile(r"(?:[.·_]\s?){4,}\s*(?:[A-Z]-?)?[\divxlc]{1,5}\s*$", re.IGNORECASE)
SENTENCE_BREAK = re.compile(r"[a-z0-9)\]”\"%][.!?]\s+[\"“(]?[A-Z]")


class StyledHeading(NamedTuple):
    """A line taken for a heading: its type style, and whether anything stands between it and the heading before."""

    style: str
    text: str
    follows_directly: bool


def reads_as_heading(text: str, *, style: str = "bold", larger: bool = False) -> bool:
    """Whether the words of an emphasised line read as a heading and not as a sentence, a connective or a note.

    What is set `larger` than the text may say something ("Opioids are not the first choice") and be a heading still.
    """
    line = " ".join(text.split())
    if not line or len(line) > MOST_LETTERS:
        return False
    bare = NUMBERING.sub("", line)
    words = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", bare).split()
    most = MOST_WORDS if "bold" in style or "underline" in style else MOST_WORDS_ITALIC
    return (
        bool(words)
        and len(words) <= most
        and _begins_as_heading(bare)
        and _is_worded(bare)
        and not _is_aside(bare)
        and not _is_sentence(bare)
        and (larger or not _states(bare))
    )


def is_contents_line(text: str) -> bool:
    """Whether a line belongs to a table of contents: leaders and a page number at its end."""
    return LEADERS.search(text[-80:]) is not None


def is_facet(text: str) -> bool:
    """Whether a heading only names an aspect of the topic above it ("Indications", "Complications")."""
    return FACETS.match(NUMBERING.sub("", " ".join(text.split()))) is not None


def nesting_order(headings: Sequence[StyledHeading], *, custom: Sequence[str] = CUSTOM) -> dict[str, int]:
    """Each style's depth among the styled headings of one file, 0 the highest. `custom` is the order by habit."""
    direct = Counter(
        (above.style, below.style)
        for above, below in pairwise(headings)
        if below.follows_directly and above.style != below.style
    )
    present = {heading.style for heading in headings}
    order = [style for style in custom if style in present] + sorted(present - set(custom))
    for _ in order:
        for at in range(len(order) - 1):
            upper, lower = order[at], order[at + 1]
            if direct[(lower, upper)] > direct[(upper, lower)]:
                order[at], order[at + 1] = lower, upper
    return {style: depth for depth, style in enumerate(order)}


def style_name(*, bold: bool, italic: bool, underline: bool, text: str) -> str | None:
    """The name of a type style; None for plain type. Bold capitals stand above bold words, a lone acronym does not."""
    names = [
        name for name, on in (("bold", bold), ("italic", italic and not underline), ("underline", underline)) if on
    ]
    if not names:
        return None
    if underline and italic and not bold:
        names = ["italic", "underline"]
    return " ".join(names) + (" caps" if bold and not italic and _all_caps(text) else "")


def _begins_as_heading(bare: str) -> bool:
    first = next((letter for letter in bare if letter.isalnum()), "")
    return first.isupper() or first.isdigit()


def _is_worded(bare: str) -> bool:
    """A letter of an index, a formula or a row of figures is no heading."""
    letters = sum(letter.isalpha() for letter in bare)
    return letters >= 2 and 2 * letters >= sum(not letter.isspace() for letter in bare)


def _is_aside(bare: str) -> bool:
    plain = bare.strip(" :.*").lower()
    if JOINING.match(bare) or DATED.match(bare):
        return True
    enclosed = (bare[0], bare[-1]) in {("(", ")"), ("[", "]"), ('"', '"'), ("“", "”")}
    return enclosed or plain in CONNECTIVES or plain in LABELS


def _is_sentence(bare: str) -> bool:
    unabbreviated = ABBREVIATION.sub(lambda match: match[0].replace(".", ""), bare)
    ended = unabbreviated.rstrip(" \"”')]*")
    return ended.endswith((".", ";", ",", "!")) or SENTENCE_BREAK.search(unabbreviated) is not None


def _states(bare: str) -> bool:
    """Whether a line without a full stop says something of a subject, in small letters, as sentences do."""
    words = [word for word in re.findall(r"[A-Za-z][A-Za-z'’-]*", bare) if len(word) > 3]
    capitals = sum(word[0].isupper() for word in words[1:])
    if len(bare.split()) < LEAST_STATED or ASKS.match(bare) or 2 * capitals >= len(words):
        return False
    return FINITE.search(bare) is not None


def _all_caps(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return len(text.split()) > 1 and len(letters) > 8 and all(letter.isupper() for letter in letters)
