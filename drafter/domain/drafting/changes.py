"""What the record measures twice of the same thing, and which way it went: the heart of functional improvement.

8 CCR 9792.20 means by functional improvement a clinically significant gain in the activities of daily living, or fewer
work restrictions, as measured in history and examination, with less dependence on further care (own words). So a range
of motion, a weight, a tolerance, a named score of function or a work status that is told twice is a measured change: in
one sentence ("60 degrees, 40 at the first visit"), or on two days. Two days are compared only where measure, body part
and side are the same, within a year; where one day tells two different values, nothing is said of it. A pain score is
measured too, but is no function (`Change.aspect`).

What a change came of, the record's figures do not say, and nothing here says it (tests/unit/test_changes.py).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from drafter.domain.drafting.brief import ReadField
from drafter.domain.reading.measures import Aspect, Measure, Step, Value, Went, measured, standing
from drafter.domain.reading.model import Fact, Sentence
from guideline_corpus.vocabulary import Vocabulary

MOST_DAYS = 365  # a value older than a year says nothing of what care now under review did
_DUTY = {"off-work": 0.0, "working-modified-duty": 1.0, "working-full-duty": 2.0}
WORK = Measure("work status", "function", "time", 1, 1)
# Work that is done, as against planned, wished or asked for.
_AT_WORK = re.compile(
    r"(?:\b(?:returned|back|gone back|went back|released|advanced|progressed) to(?: work (?:on|with|at))?|"
    r"\bwork(?:ing|s|ed)?(?: on| at| with)?|\b(?:is|was|were|remains?|remained|been|currently|placed|kept|now|still)"
    r"(?: (?:currently|now|still|placed|kept|on|at))*|\bstatus(?: is| was| of)?)[\s:]*(?:a |an |his |her )?$",
    re.IGNORECASE,
)
_BY_ITSELF = re.compile(r"(?:working|off |out of|unable|not |tempor|total|TTD|TPD|return)", re.IGNORECASE)
_BACK = re.compile(r"\b(?:returned|back|released|advanced|progressed) to(?: work (?:on|with|at))?\s*$", re.IGNORECASE)
_OPERATED = re.compile(r"\b(?:surg\w+|operat\w+|post-?\s?op\w*|arthroscop\w+)", re.IGNORECASE)
_ONLY_PLANNED = re.compile(r"\b(?:plan|recommend\w*|should|may|will|until|goal\w*|expect\w*|if)\b", re.IGNORECASE)


_Key = tuple[str, str, str]  # measure, body part, side


class Told(NamedTuple):
    """A place of the record where a value stands, with what its words have to hold to be understood."""

    field: ReadField
    sentence: Sentence
    start: int
    end: int
    on: date | None


class Change(NamedTuple):
    """One measure told twice. `before` is None where one sentence tells both, at `now`.

    `called`: the record itself calls it an improvement.
    """

    measure: Measure
    went: Went
    now: Told
    before: Told | None = None
    called: bool = False
    part: str = ""
    side: str = ""

    @property
    def aspect(self) -> Aspect:
        return self.measure.aspect


class _Seen(NamedTuple):
    """A value of one day, ready to be held against another day's."""

    number: float
    told: Told


# Scores that are made for some regions of the body say nothing of the others.
_OF_REGIONS = {
    "Oswestry": frozenset({"low-back"}),
    "Roland-Morris": frozenset({"low-back"}),
    "NDI": frozenset({"neck"}),
    "DASH": frozenset({"shoulder", "elbow", "forearm-wrist-hand"}),
    "QuickDASH": frozenset({"shoulder", "elbow", "forearm-wrist-hand"}),
    "SPADI": frozenset({"shoulder"}),
    "LEFS": frozenset({"hip", "knee", "ankle-foot"}),
}


def change_fits(change: Change, *, regions: frozenset[str], sides: frozenset[str], vocabulary: Vocabulary) -> bool:
    """Whether a change is of these regions and sides; what names no place, as work does, is of all.

    A knee that bends further is no gain of the back, though a nerve of the back may show there.
    """
    part = vocabulary.body_parts.get(change.part)
    own = frozenset(part.spans or (part.chapter if part.chapter != "other" else part.id,)) if part else frozenset()
    side_fits = not sides or change.side not in ("left", "right") or change.side in sides
    own = _OF_REGIONS.get(change.measure.name, own)
    return side_fits and (not own or not regions or bool(own & regions))


def measured_changes(record: Sequence[ReadField]) -> tuple[Change, ...]:
    """Every measured change of the record of care, those told in one sentence of a document first."""
    told: list[Change] = []
    seen: dict[_Key, list[tuple[Measure, _Seen]]] = defaultdict(list)
    for field in record:
        for sentence in field.reading.sentences:
            values, steps = measured(sentence)
            told += _in_one(field, sentence, steps)
            for value in values:
                if not value.earlier and not value.measure.of_many and (value.part or not value.measure.placed):
                    key = (value.measure.name, value.part, value.side)
                    seen[key].append((value.measure, _seen(field, sentence, value)))
            duties = tuple(_duties(field, sentence))
            told += _returned(duties)
            seen[WORK.name, "", ""] += [(WORK, duty) for duty in duties[-1:]]
    apart = (_apart(found[0][0], key, [value for _, value in found]) for key, found in seen.items() if len(found) > 1)
    return tuple(_once(sorted(told, key=_of_summary), (change for change in apart if change)))


def _of_summary(change: Change) -> bool:
    return change.now.field.source.record_id is None


def _once(told: Iterable[Change], apart: Iterable[Change]) -> Iterator[Change]:
    """Each change once: as a sentence of a document tells it, else of the summary, else as two places show it."""
    known: set[tuple[_Key, Went]] = set()
    for change in (*told, *apart):
        key = ((change.measure.name, change.part, change.side), change.went)
        if key not in known:
            known.add(key)
            yield change


def _in_one(field: ReadField, sentence: Sentence, steps: Iterable[Step]) -> Iterator[Change]:
    for step in steps:
        went = standing(step.before.measure, step.before.number, step.after.number, called=step.called)
        if went:
            low = min(step.before.name_start, step.before.start, step.after.start)
            high = max(step.before.end, step.after.end)
            now = Told(field, sentence, low, high, sentence.on or field.source.date)
            after = step.after
            yield Change(after.measure, went, now, called=step.called, part=after.part, side=after.side)


def _seen(field: ReadField, sentence: Sentence, value: Value) -> _Seen:
    on = value.on or sentence.on or field.source.date
    return _Seen(value.number, Told(field, sentence, min(value.name_start, value.start), value.end, on))


def _apart(measure: Measure, key: _Key, values: Sequence[_Seen]) -> Change | None:
    """The last day's value against the first day's of the year before it."""
    days: dict[date, list[_Seen]] = defaultdict(list)
    for value in values:
        if value.told.on is not None:
            days[value.told.on].append(value)
    plain = {on: of_day for on, of_day in days.items() if len({value.number for value in of_day}) == 1}
    if len(plain) < 2:
        return None
    last = max(plain)
    first = min(on for on in plain if (last - on).days <= MOST_DAYS)
    if first == last:
        return None
    before, now = plain[first][0], plain[last][0]
    went = standing(measure, before.number, now.number)
    if went == "worse" and measure is WORK and _OPERATED.search(now.told.sentence.text):
        return None  # rest after an operation is no loss of function under the care before it
    return Change(measure, went, now.told, before.told, part=key[1], side=key[2]) if went else None


def _duties(field: ReadField, sentence: Sentence) -> Iterator[_Seen]:
    """The work statuses that a sentence states as they are."""
    facts = [fact for fact in sentence.facts if fact.kind == "work_status" and fact.value in _DUTY]
    if sentence.voice != "record" or not facts or _ONLY_PLANNED.search(sentence.text):
        return
    for fact in sorted(facts, key=lambda fact: fact.start):
        if fact.polarity == "affirmed" and _is_at_work(sentence, fact):
            on = sentence.on or field.source.date
            yield _Seen(_DUTY[fact.value], Told(field, sentence, fact.start, fact.end, on))


def _is_at_work(sentence: Sentence, fact: Fact) -> bool:
    low = fact.start - sentence.start
    return bool(_AT_WORK.search(sentence.text[:low]) or _BY_ITSELF.match(sentence.text, low))


def _returned(duties: Sequence[_Seen]) -> Iterator[Change]:
    """ "He was off work until 10/3/2016 and then returned to modified duty", told in one sentence."""
    if len(duties) < 2:
        return
    before, now = duties[0], duties[-1]
    text = now.told.sentence.text[: now.told.start - now.told.sentence.start]
    if now.number > before.number and _BACK.search(text):
        told = now.told._replace(start=before.told.start)
        yield Change(WORK, "better", told)
