"""What a neutral finding means: "sensation" says nothing; "decreased sensation", "sensation was intact", "5/5" do.

A state is an attribute ("decreased lumbar range of motion") or a predicate ("motor strength, sensation and "
"reflexes were
normal"); a grade beside the finding ("strength 4/5") decides before either. The pairing is by place alone and "
"looks no
further than one clause (tests/unit/test_states.py).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from drafter.domain.reading.facts.found import Found
from drafter.domain.reading.polarity import CueSpan, Scopes
from guideline_corpus.vocabulary import TermSpan

Meaning = Literal["abnormal", "normal"]

_BE = re.compile(
    r"(?:\b(?:was|were|is|are|be|been|being|remain(?:s|ed)?|appear(?:s|ed)?|noted|found|grossly|within|"
    r"reported(?:ly)?|also|to|all|"
    r"both|bilaterally|\w+ly|as|essentially|not|never)\s+|[:=]\s*)+$",
    re.IGNORECASE,
)
_AS_WELL = re.compile(r"\s+(?:as well as|along with|as (?:is|was|were|are))\s+", re.IGNORECASE)
_VERB = re.compile(r"\b(?:was|were|is|are|has|had|no|not|without|denie[sd])\b|;", re.IGNORECASE)
_COMMA = re.compile(r",")
_ATTACHED = re.compile(r"[\s:=(\-–]*(?:test(?:ing|s)?|sign|maneuver|exam(?:ination)?)?[\s:=(\-–]*")
_BEFORE, _AHEAD, _GRADED = 45, 110, 48
_FULL_STRENGTH = 5
# A grade of 1 may be slight or usual for that worker: it tells nothing alone.
_REFLEX_GRADES: Mapping[float, Meaning] = {0.0: "abnormal", 2.0: "normal", 3.0: "abnormal", 4.0: "abnormal"}


class _State(NamedTuple):
    meaning: Meaning
    start: int
    end: int
    listed: bool


def meanings(
    text: str, *, neutrals: Sequence[TermSpan], states: Sequence[CueSpan], grades: Sequence[Found], scopes: Scopes
) -> Mapping[int, Meaning]:
    """The meaning of each neutral term of one sentence, by its index in `neutrals`; one without a state is left out."""
    found: dict[int, Meaning] = {}
    starts = [span.start for span in neutrals]
    told = [_state(text, cue, scopes) for cue in states]
    for position, state in enumerate(told):
        following = told[position + 1].start if position + 1 < len(told) else len(text)
        subject = _subject(text, neutrals, starts, state, told[position - 1] if position else None, scopes)
        reached = subject or _qualified(text, neutrals, starts, state, following)
        for index in reached:
            if subject or index not in found:
                found[index] = state.meaning
    found.update(_graded(text, neutrals, grades))
    return found


def _state(text: str, cue: CueSpan, scopes: Scopes) -> _State:
    """A state as it counts: "not normal" is abnormal, "no decreased ..." is normal."""
    abnormal = cue.cue.kind == "abnormal"
    denied_here = bool(
        re.search(r"\b(?:not|no|never|non|without)[\s-]*$", text[max(0, cue.start - 8) : cue.start], re.I)
    )
    if denied_here or (abnormal and scopes.covers("negated", cue.start, cue.end)):
        abnormal = False if abnormal else denied_here
    word = text[cue.start : cue.end].lower()
    return _State("abnormal" if abnormal else "normal", cue.start, cue.end, word.startswith(("positive", "negative")))


def _subject(
    text: str,
    neutrals: Sequence[TermSpan],
    starts: Sequence[int],
    state: _State,
    earlier: _State | None,
    scopes: Scopes,
) -> list[int]:
    """The neutral terms that a predicate state speaks of, or none where the state is an attribute."""
    last = bisect_left(starts, state.start) - 1
    if last < 0:
        return []
    nearest = neutrals[last]
    attached = nearest.end <= state.start and _ATTACHED.fullmatch(text[nearest.end : state.start])
    if not attached and not _BE.search(text[max(0, state.start - _BEFORE) : state.start]):
        return []
    low = max(scopes.clause_start(state.start), earlier.end if earlier and not attached else 0)
    also = _AS_WELL.match(text, state.end)
    more = _qualified(text, neutrals, starts, state._replace(end=also.end()), len(text)) if also else []
    if attached:
        return more + [index for index in range(last, -1, -1) if neutrals[index].end >= nearest.end]
    return list(range(bisect_left(starts, low), last + 1)) + more


def _qualified(
    text: str, neutrals: Sequence[TermSpan], starts: Sequence[int], state: _State, following: int
) -> list[int]:
    """The neutral terms that an attribute stands before: to the next comma, or over a list of tests."""
    end = min(following, state.end + _AHEAD)
    verb = _VERB.search(text, state.end, end)
    end = verb.start() if verb else end
    if not state.listed:
        comma = _COMMA.search(text, state.end, end)
        end = comma.start() if comma else end
    return list(range(bisect_left(starts, state.end), bisect_left(starts, end)))


def _graded(text: str, neutrals: Sequence[TermSpan], grades: Sequence[Found]) -> dict[int, Meaning]:
    found: dict[int, Meaning] = {}
    starts = [grade.start for grade in grades]
    for index, span in enumerate(neutrals):
        wanted = {"motor-weakness": "strength", "reflex-change": "reflexes"}.get(span.id)
        at = bisect_left(starts, span.end)
        grade = grades[at] if at < len(grades) else None
        if grade is None or grade.about != wanted or not _grades(text, span, grade):
            grade = _grade_before(text, grades, starts, span, wanted)
        meaning = _meaning_of(grade) if grade is not None else None
        if meaning:
            found[index] = meaning
    return found


def _grades(text: str, span: TermSpan, grade: Found) -> bool:
    gap = text[span.end : grade.start] if grade.start - span.end <= _GRADED else None
    return gap is not None and not re.search(r"[;,.]\s", gap)


def _grade_before(
    text: str, grades: Sequence[Found], starts: Sequence[int], span: TermSpan, wanted: str | None
) -> Found | None:
    at = bisect_left(starts, span.start) - 1
    if at < 0 or grades[at].about != wanted:
        return None
    gap = text[grades[at].end : span.start]
    return grades[at] if len(gap) <= 25 and re.fullmatch(r"\s*(?:[\w/-]+\s+){0,2}", gap) else None


def _meaning_of(grade: Found) -> Meaning | None:
    if grade.about == "strength":
        return "normal" if grade.number == _FULL_STRENGTH and "-" not in grade.value else "abnormal"
    return _REFLEX_GRADES.get(grade.number or 0.0)
