"""What prose measures of function and pain: "lumbar flexion 60 degrees", "Oswestry 30 percent", "4 out of 10".

A value is a number tied to the name of what it measures, by place and unit alone, with the body part, the side and the
day that its own words give. A value that its words set earlier ("at the first visit", "initially", "up from") is
marked so, and two numbers between "from" and "to" are a change only beside a word of change: "flexion from 0 to 120
degrees" is an arc. What could be lifted before the injury, goals and normal values measure nothing of now
(proved by tests/unit/test_measures.py).

Which way is better, and how much is more than the error of measuring, by `Measure.least`: goniometry 10 degrees (5 for
each reading); Oswestry 10 points and a pain score 2 (Ostelo et al., Spine 2008); the other scores as their makers give
them, the larger figure where they differ; weights and minutes by our own judgement.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Literal, NamedTuple

from drafter.domain.reading.model import Fact, Sentence

Aspect = Literal["function", "symptom"]
Went = Literal["better", "worse", "same"]
_Unit = Literal["degrees", "score", "weight", "time", "tenth", "fifth"]


class Measure(NamedTuple):
    """`better` is 1 where more is better, -1 where less is; `least` is the smallest difference that counts.

    `placed`: the same measure of another body part or side is another. `of_many`: its name alone does not say which of
    many things was measured (which muscle), so that two places cannot be compared.
    """

    name: str
    aspect: Aspect
    unit: _Unit
    better: Literal[1, -1]
    least: float
    placed: bool = False
    of_many: bool = False


class Value(NamedTuple):
    """`start:end` is the number and `name_start` where its measure is named, in the text that was read.

    `earlier`: its words set it before the day of its sentence. `part` and `side` are empty where nothing names one.
    """

    measure: Measure
    number: float
    start: int
    end: int
    name_start: int
    part: str = ""
    side: str = ""
    earlier: bool = False
    on: date | None = None


class Step(NamedTuple):
    """Two values of one measure that one sentence tells as a change; `called` where it says improved, or the like."""

    before: Value
    after: Value
    called: bool


_MOTION = (
    r"(?:(?:forward|lateral|internal|external|palmar|radial|ulnar|plantar|dorsi)[- ]?)?(?:flexion|extension|abduction|"
    r"adduction|rotation|bending|pronation|supination|dorsiflexion|plantarflexion|deviation|elevation)"
)
_SCORES: tuple[tuple[str, str, Aspect, Literal[1, -1], float], ...] = (
    ("Oswestry", r"oswestry(?: (?:low back )?(?:pain )?disability)?(?: index| questionnaire)?|ODI", "function", -1, 10),
    ("Roland-Morris", r"roland(?:[- ]morris)?(?: disability)?(?: questionnaire)?", "function", -1, 5),
    ("NDI", r"neck disability index|NDI", "function", -1, 10),
    ("QuickDASH", r"quick ?-?DASH", "function", -1, 16),
    ("DASH", r"DASH", "function", -1, 11),
    ("LEFS", r"lower extremity functional? scale|LEFS", "function", 1, 9),
    ("SPADI", r"SPADI", "function", -1, 13),
    ("PHQ-9", r"PHQ[- ]?9|PHQ", "symptom", -1, 5),
    ("BDI", r"beck depression inventory(?:[- ](?:II|2))?|BDI(?:-II)?", "symptom", -1, 5),
    ("GAD-7", r"GAD[- ]?7|GAD", "symptom", -1, 4),
)  # fmt: skip
_GRIP = Measure("grip strength", "function", "weight", 1, 5, placed=True)
_STRENGTH = Measure("strength", "function", "fifth", 1, 1, placed=True, of_many=True)
_LIFT = Measure("lifting", "function", "weight", 1, 5)
_LIMIT = Measure("lifting limit", "function", "weight", 1, 5)
_PAIN = Measure("pain", "symptom", "tenth", -1, 2, placed=True)
_TOLERANCES = {
    "walk": Measure("walking", "function", "time", 1, 5),
    "ambul": Measure("walking", "function", "time", 1, 5),
    "sit": Measure("sitting", "function", "time", 1, 5),
    "stand": Measure("standing", "function", "time", 1, 5),
}
_ABLE = r"(?:able to|can|could|tolerate[sd]?)"
_POSTURE = r"(?:walk|ambulat|sitt?|stand)"
_NAMES = re.compile(
    "|".join(
        (
            rf"(?P<motion>\b{_MOTION}\b)",
            *(rf"(?P<score{i}>\b(?:{pattern})\b)" for i, (_, pattern, *_rest) in enumerate(_SCORES)),
            r"(?P<grip>\bgrip\b)",
            r"(?P<strength>\bstrength\b)",
            r"(?P<lift>\b(?:(?:able to |can |now |could )(?:\w+ )?lift|lifts|lifting (?:capacity|tolerance))\b)",
            rf"(?P<tolerance>\b(?:{_ABLE} (?:\w+ )?{_POSTURE}\w*|{_POSTURE}ing tolerance)\b)",
            r"(?P<pain>\b(?:pain|VAS|NRS)\b)",
        )
    ),
    re.IGNORECASE,
)
_N = r"(?<![\w./,#+-])(?P<{0}>\d{{1,3}}(?:\.\d)?)"
_UNIT = (
    r"\s?-?\s?(?:(?P<{0}d>degrees?\b|°|deg\b)|(?P<{0}s>%|percent\b|points?\b|/\s?(?:100|50|80|27|24|63)\b)|"
    r"(?P<{0}w>pounds?\b|lbs?\b|kg\b)|(?P<{0}m>minutes?\b|mins?\b)|(?P<{0}h>hours?\b|hrs?\b)|"
    r"(?P<{0}t>/\s?10\b|(?:out )?of (?:a possible )?10\b)|(?P<{0}f>/\s?5\b))"
)
_NUMBER = re.compile(
    rf"(?:(?P<from>\bfrom )(?:a |an |about )?{_N.format('a')}(?:{_UNIT.format('a')})?"
    rf"(?P<mid> (?:[a-z ]{{1,30}} )?to )(?:a |an |about )?)?{_N.format('b')}(?:{_UNIT.format('b')})?"
    r"(?P<range>\s?(?:-|–|to|or)\s?\d)?(?!\w|[./]\d)",
    re.IGNORECASE,
)
_LIMITED = re.compile(
    r"\b(?P<a>\d{1,3})[- ]?(?:pounds?|lbs?)(?: weight)?(?: lifting)? (?:lifting )?(?:limit|restriction)|"
    r"\bno lifting (?:of )?(?:over|more than|greater than|above|>) ?(?P<b>\d{1,3}) ?(?:pounds?|lbs?)",
    re.IGNORECASE,
)
_EARLIER = (
    r"(?:at (?:the |his |her |an )?(?:first|initial|start|beginning|outset|baseline|intake|last|prior|previous)\b|"
    r"(?:at )?baseline|initial(?:ly)?|originally|previously|formerly|on (?:the )?(?:first|initial) |"
    r"(?:before|prior to|pre-?)(?: (?:starting|beginning))?(?: (?:the )?(?:therapy|physical therapy|treatment|visits?|"
    r"acupuncture|chiropractic|sessions?|course|surgery|injection))|before\b(?! the| \w)|last (?:visit|month|time))"
)
_EARLIER_AFTER = re.compile(rf"[^,;.\d]{{0,25}}?\b{_EARLIER}", re.IGNORECASE)
_EARLIER_BEFORE = re.compile(
    rf"(?:\b{_EARLIER}(?:(?!\b(?:and|is|now|today|current\w*)\b)[^,;.\d]){{0,20}}|"
    r"\b(?:up|down|increased|decreased|improved|reduced) from (?:a |an )?|"
    r"\b(?:compared (?:to|with)|versus|vs\.?|as against) (?:a |an )?|[,(\[] ?from |"
    r"\bto (?:about )?\d[\d.]*[^,;.\d]{0,12} from (?:a |an )?)$",
    re.IGNORECASE,
)
_BARE = re.compile(r"[\s,(\[]+(?:from |was |at )?$", re.IGNORECASE)
_BETTER = re.compile(r"\b(?:improv(?:ed|ing|ement)|progressed|gain(?:ed|s)?|better)\b", re.IGNORECASE)
_CHANGED = re.compile(
    r"\b(?:improv(?:ed|ing|ement)|progressed|gain(?:ed|s)?|better|increased|decreased|reduced|declined|dropped|rose|"
    r"fell|went|gone|worsened|changed|lowered|diminished|has come|came|up|down)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:no|not|never|without|nor|unable)\b[^,;.]{0,25}$", re.IGNORECASE)
# Goals, guesses, what the guideline or the worker before the injury had: nothing of it was measured.
_UNMEASURED = re.compile(
    r"\b(?:goals?|expect\w*|anticipat\w*|will|would|should|until|if|"
    r"(?:before|prior to) (?:the|his|her) (?:\w+ )?(?:injury|accident)|pre-?injury|guidelines?|hop(?:es?|ing)|aims?|"
    r"requires?|usual job)\b",
    re.IGNORECASE,
)
_NORMAL = re.compile(r"\b(?:normal|norm|average|worst|best|least|goal)\b[^,;.\d]{0,12}$", re.IGNORECASE)
# Pain that comes and goes within a day is no change between two.
_CONDITION = re.compile(
    r"\b(?:with|without|after|at|during|when|on) (?:\w+ ){0,2}(?:medications?|meds|activit\w+|movement|rest|worst|best|"
    r"night|good days?|bad days?|opioids?|taking|flare\w*|exacerbations?|walking|lifting|use)\b|"
    r"\b(?:average|worst|best|rang(?:es|ed|ing)|fluctuat\w+|varies|increases (?:to|from)|decreases (?:to|from)|"
    r"at times|increase to|flare\w*)\b",
    re.IGNORECASE,
)
_WORTH = frozenset({"measurement", "score", "duration"})
_SCORE_WORDS = ("phq", "bdi", "beck", "gad", "ndi", "odi", "oswestry", "roland", "dash", "lefs", "spadi", "disability")
_REACH = {"degrees": 60, "score": 70, "weight": 60, "time": 60, "tenth": 90, "fifth": 60}
_CALLED = 70
_LEADING = 60
_ON = re.compile(r"[\s(]*(?:on|as of|dated)\s*", re.IGNORECASE)
_PAUSE = re.compile(r"[,;]\s")
_BESIDE = 40


def measured(sentence: Sentence) -> tuple[tuple[Value, ...], tuple[Step, ...]]:
    """The values of a sentence in order of place, and the changes that it tells by itself."""
    if sentence.voice != "record" or not _holds_a_measure(sentence):
        return (), ()
    names = list(_NAMES.finditer(sentence.text))
    values: list[Value] = list(_limits(sentence))
    steps: list[Step] = []
    if not (names or values) or _UNMEASURED.search(sentence.text):
        return (), ()
    numbers = [
        number
        for number in _NUMBER.finditer(sentence.text)
        if not any(name.start() <= number.start("b") < name.end() for name in names)
    ]
    for place, number in enumerate(numbers):
        following = numbers[place + 1].start() if place + 1 < len(numbers) else len(sentence.text)
        last = values[-1] if values and place and values[-1].end - sentence.start == numbers[place - 1].end() else None
        found = tuple(_values(sentence, names, number, following=following, last=last))
        if len(found) == 1:
            values += found
        elif found and _from_to(sentence, number):
            values += found
            steps.append(Step(found[0], found[1], called=_called(sentence, number.start())))
    steps += _by_marks(sentence, values, told={value for step in steps for value in step[:2]})
    return tuple(values), tuple(steps)


def _holds_a_measure(sentence: Sentence) -> bool:
    if any(fact.kind in _WORTH for fact in sentence.facts):
        return True
    lower = sentence.text.lower()
    return any(word in lower for word in _SCORE_WORDS)


def _values(
    sentence: Sentence, names: Sequence[re.Match[str]], number: re.Match[str], *, following: int, last: Value | None
) -> Iterator[Value]:
    """The one value of a number, or the two of "from A to B"; none where its unit fits no measure named before it."""
    text = sentence.text
    unit = _unit(number, "b")
    named = _named(text, names, number.start(), unit)
    leading = text[max(0, number.start("b") - _LEADING) : number.start("b")]
    earlier = bool(_EARLIER_AFTER.match(text[number.end() : following]) or _EARLIER_BEFORE.search(leading))
    if named is None and unit is None and last is not None and earlier:
        # A bare number right after a value is of its measure: "60 degrees, 40 at the first visit".
        bare = _BARE.fullmatch(text, last.end - sentence.start, number.start("b"))
        named = (last.measure, last.name_start - sentence.start) if bare else None
    if named is None or (number["range"] and not number["from"]) or _NORMAL.search(leading):
        return
    measure, name_start = named
    if measure.unit == "tenth" and _CONDITION.search(text):
        return
    part, side = _place(sentence, name_start, number.start("b")) if measure.placed else ("", "")
    for group in ("a", "b") if number["from"] else ("b",):
        low = sentence.start + number.start(group)
        size = float(number[group]) * (60 if _hours(number, group) else 1)
        yield Value(
            measure=measure,
            number=size,
            start=low,
            end=sentence.start + (number.end("a") if group == "a" else number.end()),
            name_start=sentence.start + name_start,
            part=part,
            side=side,
            earlier=group == "a" or (earlier and not number["from"]),
            on=_own_day(sentence, number.end(), following) if group == "b" else None,
        )


def _unit(number: re.Match[str], group: str) -> _Unit | None:
    units: dict[str, _Unit] = {
        "d": "degrees",
        "s": "score",
        "w": "weight",
        "m": "time",
        "h": "time",
        "t": "tenth",
        "f": "fifth",
    }
    return next((unit for mark, unit in units.items() if number[group + mark]), None)


def _hours(number: re.Match[str], group: str) -> bool:
    return bool(number[group + "h"] or (group == "a" and not _unit(number, "a") and number["bh"]))


def _named(text: str, names: Sequence[re.Match[str]], at: int, unit: _Unit | None) -> tuple[Measure, int] | None:
    """The nearest measure named before a number that is told in its unit; a score needs none."""
    for match in reversed(names):
        if match.end() > at:
            continue
        measure = _measure(match)
        if measure.unit == unit or (unit is None and measure.unit == "score" and match is _last_before(names, at)):
            return (measure, match.start()) if at - match.end() <= _REACH[measure.unit] else None
    return None


def _last_before(names: Sequence[re.Match[str]], at: int) -> re.Match[str] | None:
    return next((match for match in reversed(names) if match.end() <= at), None)


def _measure(match: re.Match[str]) -> Measure:
    kind, words = match.lastgroup or "", " ".join(match[0].lower().split())
    if kind == "motion":
        return Measure(words, "function", "degrees", 1, 10, placed=True)
    if kind.startswith("score"):
        name, _, aspect, better, least = _SCORES[int(kind[5:])]
        return Measure(name, aspect, "score", better, least)
    if kind == "tolerance":
        return next(measure for stem, measure in _TOLERANCES.items() if stem in words)
    return {"grip": _GRIP, "lift": _LIFT, "pain": _PAIN, "strength": _STRENGTH}[kind]


def _limits(sentence: Sentence) -> Iterator[Value]:
    """Work limits on lifting: "a 20 pound lifting limit", "no lifting over 20 pounds"."""
    for match in _LIMITED.finditer(sentence.text) if "lift" in sentence.text or "restrict" in sentence.text else ():
        group = "a" if match["a"] else "b"
        start, end = sentence.start + match.start(group), sentence.start + match.end(group)
        yield Value(_LIMIT, float(match[group]), start, end, name_start=start)


def _place(sentence: Sentence, name_start: int, number: int) -> tuple[str, str]:
    """The body part and side that a value's words name: between the last comma and the number, else before it."""
    return (
        _nearest(sentence, "body_part", name_start, number),
        _nearest(sentence, "side", name_start, number),
    )


def _nearest(sentence: Sentence, kind: Literal["body_part", "side"], name_start: int, number: int) -> str:
    facts = [fact for fact in sentence.facts if fact.kind == kind]
    low = sentence.start + number - len(_PAUSE.split(sentence.text[:number])[-1])
    high = sentence.start + number + len(_PAUSE.split(sentence.text[number : number + _BESIDE])[0])
    close = _one([fact for fact in facts if low <= fact.start < high])
    return close or next((fact.value for fact in reversed(facts) if fact.start < sentence.start + number), "")


def _one(facts: Sequence[Fact]) -> str:
    told = {fact.value for fact in facts}
    return told.pop() if len(told) == 1 else ""


def _own_day(sentence: Sentence, low: int, high: int) -> date | None:
    """The day that stands after a value and before the next number: "40 degrees on 9/6/2016"."""
    for fact in sentence.facts:
        at = fact.start - sentence.start
        if fact.kind == "date" and fact.on and low <= at <= high + 12:
            return fact.on if _ON.fullmatch(sentence.text, low, at) else None
    return None


def _from_to(sentence: Sentence, number: re.Match[str]) -> bool:
    """Whether "from A to B" tells a change: a word of change stands before it, or A is marked as the earlier."""
    before = sentence.text[max(0, number.start() - _CALLED) : number.start()]
    changed = list(_CHANGED.finditer(before))
    if not changed:
        return bool(_EARLIER_AFTER.match(number["mid"] or ""))
    return not _DENIED.search(before[: changed[-1].start()])


def _called(sentence: Sentence, at: int) -> bool:
    before = sentence.text[max(0, at - _CALLED) : at]
    better = _BETTER.search(before)
    return better is not None and not _DENIED.search(before[: better.start()])


def _by_marks(sentence: Sentence, values: Sequence[Value], *, told: Collection[Value]) -> Iterator[Step]:
    """Neighbours of one measure of which one is marked as the earlier: "40 at the first visit, 60 today"."""
    for one, other in pairwise(values):
        same = (one.measure, one.part, one.side) == (other.measure, other.part, other.side)
        if not same or one in told or other in told or one.earlier == other.earlier:
            continue
        before, after = (one, other) if one.earlier else (other, one)
        yield Step(before, after, called=_called(sentence, max(one.end, other.end) - sentence.start))


def standing(measure: Measure, before: float, after: float, *, called: bool = False) -> Went | None:
    """Which way a measure went; `None` where the difference is within the error of measuring.

    What the record itself calls better counts whatever its size, but not against its own numbers.
    """
    gained = (after - before) * measure.better
    if gained == 0:
        return "same"
    if called and gained > 0:
        return "better"
    if abs(gained) < measure.least:
        return None
    return "better" if gained > 0 else "worse"
