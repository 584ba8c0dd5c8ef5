"""Is this quotation word for word in that text? Exact, altered, spliced or invented.

Only typography may differ: kind of quotation marks and dashes, blanks and line breaks, a hyphen at a line end, capital
letters, an ellipsis where words were left out. Everything else counts, above all numbers, negations and qualifiers. So
both texts are squeezed to their letters, digits and the signs between digits, and an exact match is a match of the
squeezed quotation that starts and ends at a word. Time is linear in the texts, apart from the alignment of a quotation
that was not found, which looks at one window no longer than twice the quotation.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from drafter.domain.model import DomainModel

QuoteFate = Literal["exact", "altered", "spliced", "invented"]

ALTERED_FROM = 0.8  # share of words kept, above which a quotation that is not exact counts as altered
FEWEST_WORDS = 4  # shorter runs of words stand in too many texts to prove anything

_ELLIPSIS = re.compile(r"\s*(?:\.\s?\.\s?\.|…|\[\s?…\s?\]|\*\s\*\s\*)\s*")
_INSERTION = re.compile(r"\[[^\]\n]{0,60}\]")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[%<>≤≥±]")
# A cut that leaves out one of these turns the sense: just before the quotation, in a gap of it, or just after its
# full stop.
_TURNS_BEFORE = re.compile(
    r"\b(?:(?:not|no|never|nor|neither|without|cannot|rarely|seldom)[^\w,;.]+(?:\w+[^\w,;.]+)?|(?:only|some|most|many|few|several|"
    r"at least|up to|no more than|at most|usually|generally|occasionally|sometimes)\W+)$",
    re.IGNORECASE,
)
_TURNS_WITHIN = re.compile(r"\b(?:not|no|never|nor|neither|without|cannot|unless|except|only)\b", re.IGNORECASE)
_TURNS_AFTER = re.compile(
    r"[\s,]{0,2}\b(?:(?:unless|except|provided|only|if|until|but|however|in most cases|in some|when|where|"
    r"with the exception|"
    r"for (?:most|some|selected|certain))\b[^.;]*)",
    re.IGNORECASE,
)
_FULL_STOP = re.compile(r"[.!][\W_]*$")
_SENTENCE_END = re.compile(r"[.!?;:\n]")
LONGEST_GAP = 600  # characters that an ellipsis may leave out
_SIGNS = frozenset("%<>≤≥±+=$")
_BETWEEN_DIGITS = {".": ".", ",": "", "/": "/", "-": "-", "‐": "-", "‑": "-", "–": "-", "—": "-", ":": ":"}


class Difference(DomainModel):
    """One stretch in which the quotation departs from the text; either side may be empty."""

    quoted: str
    printed: str


class QuoteMatch(DomainModel):
    """What became of a quotation. `start` and `end` are offsets into the text it was found in or comes nearest to.

    `score` is the share of words kept, from 0 to 1; 1 where it is exact or spliced.
    """

    fate: QuoteFate
    text: int | None = None
    start: int | None = None
    end: int | None = None
    differences: tuple[Difference, ...] = ()
    score: float = 1.0


class Squeezed(DomainModel):
    """A text without its typography; `at[i]` is where the i-th kept character stands in the text."""

    letters: str
    at: tuple[int, ...]


@lru_cache(maxsize=4096)
def squeeze(text: str) -> Squeezed:
    """The letters, digits and signs of a text, lower case, with their offsets."""
    kept: list[str] = []
    at: list[int] = []
    for i, char in enumerate(text):
        for plain in unicodedata.normalize("NFKC", char).lower():
            if plain.isalnum() or plain in _SIGNS:
                kept.append(plain)
                at.append(i)
            elif plain in _BETWEEN_DIGITS and _digits_around(text, i) and _BETWEEN_DIGITS[plain]:
                kept.append(_BETWEEN_DIGITS[plain])
                at.append(i)
    return Squeezed(letters="".join(kept), at=tuple(at))


def match_quote(quote: str, texts: Sequence[str]) -> QuoteMatch:
    """The fate of a quotation among the texts it may come from, in the order in which they are to be tried."""
    parts = _parts(quote)
    for number, text in enumerate(texts):
        span = _find_in_order(parts, text)
        if span is not None:
            dropped = _dropped(quote, text, *span)
            fate: QuoteFate = "altered" if dropped else "exact"
            return QuoteMatch(fate=fate, text=number, start=span[0], end=span[1], differences=dropped)
    cut = _cut_away(parts, texts)
    if cut is not None:
        return cut
    spliced = _splice(quote, texts)
    if spliced is not None:
        return spliced
    return _nearest(quote, texts)


def _parts(quote: str) -> tuple[str, ...]:
    """The stretches between ellipses and bracketed insertions; each must stand in the text, in order."""
    pieces = [piece for part in _ELLIPSIS.split(quote) for piece in _INSERTION.split(part)]
    return tuple(piece for piece in pieces if squeeze(piece).letters)


def _cut_away(parts: Sequence[str], texts: Sequence[str]) -> QuoteMatch | None:
    """A quotation whose ellipsis leaves out what turns its sense."""
    for number, text in enumerate(texts) if len(parts) > 1 else ():
        span = _find_in_order(parts, text, may_leave_out=_is_short)
        turned = _TURNS_WITHIN.search(text, *span) if span else None
        if span is not None and turned is not None:
            left_out = Difference(quoted="...", printed=turned[0])
            return QuoteMatch(fate="altered", text=number, start=span[0], end=span[1], differences=(left_out,))
    return None


def _may_leave_out(gap: str) -> bool:
    return _is_short(gap) and not _TURNS_WITHIN.search(gap)


def _is_short(gap: str) -> bool:
    return len(gap) <= LONGEST_GAP


def _find_in_order(
    parts: Sequence[str], text: str, may_leave_out: Callable[[str], bool] = _may_leave_out
) -> tuple[int, int] | None:
    squeezed = squeeze(text)
    position, first, last = 0, None, None
    for part in parts:
        found = _find(squeeze(part).letters, squeezed, text, position)
        if found is None or (last is not None and not may_leave_out(text[squeezed.at[last] + 1 : squeezed.at[found]])):
            return None
        first = found if first is None else first
        last = found + len(squeeze(part).letters) - 1
        position = last + 1
    return None if first is None or last is None else (squeezed.at[first], squeezed.at[last] + 1)


def _dropped(quote: str, text: str, start: int, end: int) -> tuple[Difference, ...]:
    """The negation before the quotation, or the exception after its full stop, that quoting a part has cut away."""
    before = _SENTENCE_END.split(text[max(0, start - 40) : start])[-1]
    negation = _TURNS_BEFORE.search(before)
    if negation:
        return (Difference(quoted="", printed=negation[0].strip()),)
    after = _TURNS_AFTER.match(text, end) if _FULL_STOP.search(quote) else None
    return (Difference(quoted="", printed=after[0].strip(" ,")),) if after else ()


def _find(letters: str, squeezed: Squeezed, text: str, position: int) -> int | None:
    """Where `letters` stand as whole words, at or after `position`."""
    while True:
        position = squeezed.letters.find(letters, position)
        if position < 0:
            return None
        if _whole_words(squeezed, text, position, position + len(letters)):
            return position
        position += 1


def _whole_words(squeezed: Squeezed, text: str, low: int, high: int) -> bool:
    before, after = squeezed.at[low] - 1, squeezed.at[high - 1] + 1
    starts = before < 0 or not (text[before].isalnum() and text[squeezed.at[low]].isalnum())
    ends = after >= len(text) or not (text[after].isalnum() and text[squeezed.at[high - 1]].isalnum())
    return starts and ends


def _splice(quote: str, texts: Sequence[str]) -> QuoteMatch | None:
    """Two true halves joined as if they were one: found where a cut makes both exact."""
    words = [match.span() for match in _WORD.finditer(quote)]
    for cut in range(FEWEST_WORDS, len(words) - FEWEST_WORDS + 1):
        head, tail = quote[: words[cut - 1][1]], quote[words[cut][0] :]
        first = _first_with(head, texts)
        if first is None:
            return None  # a longer head cannot be found either
        second = _first_with(tail, texts)
        if second is not None:
            return QuoteMatch(fate="spliced", text=first[0], start=first[1], end=first[2])
    return None


def _first_with(part: str, texts: Sequence[str]) -> tuple[int, int, int] | None:
    for number, text in enumerate(texts):
        span = _find_in_order((part,), text)
        if span is not None:
            return (number, *span)
    return None


def _nearest(quote: str, texts: Sequence[str]) -> QuoteMatch:
    quoted = [match[0].lower() for match in _WORD.finditer(quote)]
    best: tuple[float, QuoteMatch] = (0.0, QuoteMatch(fate="invented"))
    for number in _candidates(quoted, texts):
        score, match = _align(quoted, texts[number], number)
        if score > best[0]:
            best = (score, match)
    return best[1] if best[0] >= ALTERED_FROM else QuoteMatch(fate="invented")


def _candidates(quoted: Sequence[str], texts: Sequence[str], most: int = 3) -> list[int]:
    """The few texts that share most pairs of words with the quotation."""
    places = _pair_places(tuple(texts))
    shared: Counter[int] = Counter()
    for pair in set(pairwise(quoted)):
        shared.update(places.get(pair, ()))
    return [number for number, _ in shared.most_common(most)]


@lru_cache(maxsize=4)
def _pair_places(texts: tuple[str, ...]) -> dict[tuple[str, str], list[int]]:
    """In which texts each pair of neighbouring words stands; built once for a corpus."""
    places: dict[tuple[str, str], list[int]] = {}
    for number, text in enumerate(texts):
        words = [match[0].lower() for match in _WORD.finditer(text)]
        for pair in set(pairwise(words)):
            places.setdefault(pair, []).append(number)
    return places


def _align(quoted: list[str], text: str, number: int) -> tuple[float, QuoteMatch]:
    """The share of the quotation's words kept in the window of the text that fits it best."""
    matches = list(_WORD.finditer(text))
    printed = [match[0].lower() for match in matches]
    longest = SequenceMatcher(None, quoted, printed, autojunk=False).find_longest_match()
    low = max(0, longest.b - longest.a - len(quoted) // 2)
    high = min(len(printed), longest.b + (len(quoted) - longest.a) + len(quoted) // 2)
    blocks = [
        b for b in SequenceMatcher(None, quoted, printed[low:high], autojunk=False).get_matching_blocks() if b.size
    ]
    if not blocks:
        return 0.0, QuoteMatch(fate="invented")
    kept = sum(block.size for block in blocks)
    first, last = low + max(0, blocks[0].b - blocks[0].a), low + blocks[-1].b + blocks[-1].size
    last = min(high, last + len(quoted) - blocks[-1].a - blocks[-1].size)
    score = 2 * kept / (len(quoted) + last - first)
    return score, QuoteMatch(
        fate="altered",
        text=number,
        start=matches[first].start(),
        end=matches[last - 1].end(),
        differences=tuple(_differences(quoted, printed[first:last])),
        score=score,
    )


def _differences(quoted: Sequence[str], printed: Sequence[str]) -> Iterable[Difference]:
    for tag, a, b, c, d in SequenceMatcher(None, quoted, printed, autojunk=False).get_opcodes():
        if tag != "equal":
            yield Difference(quoted=" ".join(quoted[a:b]), printed=" ".join(printed[c:d]))


def _digits_around(text: str, i: int) -> bool:
    return 0 < i < len(text) - 1 and text[i - 1].isdigit() and text[i + 1].isdigit()
