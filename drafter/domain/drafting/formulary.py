"""What the drug formulary says of the drugs of an item: a fact for the draft, never a reason for an outcome.

The formulary (8 CCR 9792.27.1 and following) tells whether authorization has to be sought before a drug is dispensed,
not whether the drug is necessary; its statements support neither side. It counts for drugs dispensed from 2018 on. The
day is the date of service that a retrospective request names, else the day whose guidelines govern. A status that the
table does not hold is a note and is not guessed; one that is only recalled carries a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from drafter.domain.draft import Finding, Severity, Statement
from drafter.domain.drafting.brief import ItemBrief
from drafter.domain.drafting.wording import Wording, citation_of
from drafter.domain.reading.model import Reading
from guideline_corpus.formulary.model import FormularyAnswer, FormularyStatus

EDITION = "formulary-2018"
FORMS: dict[FormularyStatus, str] = {
    "exempt": "formulary_exempt",
    "non-exempt": "formulary_non_exempt",
    "compounded": "formulary_compounded",
}
_RETROSPECTIVE = re.compile(r"\b(?:retro\w*|DOS|dates? of service|dispensed)\b", re.IGNORECASE)


def dispensing_day(treatment: str, reading: Reading, *, governing: date | None) -> date | None:
    """The day of dispensing as far as the case tells it."""
    if _RETROSPECTIVE.search(treatment):
        facts = (fact for sentence in reading.sentences for fact in sentence.facts)
        told = [fact.value for fact in facts if fact.kind == "date"]
        for value in told:
            try:
                return date.fromisoformat(value)
            except ValueError:  # a month without a day
                continue
    return governing


def formulary_statements(brief: ItemBrief, *, wording: Wording) -> Iterator[Statement]:
    """A sentence for each drug whose status is known, with the rule it stands on."""
    fact = brief.formulary
    if fact is None:
        return
    for answer in fact.answers:
        form, passage = FORMS.get(answer.status), fact.rules.get(answer.status)
        if form and passage:
            yield Statement(
                text=wording.say(form, drug=_name(answer)), kind="guideline", citations=(citation_of(passage),)
            )


def is_formulary(statement: Statement) -> bool:
    """Whether a statement is one of these: it cites the formulary."""
    return any(getattr(one, "passage_id", "").startswith(f"{EDITION}.") for one in statement.citations)


def formulary_findings(brief: ItemBrief) -> Iterator[Finding]:
    """A note for each status that is not known or rests on an older list, a warning for each that is recalled."""
    for answer in brief.formulary.answers if brief.formulary else ():
        day = f" on {answer.dispensed.isoformat()}" if answer.dispensed else ""
        name = _name(answer)
        if answer.status == "unknown":
            yield _found(brief, "formulary-unknown", "note", f"The formulary status of {name}{day} is unknown.", answer)
        elif answer.confidence == "recalled":
            told = f"That {name} is {answer.status}{day} is recalled, confirmed by no list; look it up before signing."
            yield _found(brief, "formulary-recalled", "warning", told, answer)
        elif answer.note:
            told = f"That {name} is {answer.status}{day} rests on this source: {answer.source}."
            yield _found(brief, "formulary-older-list", "note", told, answer)


def _found(brief: ItemBrief, check: str, severity: Severity, told: str, answer: FormularyAnswer) -> Finding:
    message = f"{told} {answer.note}".strip()
    return Finding(check=check, severity=severity, item=brief.item.number, message=message)


def _name(answer: FormularyAnswer) -> str:
    """The generic name as it stands in a sentence."""
    label = answer.label or answer.drug
    return label[:1].lower() + label[1:]
