"""Whether a thing named in a sentence is there, is not, may be, or is only planned.

Cues open a scope to the words after or before them, after the published NegEx and ConText algorithms; the cues are data
(`guideline_corpus/vocabulary/language`). A scope ends where a new thought begins ("but", "; ", "and had"). "No" and
"without" reach over a comma only while an "or" is still to come ("no spasm, guarding or swelling", against "no spasm,
decreased motion"); "denies" reaches over a whole list. A cue inside the term itself ("unable to work") does
not colour that term.

Linear: each scope is found by bisection and each question answered by bisection (tests/unit/test_polarity.py).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Literal, NamedTuple

from drafter.domain.reading.model import Polarity
from guideline_corpus.vocabulary import Cue

Shade = Literal["negated", "uncertain", "planned", "historical", "other-person"]
_SHADES: dict[str, Shade] = {
    "negation": "negated",
    "uncertainty": "uncertain",
    "hypothetical": "uncertain",
    "plan": "planned",
    "history": "historical",
    "other-person": "other-person",
}
_BREAK = re.compile(r";|\.(?=\s)|\n\s*\n|[—–](?=\s)")
_COMMA = re.compile(r",(?!\d)")
_OR = re.compile(r"\b(?:or|nor|and/or|and-or)\b", re.IGNORECASE)
_AND = re.compile(r"\band\b", re.IGNORECASE)
# After a comma or an "and": what opens a finding of its own, so that a "no" before it does not reach it.
_LEAD = (
    r"(?:,\s*)?(?:and\s+)?(?:then\s+|also\s+|with\s+|there\s+(?:is|was|are|were)\s+)?(?:the\s+|an?\s+|"
    r"some\s+|\w+ly\s+)?"
)
_STATE = re.compile(
    _LEAD + r"(?:decreased|reduced|limited|restricted|painful|positive|negative|diminished|increased|abnormal|normal|"
    r"full|intact|"
    r"good|has|had|was|were|is|are|patient|worker|applicant|claimant|his|her|their|he|she|they|it)\b",
    re.IGNORECASE,
)
_AND_STATE = re.compile(
    _LEAD + r"(?:tenderness|tender|pain|mild|moderate|severe|slight|complain\w*|report\w*|stat\w*|show\w*|reveal\w*|"
    r"continu\w*|not\w*|no)\b",
    re.IGNORECASE,
)
_NEW_SUBJECT = re.compile(
    r"(?:,\s*)?(?:and\s+|but\s+)?(?:the\s+)?(?:patient|worker|applicant|claimant|he|she|they|his|her|their|"
    r"there|has|had|is|was|complain\w*|"
    r"report\w*|stat(?:es|ed)|but|with)\b",
    re.IGNORECASE,
)
_NEW_CLAUSE = re.compile(
    r"(?:\s+[^\s,;.]+){0,7}?\s+(?:was|were|is|are|has|had|have|did|does)\b"
    r"(?!\s+(?:also\s+)?(?:noted|seen|observed|present|reported|found|appreciated|identified|documented|elicited))",
    re.IGNORECASE,
)
_JOINED = re.compile(r",\s*(?:and|or)\b", re.IGNORECASE)
_NEXT_VERB = re.compile(
    r"\band\s+(?:rests|uses|used|walks|wears|takes|took|needs|requires|required|remains|remained|continues|continued|moves|"
    r"ambulates|sits|works|lives|reports|states|presents)\b",
    re.IGNORECASE,
)
_OPERATIVE = re.compile(
    r"\b(?:no|not|never|without|lack\w*|unable|inability|fail\w*|denie[sd]|deny\w*|insufficient|absen\w+|neither|nor|"
    r"negative|cannot|zero|possib\w+|may|might|could|suspect\w*|rule|will|plan\w*|request\w*|recommend\w*|if)\b|n['’]t\b",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"[()]")
_LIST_ITEM = 45
_LONGEST_LIST = 12
_REACH = 90


class CueSpan(NamedTuple):
    cue: Cue
    start: int
    end: int


class Scopes:
    """The scopes of one sentence; offsets are those of the text that holds the sentence."""

    def __init__(self, text: str, start: int, end: int, cues: Sequence[CueSpan]) -> None:
        self._marks = marks = _Marks(text, start, end, cues)
        self._denials: list[tuple[int, int]] = []
        opened: dict[Shade, list[tuple[int, int]]] = {}
        closed: dict[Shade, list[tuple[int, int]]] = {}
        for span in cues:
            shade = _SHADES.get(span.cue.kind)
            if shade is None:
                continue
            if span.cue.direction == "forward":
                begins = _operative_word(text, span)
                opened.setdefault(shade, []).append((begins, marks.forward_end(span)))
                if shade == "negated":
                    self._denials.append((begins, span.end))
            else:
                closed.setdefault(shade, []).append((marks.clause_start(span.start), span.start))
        self._forward = {shade: _ForwardIndex(scopes) for shade, scopes in opened.items()}
        self._backward = {shade: _BackwardIndex(scopes) for shade, scopes in closed.items()}

    def clause_start(self, at: int) -> int:
        """Where the clause begins that a predicate standing at `at` speaks of, with the list it may end."""
        return self._marks.clause_start(at)

    def covers(self, shade: Shade, start: int, end: int) -> bool:
        """True where a scope of that shade covers the words at `start:end`, its own cue lying outside them."""
        forward, backward = self._forward.get(shade), self._backward.get(shade)
        return (forward is not None and forward.covers(start)) or (backward is not None and backward.covers(start, end))

    def denied_at(self, start: int) -> bool:
        """True where a negation ends just before the words, or in their first ones ("not able to" and "able to")."""
        at = bisect_left(self._denials, (start, 0)) - 1
        return at >= 0 and self._denials[at][1] >= start - 1

    def polarity(self, start: int, end: int) -> Polarity:
        """Negated before uncertain before planned, else affirmed; what befell somebody else is uncertain here."""
        if self.covers("negated", start, end):
            return "negated"
        if self.covers("uncertain", start, end) or self.covers("other-person", start, end):
            return "uncertain"
        return "planned" if self.covers("planned", start, end) else "affirmed"

    def historical(self, start: int, end: int) -> bool:
        return self.covers("historical", start, end)


class _ForwardIndex:
    def __init__(self, scopes: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(scopes)
        self._starts = [start for start, _ in ordered]
        self._reach = list(accumulate((end for _, end in ordered), max))

    def covers(self, at: int) -> bool:
        known = bisect_left(self._starts, at)
        return known > 0 and self._reach[known - 1] > at


class _BackwardIndex:
    def __init__(self, scopes: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(scopes, key=lambda scope: scope[1])
        self._ends = [end for _, end in ordered]
        self._reach = list(accumulate((start for start, _ in reversed(ordered)), min))[::-1]

    def covers(self, start: int, end: int) -> bool:
        known = bisect_left(self._ends, end)
        return known < len(self._ends) and self._reach[known] <= start


class _Marks:
    """Where one sentence pauses: stops, commas, "or" and the "and"s that open a new clause."""

    def __init__(self, text: str, start: int, end: int, cues: Sequence[CueSpan]) -> None:
        self.text, self.start, self.end = text, start, end
        breaks = [(match.start(), match.end()) for match in _BREAK.finditer(text, start, end)]
        breaks += [(span.start, span.end) for span in cues if span.cue.kind == "stop"]
        breaks += [(span.end, span.end) for span in cues if span.cue.kind == "presupposes"]
        breaks += [(match.start(), match.start()) for match in _NEXT_VERB.finditer(text, start, end)]
        self.brackets = _brackets(text, start, end)
        self.stops = sorted(low for low, _ in breaks)
        self.stop_ends = sorted(high for _, high in breaks)
        self.commas = [match.start() for match in _COMMA.finditer(text, start, end)]
        self.ors = [match.start() for match in _OR.finditer(text, start, end)]
        ands = [match.start() for match in _AND.finditer(text, start, end)]
        self.state_commas = [comma for comma in self.commas if _STATE.match(text, comma, end)]
        self.breaking_ands = [place for place in ands if self._breaks(place)]
        self.new_subjects = [place for place in sorted(self.commas + ands) if _NEW_SUBJECT.match(text, place, end)]

    def _breaks(self, place: int) -> bool:
        text, end = self.text, self.end
        if _STATE.match(text, place, end) or _AND_STATE.match(text, place, end):
            return True
        return bool(_NEW_CLAUSE.match(text, place + len("and"), min(end, place + _REACH)))

    def forward_end(self, span: CueSpan) -> int:
        hard = min(_next(self.stops, span.end, self.end), self._closing(span.start))
        if span.cue.kind not in ("negation", "uncertainty"):
            return hard
        if span.cue.through_lists:
            return _next(self.new_subjects, span.end, hard)
        last_or = _last(self.ors, span.end, hard)
        listed = span.end if last_or is None else last_or
        ends = (_next(places, listed, hard) for places in (self.commas, self.breaking_ands))
        return min(*ends, _next(self.state_commas, span.end, hard))

    def _closing(self, place: int) -> int:
        """Where the bracket closes that holds a place: what is said in brackets does not reach beyond them."""
        at = bisect_right(self.brackets, (place, self.end)) - 1
        return self.brackets[at][1] if at >= 0 and self.brackets[at][1] > place else self.end

    def clause_start(self, place: int) -> int:
        """The start of what a "was negative" speaks of: its clause, and the list that the clause ends."""
        hard = _previous(self.stop_ends, place, self.start)
        at = bisect_left(self.commas, place)
        first = bisect_left(self.commas, hard)
        if at > first and _JOINED.match(self.text, self.commas[at - 1], self.end):
            at = self._list_start(at - 1, first)
        return self.commas[at - 1] if at > first else hard

    def _list_start(self, at: int, first: int) -> int:
        """The index of the comma that opens the list which the comma `at` closes."""
        lowest = max(first, at - _LONGEST_LIST)
        while at > lowest and self.commas[at] - self.commas[at - 1] <= _LIST_ITEM:
            at -= 1
        return at


def _operative_word(text: str, span: CueSpan) -> int:
    """Where the word of a cue stands that does its work ("no" in "there is no"): a term that holds it keeps its own."""
    operative = [match.start() for match in _OPERATIVE.finditer(text, span.start, span.end)]
    return operative[-1] if operative else span.start


def _brackets(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The outermost pairs of round brackets, in order."""
    pairs, opened = [], None
    for match in _BRACKET.finditer(text, start, end):
        if match[0] == "(":
            opened = match.start() if opened is None else opened
        elif opened is not None:
            pairs.append((opened, match.start()))
            opened = None
    return pairs


def _next(places: Sequence[int], at: int, default: int) -> int:
    index = bisect_left(places, at)
    return min(places[index], default) if index < len(places) else default


def _previous(places: Sequence[int], at: int, default: int) -> int:
    index = bisect_right(places, at)
    return max(places[index - 1], default) if index else default


def _last(places: Sequence[int], low: int, high: int) -> int | None:
    index = bisect_left(places, high)
    return places[index - 1] if index and places[index - 1] >= low else None
