"""What a rationale model is handed for one disputed item, and what it hands back.

The brief holds the item, the record already read, the passages in force and the determination that the reviewer chose
(or none). It never holds the published reviewer's text: `Case.without_reviewer_text` has removed it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from drafter.domain.case import Case, Determination, DisputedItem, RecordField
from drafter.domain.draft import CallRecord, CriterionAssessment, Finding, Statement
from drafter.domain.model import DomainModel
from drafter.domain.reading.model import Reading
from guideline_corpus.formulary.model import FormularyAnswer, FormularyStatus
from guideline_corpus.model import Passage, RetrievedPassage


class ReadField(DomainModel):
    """One text of the record together with its reading."""

    source: RecordField
    reading: Reading


class FormularyFact(DomainModel):
    """What the drug formulary says of the item's drugs, and the passage of the rule that each status stands on."""

    answers: tuple[FormularyAnswer, ...]
    rules: Mapping[FormularyStatus, Passage] = Field(default_factory=dict)


class ItemBrief(DomainModel):
    case: Case
    item: DisputedItem
    item_reading: Reading
    record: tuple[ReadField, ...]
    passages: tuple[RetrievedPassage, ...]
    addressed: bool
    as_of: date | None = None
    determination: Determination | None = None
    main_item: DisputedItem | None = None
    main_determination: Determination | None = None
    formulary: FormularyFact | None = None


class Reply(DomainModel):
    """What a rationale model wrote for one item, before the checks.

    `raw` is what a language model said word for word, `calls` what is known of each call; both are empty for the
    built-in model. `worked_out` says for each criterion what its numbers or dates come to, empty where it has none;
    `counter` is the place of the criterion that speaks most strongly against the chosen outcome. `silence` are those of
    the statements that say that no section addresses the treatment, and what comes next.
    """

    criteria: tuple[CriterionAssessment, ...]
    worked_out: tuple[str, ...] = ()
    counter: int | None = None
    statements: tuple[Statement, ...]
    silence: tuple[Statement, ...] = ()
    findings: tuple[Finding, ...] = ()
    raw: str = Field(default="", repr=False)
    calls: tuple[CallRecord, ...] = ()
