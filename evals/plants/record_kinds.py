"""Errors against the record: a value of the rationale that the record holds becomes one that it does not hold.

An edit is made only where the words before it are in the record and the words after it are nowhere in it, so that the
text was true and is false now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from difflib import SequenceMatcher

from evals.plants.model import Edit
from evals.plants.scene import Scene
from guideline_corpus.vocabulary import Family

_AGE = re.compile(r"\b(\d{2})(?=[- ]years?[- ]old)")
_DATE = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?![\d/])")
_LIMB = "shoulder|knee|hip|wrist|elbow|ankle|foot|hand|leg|arm|thumb|heel"
_SIDE = re.compile(rf"\b(left|right)\s+({_LIMB})\b", re.IGNORECASE)
_LEVEL = re.compile(r"\b([LC])(\d)-([LCS]?)(\d)\b")
_COUNT = re.compile(r"(?<![-–/])(?<!to )\b(\d{1,2})\s+(?:[a-z]+\s+){0,3}(?:visits|sessions)\b(?! over)", re.IGNORECASE)
_DOSE = re.compile(r"\b(\d+(?:\.\d+)?)(?=\s?mg\b)", re.IGNORECASE)
_DENIED = re.compile(r"\b(no|without|denies|denied)\s+(?=[a-z])", re.IGNORECASE)
_PARTS = ("shoulder", "knee", "hip", "wrist", "elbow", "ankle", "lumbar", "cervical", "thoracic", "foot", "hand")
_PART = re.compile(rf"\b({'|'.join(_PARTS)})\b", re.IGNORECASE)
_INVENTED = (
    ("straight leg raise", "The straight leg raise was positive at 30 degrees."),
    ("hoffmann", "Hoffmann's sign was positive on examination."),
    ("mcmurray", "The McMurray test was positive."),
    ("spurling", "Spurling's test was positive."),
    ("atrophy", "The examination showed atrophy of the thigh."),
)
_HAD = r"(?:completed|underwent|attended|received)[^.]{0,40}"
_DENIED_HISTORY = (
    (re.compile(rf"{_HAD}physical therapy"), "physical therapy"),
    (re.compile(rf"{_HAD}acupuncture"), "acupuncture"),
    (re.compile(rf"{_HAD}chiropractic"), "chiropractic treatment"),
)
_TREATMENTS: tuple[Family, ...] = ("treatment",)


def age(scene: Scene) -> Iterator[Edit]:
    for match in scene.matches(_AGE, anywhere=True):
        told = match[1]
        other = told[::-1] if told[::-1] != told and int(told[::-1]) > 17 else str(int(told) + 11)
        if scene.holds(f"{told}-year-old") and not scene.holds(f"{other}-year-old"):
            yield _replaced(match, 1, other, after=len("-year-old"))


def day(scene: Scene) -> Iterator[Edit]:
    """A date moved by some days, or with its digits the other way round."""
    for match in scene.matches(_DATE):
        told = _day(match)
        if told is None or told not in _days(scene.given):
            continue
        moved = told + timedelta(days=scene.chance.choice((-9, 12, 27, 64)))
        if moved not in _days(scene.given):
            width = 1 if match[1][0] != "0" else 2
            year = str(moved.year)[-len(match[3]) :]
            yield _replaced(match, 0, f"{moved.month:0{width}d}/{moved.day:0{width}d}/{year}")


def side(scene: Scene) -> Iterator[Edit]:
    for match in scene.matches(_SIDE):
        told, part = match[1].lower(), match[2].lower()
        other = "left" if told == "right" else "right"
        one_side = scene.holds(f"{told} {part}") and "bilateral" not in scene.given
        if one_side and not re.search(rf"\b{other}(?:\s+\w+){{0,3}}\s+{part}", scene.given):
            yield _replaced(match, 1, _cased(other, match[1]))


def body_part(scene: Scene) -> Iterator[Edit]:
    for match in scene.matches(_PART):
        absent = [part for part in _PARTS if part not in scene.given and part not in scene.rationale.lower()]
        if match[1].lower() in scene.given and absent:
            yield _replaced(match, 1, _cased(scene.chance.choice(absent), match[1]))


def level(scene: Scene) -> Iterator[Edit]:
    for match in scene.matches(_LEVEL):
        column, first, _, _ = match.groups()
        other = f"{column}{int(first) - 2}-{column}{int(first) - 1}" if int(first) > 2 else f"{column}4-{column}5"
        short = f"{column}{other[1]}-{other[-1]}"
        if scene.holds(match[0]) and not scene.holds(other) and not scene.holds(short):
            yield _replaced(match, 0, other)


def count(scene: Scene) -> Iterator[Edit]:
    for match in scene.matches(_COUNT):
        other = str(int(match[1]) + 10)
        if scene.holds(match[1]) and not scene.holds(other):
            yield _replaced(match, 1, other, after=match.end() - match.end(1))


def dose(scene: Scene) -> Iterator[Edit]:
    for match in scene.matches(_DOSE, anywhere=True):
        other = f"{float(match[1]) * 4:g}"
        if re.search(rf"(?<![\d.]){re.escape(match[1])}\s?mg", scene.given) and not re.search(
            rf"(?<![\d.]){re.escape(other)}\s?mg", scene.given
        ):
            yield _replaced(match, 1, other)


def drug(scene: Scene) -> Iterator[Edit]:
    """A drug of the record becomes the one whose name sounds most like it and that the record does not hold."""
    drugs = {key: entry for key, entry in scene.vocabulary.treatments.items() if entry.kind == "drug"}
    named = {span.id for span in scene.vocabulary.find(scene.given, families=_TREATMENTS)}
    for start, end in scene.about_worker():
        for span in scene.vocabulary.find(scene.rationale[start:end], families=_TREATMENTS):
            others = [e.label.lower() for k, e in drugs.items() if k not in named and _one_substance(e.label)]
            if span.id not in drugs or span.id not in named or not others:
                continue
            told = scene.rationale[start + span.start : start + span.end]
            if not _one_substance(told) or re.search(r"\b(?:no|not|without|lack)\b", scene.rationale[start:end]):
                continue  # a class, or words on what is missing, which stay true of a drug that is nowhere
            alike = max(others, key=lambda label: (SequenceMatcher(None, told.lower(), label).ratio(), label))
            yield Edit(field="rationale", start=start + span.start, before=told, after=_cased(alike, told))


def _one_substance(label: str) -> bool:
    """Not a class of drugs, whose name is a plural, and no compound name."""
    return " " not in label and not label.endswith("s")


def polarity(scene: Scene) -> Iterator[Edit]:
    """A denied finding is told as present: the denying word is cut out where the record denies the same words."""
    for match in scene.matches(_DENIED):
        words = re.match(r"[\w'-]+(?:\s+[\w'-]+)?", scene.rationale[match.end() :])
        denied = words and re.search(rf"\b(?:no|without|denies|denied)\s+{re.escape(words[0].lower())}", scene.given)
        if words is None or not denied:
            continue
        start = match.start()
        yield Edit(field="rationale", start=start, before=match[0], after="", span=(start, start + len(words[0])))


def invented_finding(scene: Scene) -> Iterator[Edit]:
    absent = [sentence for word, sentence in _INVENTED if word not in scene.given]
    if absent:
        yield _inserted(scene, scene.chance.choice(absent))


def denied_history(scene: Scene) -> Iterator[Edit]:
    for pattern, treatment in _DENIED_HISTORY:
        if pattern.search(scene.given):
            yield _inserted(scene, f"There is no documentation that the worker has had {treatment}.")


def another_patient(scene: Scene) -> Iterator[Edit]:
    """A sentence with a date or an age from the rationale of another case."""
    for other in scene.chance.sample(scene.elsewhere, k=min(12, len(scene.elsewhere))):
        for match in (*_DATE.finditer(other), *_AGE.finditer(other)):
            start = max(other.rfind(". ", 0, match.start()) + 1, 0)
            end = other.find(". ", match.end())
            sentence = " ".join(other[start : len(other) if end < 0 else end + 1].split())
            if 5 <= len(sentence.split()) <= 40 and not scene.holds(match[0]) and "guideline" not in sentence.lower():
                yield _inserted(scene, sentence)
                break


def outcome(scene: Scene) -> Iterator[Edit]:
    told = scene.item.determination
    if told and re.search(r"necessary|medical necessity", scene.rationale, re.IGNORECASE):
        other = "overturned" if told == "upheld" else "upheld"
        yield Edit(field="determination", start=0, before=told, after=other)


def emptied(scene: Scene) -> Iterator[Edit]:
    if scene.item.determination and scene.rationale.strip():
        yield Edit(field="rationale", start=0, before=scene.rationale, after="")


def item_twice(scene: Scene) -> Iterator[Edit]:
    """The item is decided under the heading of another one."""
    for other in scene.case.items:
        if other.number != scene.item.number and other.heading != scene.item.heading:
            yield Edit(field="heading", start=0, before=scene.item.heading, after=other.heading)


def request_after_denial(scene: Scene) -> Iterator[Edit]:
    dates = scene.case.dates
    if dates.rfa and dates.ur_denial and dates.rfa <= dates.ur_denial:
        late = dates.ur_denial + timedelta(days=scene.chance.choice((6, 20, 41)))
        yield Edit(field="dates.rfa", start=0, before=dates.rfa.isoformat(), after=late.isoformat())


def _replaced(match: re.Match[str], group: int, other: str, *, after: int = 0) -> Edit:
    """The group replaced; `after` are the characters behind it that belong to the fact an alarm should show."""
    start = match.start(group)
    span = (start, start + len(other) + after)
    return Edit(field="rationale", start=start, before=match[group], after=other, span=span)


def _inserted(scene: Scene, sentence: str) -> Edit:
    """The sentence before the last one, where a reader would not look for it first."""
    at = scene.sentences[-1][0] if scene.sentences else 0
    return Edit(field="rationale", start=at, before="", after=f"{sentence} ", span=(at, at + len(sentence)))


def _cased(word: str, like: str) -> str:
    return word.upper() if like.isupper() else word.capitalize() if like[0].isupper() else word


def _days(text: str) -> set[date]:
    return {found for match in _DATE.finditer(text) if (found := _day(match)) is not None}


def _day(match: re.Match[str]) -> date | None:
    year = int(match[3])
    try:
        return date(year + 2000 if year < 100 else year, int(match[1]), int(match[2]))
    except ValueError:
        return None
