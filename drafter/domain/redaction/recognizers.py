"""Where a text identifies a person: names, numbers, addresses, birth dates, great ages.

The kinds are those of the HIPAA safe harbour list (45 CFR 164.514(b)(2)) that case files hold, except clinical dates:
when something happened decides a case, so dates stay, and only a birth date goes. A name is known because the case file
lists it, or because the text introduces it (a title before it, a degree behind it, a label such as "Patient:"); after
that each part of it is found wherever it stands. A part that the text also uses as an ordinary word ("Hand", "Long") is
taken only with the rest of the name, so that no finding is garbled.

Nothing here is a promise that a text is anonymous: a name that nobody introduces is not found.

A text is read line by line, because the lines of a record come again in the prompt of every item and each is then read
once. Only after a label ("Claim number") may what it names stand on the next line; where that may be the text is read
as a whole (tests/unit/test_redaction.py::test_what_a_label_names_on_the_next_line_is_found).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

IdentifierKind = Literal["NAME", "NUMBER", "PHONE", "EMAIL", "WEB", "ADDRESS", "BIRTH", "AGE"]


class Identifier(NamedTuple):
    """A stretch of a text that identifies somebody; offsets are code points."""

    start: int
    end: int
    kind: IdentifierKind


_DATE = (
    r"(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}-\d{2}-\d{2}|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? \d{4}|"
    r"\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? \d{4})"
)
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|"
    "RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|California|Calif\\."
)
_WAYS = (
    "Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Circle|Cir|Place|Pl|Way|Parkway|Pkwy|"
    "Highway|Hwy|Terrace|Trail|Square|Plaza|Suite"
)
_PLACE = r"[A-Z][A-Za-z.'’-]+(?: [A-Z][A-Za-z.'’-]+){0,3}"


class _Recognizer(NamedTuple):
    """A pattern whose group `taken` is the identifier.

    Most texts hold none, and a pattern takes its time: without `figures`, and without one of `marks` in its lower case,
    a text is not gone through for it. No mark has a k or an s, and an i is there in each of its forms: a pattern takes
    some letters of other alphabets for these, and lower case does not.
    """

    kind: IdentifierKind
    pattern: re.Pattern[str]
    marks: tuple[str, ...] = ("",)
    figures: re.Pattern[str] = re.compile("")


_NUMBERED = (
    "ssn|social security|mrn|npi|dea|eams|wcab",
    (
        "claim|case|file|chart|account|acct|policy|member|patient|subscriber|medicare|medi-cal|licen[cs]e|"
        "medical record|employee|health plan|accession|serial|encounter"
    ),
)
_COUNTED = "number|numbers|num|no|id|is"
_BORN = r"(?:\bd\.?o\.?b\b\.?|\bdate of birth\b|\bbirth ?date\b|\bborn(?: on)?\b)"
_SPLIT_FIGURES = re.compile(r"\d\d[-. ]\d{4}")
_FIVE_FIGURES = re.compile(r" \d{5}")
_RECOGNIZERS = (
    _Recognizer("EMAIL", re.compile(r"(?P<taken>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})"), marks=("@",)),
    _Recognizer(
        "WEB",
        re.compile(r"(?P<taken>(?:https?://|www\.)[^\s<>\"')\]]{3,300})", re.IGNORECASE),
        marks=("://", "www."),
    ),
    _Recognizer(
        "NUMBER",
        re.compile(r"(?<![\d-])(?P<taken>\d{3}[- ]\d{2}[- ]\d{4})(?![\d-])"),
        figures=_SPLIT_FIGURES,
    ),
    _Recognizer(
        "PHONE",
        re.compile(
            r"(?<![\d-])(?P<taken>(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}"
            r"(?:,? ?(?:x|ext\.?|extension) ?\d{1,6})?)(?![\d-])",
            re.IGNORECASE,
        ),
        figures=_SPLIT_FIGURES,
    ),
    _Recognizer(
        "NUMBER",
        re.compile(
            r"\b(?=[acdefhlmnpsw])(?:"  # the first letters: one look instead of one for each of the words
            rf"{_NUMBERED[0]}|(?:{_NUMBERED[1]})(?=\W{{1,3}}(?:number|numbers|num|no|id|#)|\s*[#:]))"
            rf"(?:\W{{0,3}}(?:{_COUNTED})\b)*[\s.:#]{{0,4}}(?!{_DATE})"
            r"(?P<taken>(?=[A-Z0-9-]*\d[A-Z0-9-]*\d[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{3,30})\b",
            re.IGNORECASE,
        ),
    ),
    _Recognizer("NUMBER", re.compile(r"\b(?P<taken>CM\d{2}-\d{6,8}|ADJ ?\d{6,10})\b"), marks=("cm", "adj")),
    _Recognizer(
        "BIRTH",
        re.compile(rf"{_BORN}\W{{0,4}}(?P<taken>{_DATE})", re.IGNORECASE),
        marks=("dob", "d.ob", "do.b", "d.o.b", "birth", "b\u0131rth", "bi\u0307rth", "born"),
    ),
    _Recognizer(
        "AGE",
        re.compile(
            r"\b(?P<taken>(?:9\d|1[0-2]\d)(?=[- ]?(?:years?|yrs?|y\.?o\b|y/o)))|"
            r"\baged? ?:? ?(?P<aged>9\d|1[0-2]\d)\b(?! ?(?:days|weeks|months|hours|degrees|percent|%))",
            re.IGNORECASE,
        ),
    ),
    _Recognizer(
        "ADDRESS",
        re.compile(
            rf"\b(?P<taken>\d{{1,6}}[A-Z]? (?:[NSEW]\.? )?(?:[A-Z][A-Za-z'’-]*\.? |\d{{1,3}}(?:st|nd|rd|th) ){{1,4}}"
            rf"(?:{_WAYS})\b\.?(?:,? (?:Suite|Ste|Apt|Unit|#|Floor)\.? ?[\w-]{{1,6}})?"
            rf"(?:,? {_PLACE},? (?:{_STATES})\b(?: \d{{5}}(?:-\d{{4}})?)?)?)"
        ),
    ),
    _Recognizer("ADDRESS", re.compile(r"\b(?P<taken>P\.? ?O\.? Box \d{1,8})\b", re.IGNORECASE), marks=("box",)),
    _Recognizer(
        "ADDRESS",
        re.compile(rf"\b(?P<taken>{_PLACE}, (?:{_STATES}) \d{{5}}(?:-\d{{4}})?)\b"),
        figures=_FIVE_FIGURES,
    ),
    _Recognizer("ADDRESS", re.compile(rf"\b(?:{_STATES}) (?P<taken>\d{{5}}(?:-\d{{4}})?)\b"), figures=_FIVE_FIGURES),
)
_BIG, _SMALL = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
_WORD = rf"[{_BIG}]['’]?[{_BIG}]?[{_SMALL}]+(?:(?:['’-][{_BIG}]?|[{_BIG}])[{_SMALL}]+)*|[{_BIG}]{{3,}}"
_NAME = rf"(?:{_WORD})(?: (?:[A-Z]\b\.?|de|la|van|von|del|{_WORD})){{0,3}}"
_TITLES = ("Mr", "Mrs", "Ms", "Miss", "Dr", "Doctor", "Prof")
_TITLED = re.compile(rf"\b(?:{'|'.join(_TITLES)})\b\.? (?P<name>{_NAME})")
_DEGREE = re.compile(
    r",? (?:M\.?D|D\.?O|D\.?C|P\.?A(?:-C)?|N\.?P|R\.?N|Ph\.?D|Psy\.?D|D\.?P\.?M|L\.?Ac|D\.?P\.?T|P\.?T|Esq)\b"
)
_BEFORE_DEGREE = re.compile(rf"(?:^|(?<=[^\w'’-]))(?P<name>(?:{_WORD})(?: [A-Z]\.?)?(?: (?:{_WORD})){{1,2}})$")
_LONGEST_NAME = 60
_PEOPLE = (
    "patient|claimant|employee|applicant|(?:injured )?worker|physician|provider|examiner|adjuster|attorney|"
    "reviewer|surgeon|employer contact|contact|signed(?: by)?|seen by|dictated by|referred by|interpreter|spouse|"
    "wife|husband|name"
)
_LABELLED = re.compile(
    rf"\b(?=[acdehinprsw])(?:{_PEOPLE})(?:['’]s)?(?: name)?\s?:[ \t]{{0,3}}(?P<name>(?-i:"
    rf"(?:{_WORD}), (?:{_WORD})(?: [A-Z]\.?)?|{_NAME}))",
    re.IGNORECASE,
)
_WAYS_TO_NAME = ("named", "name is", "known as", "accompanied by", "signed by")
_NAMED = re.compile(rf"\b(?:{'|'.join(_WAYS_TO_NAME)}) (?P<name>(?:{_WORD})(?: (?:{_WORD})){{0,2}})")
# As with `marks`: without one of these words, as they are written, a text introduces no name in that way.
_INTRODUCTIONS = ((_TITLED, _TITLES), (_LABELLED, ("",)), (_NAMED, _WAYS_TO_NAME))
_LABELS_BELOW = re.compile(
    rf"(?:\b(?:{_NUMBERED[0]}|{_NUMBERED[1]}|{_PEOPLE})|{_COUNTED}|{_BORN})(?:['’]s)?(?: name)?\W*\Z", re.IGNORECASE
)
_LONGEST_LABEL = 40
_LABELLED_ABOVE = re.compile(
    rf"\W*(?:[#:]|(?:{_COUNTED})\b|(?=[A-Z0-9-]*\d[A-Z0-9-]*\d[A-Z0-9-]*\d)|{_DATE}|\Z)", re.IGNORECASE
)
_NO_NAME = frozenset(
    "the a an mr mrs ms miss dr doctor md do and of for with not none see seen no yes unknown exam examination "
    "evaluation report date dates visit claim case patient worker injured employee provider physician treating "
    "primary secondary january february march april may june july august september october november december monday "
    "tuesday wednesday thursday friday saturday sunday mri ct emg ncv ncs rfa ur mtus acoem odg cdc fda utilization "
    "review request authorization guideline guidelines physical therapy left right lumbar cervical thoracic "
    "shoulder knee hip ankle wrist elbow hand foot back neck spine low pain chronic acute on in at to from by is "
    "was has had reports reported complains denies male female year old diagnosis diagnoses impression assessment "
    "plan treatment medications current subjective objective redacted withheld".split()
)


def identifiers(text: str, *, people: Sequence[str] = ()) -> tuple[Identifier, ...]:
    """Every identifier of a text, in order, none inside another. `people`: names that the case file lists."""
    found = [*_read(text).numbers, *_by_name(text, people)]
    kept: list[Identifier] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if kept and one.start < kept[-1].end:
            kept[-1] = kept[-1]._replace(end=max(kept[-1].end, one.end))
        else:
            kept.append(one)
    return tuple(kept)


class _Read(NamedTuple):
    """What a text or a line of it holds; whether it ends in a label, and may begin with what one above it names."""

    numbers: tuple[Identifier, ...]
    names: tuple[str, ...]
    labels: bool = False
    labelled: bool = False


@lru_cache(maxsize=64)
def _read(text: str) -> _Read:
    """Remembered, because a text is looked through again before it leaves."""
    lines = text.split("\n")
    read = [_read_line(line) for line in lines]
    if any(line.labels and following.labelled for line, following in pairwise(read)):
        return _Read(tuple(_by_pattern(text)), tuple(_introduced(text)))
    numbers, at = [], 0
    for line, found in zip(lines, read, strict=True):
        numbers += [one._replace(start=one.start + at, end=one.end + at) for one in found.numbers]
        at += len(line) + 1
    return _Read(tuple(numbers), tuple(name for found in read for name in found.names))


@lru_cache(maxsize=4096)
def _read_line(line: str) -> _Read:
    return _Read(
        numbers=tuple(_by_pattern(line)),
        names=tuple(_introduced(line)),
        labels=bool(_LABELS_BELOW.search(line[-_LONGEST_LABEL:])),
        labelled=bool(_LABELLED_ABOVE.match(line)),
    )


def _by_pattern(text: str) -> Iterator[Identifier]:
    lowered = text.lower()
    for one in _RECOGNIZERS:
        if any(mark in lowered for mark in one.marks) and one.figures.search(text):
            for match in one.pattern.finditer(text):
                group = "taken" if match["taken"] else "aged"
                yield Identifier(match.start(group), match.end(group), one.kind)


def _by_name(text: str, people: Sequence[str]) -> Iterator[Identifier]:
    names = {name for name in (*people, *introduced(text)) if name.strip()}
    if not names:
        return
    ordinary = set(re.findall(r"\b[a-z]{2,}\b", text))
    variants = sorted({one for name in names for one in _variants(name, ordinary)}, key=len, reverse=True)
    spelled = "|".join(re.escape(one).replace("\\ ", r"\s+") for one in variants)
    for match in re.finditer(rf"(?<!\w)(?:{spelled})(?:(?=['’]s\b)|(?!\w))", text):
        yield Identifier(match.start(), match.end(), "NAME")


def introduced(text: str) -> tuple[str, ...]:
    """The names that a text introduces by a title, a degree or a label."""
    return _read(text).names


def _introduced(text: str) -> Iterator[str]:
    found = [
        match["name"]
        for pattern, words in _INTRODUCTIONS
        if any(word in text for word in words)
        for match in pattern.finditer(text)
    ]
    for degree in _DEGREE.finditer(text):
        before = _BEFORE_DEGREE.search(text[max(0, degree.start() - _LONGEST_NAME) : degree.start()])
        found += [before["name"]] if before else []
    yield from (name for one in found if (name := _trimmed(one)))


def _trimmed(name: str) -> str:
    """The name up to the first word that is no part of one: "Garcia Examination" is "Garcia"."""
    words = name.replace(",", " ,").split()
    end = next((n for n, word in enumerate(words) if word.lower().strip(".") in _NO_NAME), len(words))
    return " ".join(words[:end]).replace(" ,", ",").strip(" ,")


def _variants(name: str, ordinary: set[str]) -> Iterable[str]:
    """The spellings under which a name is looked for: whole, turned round, in capitals, and each part alone."""
    last_first = [part.strip() for part in name.split(",", 1)]
    plain = " ".join(reversed(last_first)) if len(last_first) == 2 else name
    parts = [part for part in plain.split() if len(part.strip(".")) > 1 and part.lower() not in _NO_NAME]
    wholes = {name, plain, *([f"{parts[-1]}, {parts[0]}", f"{parts[0]} {parts[-1]}"] if len(parts) > 1 else [])}
    if len(parts) == 1 and parts[0].lower() in ordinary:
        yield from (f"{title}{stop} {parts[0]}" for title in _TITLES for stop in ("", "."))
        return
    alone = [part for part in parts if len(part) > 2 and part.lower() not in ordinary]
    yield from (spelling for whole in (*wholes, *alone) for spelling in (whole, whole.upper()))
    yield from (f"{parts[0][0]}. {part}" for part in parts[1:])
    if len(parts) > 1:
        yield from (whole.lower() for whole in wholes)
