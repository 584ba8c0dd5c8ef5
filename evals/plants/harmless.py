"""Edits that leave the text as true as it was: other spelling of a date or an age, white space, order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from evals.plants.model import Edit
from evals.plants.scene import Scene

_AGE = re.compile(r"\b(\d{2})[- ]years?[- ]old\b")
_DATE = re.compile(r"(?<![\d/])(\d)/(\d{1,2})/(\d{4})(?![\d/])")
_SPELLED = {"program": "programme", "behavior": "behaviour", "recognized": "recognised", "center": "centre"}
_DOSE = re.compile(r"\b(\d+)(\s?)mg\b")


def age_spelled_otherwise(scene: Scene) -> Iterator[Edit]:
    for match in scene.matches(_AGE, anywhere=True):
        yield Edit(field="rationale", start=match.start(), before=match[0], after=f"{match[1]} year old")


def date_padded(scene: Scene) -> Iterator[Edit]:
    for match in scene.matches(_DATE, anywhere=True):
        padded = f"0{match[1]}/{int(match[2]):02d}/{match[3]}"
        yield Edit(field="rationale", start=match.start(), before=match[0], after=padded)


def british(scene: Scene) -> Iterator[Edit]:
    for word, other in _SPELLED.items():
        for match in scene.matches(re.compile(rf"\b{word}\b")):
            yield Edit(field="rationale", start=match.start(), before=word, after=other)


def dose_spaced(scene: Scene) -> Iterator[Edit]:
    for match in scene.matches(_DOSE, anywhere=True):
        other = f"{match[1]}{'' if match[2] else ' '}mg"
        yield Edit(field="rationale", start=match.start(), before=match[0], after=other)


def line_broken(scene: Scene) -> Iterator[Edit]:
    for match in scene.matches(re.compile(r"(?<=[a-z,]) (?=[a-z])")):
        yield Edit(field="rationale", start=match.start(), before=" ", after="\n")


def sentences_swapped(scene: Scene) -> Iterator[Edit]:
    """Two neighbouring sentences about the worker in the other order."""
    told = list(scene.about_worker())
    for (start, end), (following, stop) in pairwise(told):
        text = scene.rationale
        first, second = text[start:end].strip(), text[following:stop].strip()
        if text[end:following].strip() or re.match(r"(?:It|This|That|These|He|She|They)\b", second):
            continue
        yield Edit(field="rationale", start=start, before=text[start:stop], after=f"{second} {first}")
