"""What a reader takes out of clinical prose: sentences, who speaks in them, and the facts and concepts they hold.

Offsets are code points into the text that was read. A mention's polarity and a sentence's voice are what keep a
word search honest: "home exercise program" in a utilization reviewer's reason for denial is an argument, not a record
of exercise, and "denies numbness" is not numbness.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from drafter.domain.model import DomainModel

Voice = Literal["record", "utilization_review", "request"]
Polarity = Literal["affirmed", "negated", "uncertain", "planned"]
FactKind = Literal[
    "age", "sex", "date", "duration", "visits", "frequency", "dose", "count", "score", "measurement",
    "side", "body_part", "spinal_level", "drug", "procedure", "test", "diagnosis", "work_status",
]  # fmt: skip


class Mention(DomainModel):
    """An evidence concept (`guideline_corpus/vocabulary/evidence`) as it stands in the text."""

    concept: str
    start: int
    end: int
    polarity: Polarity
    historical: bool = False


class Fact(DomainModel):
    """A fact with its normalised value: `value` compares equal for equal facts ("45-year-old" and "45 year old": "45").

    `number`, `upper` and `unit` are set for quantities; a single number has `upper` None. `about` ties a fact to the
    drug, body part or score it measures, where the text does.
    """

    kind: FactKind
    value: str
    start: int
    end: int
    polarity: Polarity = "affirmed"
    number: float | None = None
    upper: float | None = None
    unit: str | None = None
    on: date | None = None
    about: str | None = None


class Sentence(DomainModel):
    start: int
    end: int
    text: str
    voice: Voice
    on: date | None = None
    mentions: tuple[Mention, ...] = ()
    facts: tuple[Fact, ...] = ()


class Reading(DomainModel):
    text: str
    sentences: tuple[Sentence, ...]
