"""The nouns of the drug formulary: rows of the drug list as far as they are known, rules, and an answer.

The regulation sorts drugs into exempt (no prospective review where the guidelines are kept), non-exempt (authorization
first, special and perioperative fills aside) and unlisted. Nobody here saw a whole list, so that a drug without a row
is `unknown`, never "unlisted". `confidence` tells whether the row's source was seen or the row is recalled.
"""

from __future__ import annotations

import datetime
from typing import Literal

from pydantic import Field

from guideline_corpus.model import Confidence, CorpusModel

Day = datetime.date
ListedStatus = Literal["exempt", "non-exempt"]
FormularyStatus = Literal["exempt", "non-exempt", "compounded", "unknown", "not-applicable"]
RuleId = Literal[
    "scope", "transition", "brand", "physician-dispensed", "compounded", "list", "special-fill", "perioperative-fill",
    "dispute",
]  # fmt: skip


class FormularyRule(CorpusModel):
    """One rule in our own words. `section` is the regulation or statute that holds it."""

    id: RuleId
    section: str
    text: str
    source: str
    confidence: Confidence


class DrugListVersion(CorpusModel):
    """One version of the state's drug list; `from` is its first day."""

    version: str
    from_: Day = Field(alias="from")
    source: str
    confidence: Confidence


class DrugRow(CorpusModel):
    """What is known of a drug, or of every drug of a class, from a day on.

    `drug` is an id of the vocabulary; where that id stands for several drugs, `names` are those that the source speaks
    of. `special_fill_days` and `perioperative_fill_days` are days of supply; None: not
    known, which is not "none".
    """

    drug: str
    names: tuple[str, ...] = ()
    status: ListedStatus
    from_: Day = Field(alias="from")
    to: Day | None = None
    special_fill_days: int | None = None
    perioperative_fill_days: int | None = None
    source: str
    confidence: Confidence

    def covers(self, day: Day) -> bool:
        return self.from_ <= day and (self.to is None or day <= self.to)

    def speaks_of(self, name: str) -> bool:
        """Whether the source speaks of the drug by this name; a row without names speaks of all."""
        return not self.names or name.casefold() in {one.casefold() for one in self.names}


class DrugList(CorpusModel):
    """All that is known: `applies_from` is the first day of dispensing on which the formulary counts."""

    applies_from: Day
    versions: tuple[DrugListVersion, ...] = ()
    rules: tuple[FormularyRule, ...]
    rows: tuple[DrugRow, ...]

    def rule(self, rule_id: RuleId) -> FormularyRule:
        return next(rule for rule in self.rules if rule.id == rule_id)

    def version_on(self, day: Day) -> DrugListVersion | None:
        """The latest version that had begun, as far as versions are known."""
        begun = [version for version in self.versions if version.from_ <= day]
        return max(begun, key=lambda version: version.from_, default=None)


class FormularyAnswer(CorpusModel):
    """What the formulary says of one drug. `applies` is None where no day of dispensing was given."""

    drug: str
    treatment_id: str | None = None
    label: str | None = None
    dispensed: Day | None = None
    applies: bool | None = None
    status: FormularyStatus
    since: Day | None = None
    special_fill_days: int | None = None
    perioperative_fill_days: int | None = None
    source: str | None = None
    confidence: Confidence | None = None
    note: str = ""
    rules: tuple[FormularyRule, ...] = ()
