"""Is this quotation word for word in that text? Exact, altered, spliced or invented.

Only typography may differ: kind of quotation marks and dashes, blanks and line breaks, a hyphen at a line end, capital
letters, an ellipsis where words were left out. Everything else counts, above all numbers, negations and qualifiers. So
both texts are squeezed to their letters, digits and the signs between digits, and an exact match is a match of the
squeezed quotation that starts and ends at a word. Time is linear in the texts, apart from the alignment of a quotation
that was not found, which looks at one window no longer than twice the quotation. A corpus is asked the same thing for
every sentence of every determination, so what can be known of its texts beforehand is kept (`_Texts`).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
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


def match_quote(quote: str, texts: Sequence[str], *, least: float = ALTERED_FROM) -> QuoteMatch:
    """The fate of a quotation among the texts it may come from, in the order in which they are to be tried.

    One that keeps less than `least` of its words (at least ALTERED_FROM) counts as invented.
    """
    return _matched(quote, tuple(texts), max(least, ALTERED_FROM))


@lru_cache(maxsize=64)
def _matched(quote: str, texts: tuple[str, ...], least: float) -> QuoteMatch:
    """Remembered for as long as several checks look at one determination."""
    held = _texts(texts)
    parts = _parts(quote)
    for number in held.holding(parts):
        span = _find_in_order(parts, texts[number])
        if span is not None:
            dropped = _dropped(quote, texts[number], *span)
            fate: QuoteFate = "altered" if dropped else "exact"
            return QuoteMatch(fate=fate, text=number, start=span[0], end=span[1], differences=dropped)
    cut = _cut_away(parts, held)
    if cut is not None:
        return cut
    spliced = _splice(quote, held)
    if spliced is not None:
        return spliced
    return _nearest(quote, held, least)


class _Texts:
    """The texts that quotations are looked for in, made ready once."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        self.texts = texts
        squeezed = [squeeze(text).letters for text in texts]
        # A line break is no letter that is kept, so nothing is found across two texts.
        self._letters = "\n".join(squeezed)
        self._starts = list(accumulate((len(letters) + 1 for letters in squeezed), initial=0))

    def holding(self, parts: Sequence[str]) -> Iterator[int]:
        """In order, the texts that hold the longest of these parts, be it inside other words."""
        letters = max((squeeze(part).letters for part in parts), key=len, default="")
        at = self._letters.find(letters) if letters else -1
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            yield number
            at = self._letters.find(letters, self._starts[number + 1])

    @cached_property
    def words(self) -> list[frozenset[str]]:
        """The words of each text."""
        return [frozenset(_words(text)) for text in self.texts]

    @cached_property
    def pair_places(self) -> dict[tuple[str, str], list[int]]:
        """In which texts each pair of neighbouring words stands."""
        places: dict[tuple[str, str], list[int]] = {}
        for number, text in enumerate(self.texts):
            for pair in set(pairwise(_words(text))):
                places.setdefault(pair, []).append(number)
        return places


@lru_cache(maxsize=4)
def _texts(texts: tuple[str, ...]) -> _Texts:
    return _Texts(texts)


def _words(text: str) -> list[str]:
    return [match[0].lower() for match in _WORD.finditer(text)]


def _parts(quote: str) -> tuple[str, ...]:
    """The stretches between ellipses and bracketed insertions; each must stand in the text, in order."""
    pieces = [piece for part in _ELLIPSIS.split(quote) for piece in _INSERTION.split(part)]
    return tuple(piece for piece in pieces if squeeze(piece).letters)


def _cut_away(parts: Sequence[str], held: _Texts) -> QuoteMatch | None:
    """A quotation whose ellipsis leaves out what turns its sense."""
    for number in held.holding(parts) if len(parts) > 1 else ():
        text = held.texts[number]
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


def _splice(quote: str, held: _Texts) -> QuoteMatch | None:
    """Two true halves joined as if they were one: found where a cut makes both exact."""
    words = [match.span() for match in _WORD.finditer(quote)]
    for cut in range(FEWEST_WORDS, len(words) - FEWEST_WORDS + 1):
        head, tail = quote[: words[cut - 1][1]], quote[words[cut][0] :]
        first = _first_with(head, held)
        if first is None:
            return None  # a longer head cannot be found either
        second = _first_with(tail, held)
        if second is not None:
            return QuoteMatch(fate="spliced", text=first[0], start=first[1], end=first[2])
    return None


def _first_with(part: str, held: _Texts) -> tuple[int, int, int] | None:
    for number in held.holding((part,)):
        span = _find_in_order((part,), held.texts[number])
        if span is not None:
            return (number, *span)
    return None


def _nearest(quote: str, held: _Texts, least: float) -> QuoteMatch:
    quoted = _words(quote)
    best: tuple[float, QuoteMatch] = (0.0, QuoteMatch(fate="invented"))
    for number in _candidates(quoted, held):
        if _most_kept(quoted, held.words[number]) < least:
            continue
        score, match = _align(quoted, held.texts[number], number)
        if score > best[0]:
            best = (score, match)
    return best[1] if best[0] >= least else QuoteMatch(fate="invented")


def _candidates(quoted: Sequence[str], held: _Texts, most: int = 3) -> list[int]:
    """The few texts that share most pairs of words with the quotation."""
    shared: Counter[int] = Counter()
    for pair in set(pairwise(quoted)):
        shared.update(held.pair_places.get(pair, ()))
    return [number for number, _ in shared.most_common(most)]


def _most_kept(quoted: Sequence[str], words: frozenset[str]) -> float:
    """The score that no alignment with a text of these words can exceed: each word that it has is kept, in one run."""
    kept = sum(word in words for word in quoted)
    return 2 * kept / (len(quoted) + kept) if quoted else 0.0


def _align(quoted: list[str], text: str, number: int) -> tuple[float, QuoteMatch]:
    """The share of the quotation's words kept in the window of the text that fits it best."""
    matches = list(_WORD.finditer(text))
    printed = _words(text)
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
