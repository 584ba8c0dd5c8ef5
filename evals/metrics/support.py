"""Does a source support a sentence? A rule, so that the same pair always has the same answer.

Supported: every date, number, side and denial of the sentence is in the source, or the number is the sum of two that
are, and at least half of its words that carry meaning are. The request itself is known to every sentence. It is a test
of words and not of sense: a claim turned round with the same words passes, a true paraphrase in other words fails. It
is not validated against people's labels.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from evals.metrics.folding import folded

LEAST = 0.5  # of the words; half, by choice and not by fitting
STEM = 6
_DATE = re.compile(r"\b(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:[./]\d+)*")
_ITEM = re.compile(r"\bitems? \d+|\b\d+ ccr [\d.]+")  # places in the case and in the law are no facts of it
_SPELLED = {word: str(number) for number, word in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
)}  # fmt: skip
_SPELLED_OUT = re.compile(rf"\b(?:{'|'.join(_SPELLED)})\b")
_SIDE = re.compile(r"\b(left|right|bilateral)(?:ly)?\b")
_DENIAL = re.compile(
    r"\b(?:no|not|none|never|without|negative|den(?:y|ies|ied)|nor|neither|absent|lack\w*|against|beyond|limits?|un\w+)\b"
)
_MEANING = re.compile(r"[^\W\d_]{3,}")
# Words in which a draft speaks of its sources, and words of all prose.
_FRAME = frozenset(
    word[:STEM]
    for word in (
        "the and for with that this these those was were been being has have had are his her him she they their them "
        "its from which where when what who whom than then into onto out not but nor any all each such per as also may "
        "can will would should could must more most less least other another some record records recorded state states "
        "stated report reports reported note notes noted document documents documented documentation show shows shown "
        "showed speak speaks worker patient injured injury request requests requested guideline guidelines mtus "
        "section summarised summarized own words asks limits supplied file case summary day given says told reason "
        "advises against administrator claims treatment there here does did while both only"
    ).split()
)


class Told(NamedTuple):
    """What a text says, as far as words show it."""

    dates: frozenset[tuple[int, ...]]
    numbers: frozenset[str]
    sides: frozenset[str]
    denies: bool
    meaning: frozenset[str]


@lru_cache(maxsize=8192)
def told(text: str) -> Told:
    """The dates, numbers, sides, denials and stems of a text."""
    plain = _SPELLED_OUT.sub(lambda match: _SPELLED[match[0]], _ITEM.sub(" ", folded(text)))
    dates = frozenset(tuple(int(part) for part in match.groups()) for match in _DATE.finditer(plain))
    stems = frozenset(word[:STEM] for word in _MEANING.findall(plain))
    return Told(
        dates=dates,
        numbers=frozenset(_NUMBER.findall(_DATE.sub(" ", plain))),
        sides=frozenset(_SIDE.findall(plain)),
        denies=bool(_DENIAL.search(plain)),
        meaning=stems - _FRAME,
    )


def supported(sentence: str, sources: Sequence[str], *, request: str = "") -> bool:
    """Whether the sources together hold what the sentence says; nothing supports a sentence without sources."""
    held = told("\n".join((request, *sources)))
    said = told(sentence)
    facts = said.dates <= held.dates and _known(said.numbers, held.numbers) and said.sides <= held.sides
    if not sources or not facts or (said.denies and not held.denies):
        return False
    return len(said.meaning & held.meaning) >= LEAST * len(said.meaning)


def _known(said: frozenset[str], held: frozenset[str]) -> bool:
    whole = sorted(int(number) for number in said & held if number.isdigit())
    sums = {str(one + other) for one in whole for other in whole}
    return said <= held | sums
