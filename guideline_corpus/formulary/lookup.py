"""The formulary status of a drug on the day it is dispensed. Pure: a list and words in, an answer out.

Brand and generic names are resolved by the vocabulary. A drug's own row comes before that of its class; a mixture made
up by a pharmacy is compounded whatever is in it; a drug without a row on that day is unknown, with the reason. Before
the first day of the formulary the answer is that it does not apply (tests/unit/test_formulary.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from guideline_corpus.formulary.model import DrugList, DrugRow, FormularyAnswer, FormularyRule, RuleId
from guideline_corpus.routing import understand
from guideline_corpus.vocabulary import Treatment, Vocabulary

COMPOUNDED = "compounded-topical"
UNKNOWN_RULES: tuple[RuleId, ...] = ("list",)
RULES: dict[str, tuple[RuleId, ...]] = {
    "exempt": ("list", "brand", "physician-dispensed"),
    "non-exempt": ("list", "special-fill", "perioperative-fill"),
    "compounded": ("compounded",),
    "unknown": UNKNOWN_RULES,
}


def look_up(
    request: str, *, dispensed: date | None, drug_list: DrugList, vocabulary: Vocabulary
) -> tuple[FormularyAnswer, ...]:
    """One answer for each drug that the words name, in their order; one `unknown` where they name none."""
    drugs = drugs_named(request, vocabulary)
    if not drugs:
        answer = _answer(request, None, dispensed, drug_list, vocabulary)
        return (_outside(answer) or answer,)
    answers = (_answer(request, drug, dispensed, drug_list, vocabulary) for drug in drugs)
    return tuple(_outside(answer) or answer for answer in answers)


class NamedDrug(NamedTuple):
    """A drug and the words of the request that name it."""

    drug: Treatment
    words: str


def drugs_named(request: str, vocabulary: Vocabulary) -> tuple[NamedDrug, ...]:
    """The drugs of a request; a compounded product is one, whatever stands in it."""
    asked = understand(request, vocabulary).treatments
    named = [NamedDrug(vocabulary.treatments[one.treatment_id], one.words) for one in asked]
    drugs = {one.drug.id: one for one in reversed(named) if one.drug.kind == "drug"}
    if COMPOUNDED in drugs:
        return (drugs[COMPOUNDED],)
    return tuple(reversed(drugs.values()))


def _answer(
    request: str, named: NamedDrug | None, dispensed: date | None, drug_list: DrugList, vocabulary: Vocabulary
) -> FormularyAnswer:
    drug = named.drug if named else None
    applies = None if dispensed is None else dispensed >= drug_list.applies_from
    asked = FormularyAnswer(
        drug=request,
        treatment_id=drug.id if drug else None,
        label=drug.label if drug else None,
        dispensed=dispensed,
        applies=applies,
        status="unknown",
        rules=_rules(drug_list, "unknown"),
    )
    if named is None or drug is None:
        return asked.model_copy(update={"note": "These words name no drug that the vocabulary knows."})
    if drug.id == COMPOUNDED:
        rule = drug_list.rule("compounded")
        update = {"status": "compounded", "source": rule.source, "confidence": rule.confidence}
        return asked.model_copy(update=update | {"rules": _rules(drug_list, "compounded")})
    rows = _rows_for(named, drug_list.rows, vocabulary)
    row = _row_on(rows, dispensed)
    return _listed(asked, row, drug_list) if row else asked.model_copy(update={"note": _why_unknown(rows, dispensed)})


def _outside(answer: FormularyAnswer) -> FormularyAnswer | None:
    """The answer for a drug dispensed before the formulary began."""
    if answer.applies is not False:
        return None
    return FormularyAnswer(
        drug=answer.drug,
        treatment_id=answer.treatment_id,
        label=answer.label,
        dispensed=answer.dispensed,
        applies=False,
        status="not-applicable",
        note="The formulary does not apply to a drug dispensed before 2018-01-01.",
    )


def _rows_for(named: NamedDrug, rows: Sequence[DrugRow], vocabulary: Vocabulary) -> list[DrugRow]:
    """The rows of the drug, then those of its classes, nearest first."""
    classes = vocabulary.classes_of(named.drug.id)
    return [row for class_id in classes for row in rows if row.drug == class_id and row.speaks_of(named.words)]


def _row_on(rows: Sequence[DrugRow], dispensed: date | None) -> DrugRow | None:
    if dispensed is not None:
        return next((row for row in rows if row.covers(dispensed)), None)
    return next((row for row in rows if row.to is None), None)


def _why_unknown(rows: Sequence[DrugRow], dispensed: date | None) -> str:
    later = [row for row in rows if dispensed is not None and row.from_ > dispensed]
    if later:
        first = min(later, key=lambda row: row.from_)
        return f"It is known as {first.status} from {first.from_} on; its status before that day is not known here."
    return "This table has no row for it; look it up in the drug list in force on the day of dispensing."


def _listed(asked: FormularyAnswer, row: DrugRow, drug_list: DrugList) -> FormularyAnswer:
    return asked.model_copy(
        update={
            "status": row.status,
            "since": row.from_,
            "special_fill_days": row.special_fill_days,
            "perioperative_fill_days": row.perioperative_fill_days,
            "source": row.source,
            "confidence": row.confidence,
            "note": _note(asked, row, drug_list),
            "rules": _rules(drug_list, row.status),
        }
    )


def _note(asked: FormularyAnswer, row: DrugRow, drug_list: DrugList) -> str:
    told = []
    if row.drug != asked.treatment_id:
        told.append("The row is that of its class.")
    version = drug_list.version_on(asked.dispensed) if asked.dispensed else None
    if version and version.from_ > row.from_:
        told.append(f"List {version.version} of {version.from_} came after the source; it was not seen.")
    if asked.dispensed is None:
        told.append(f"No day of dispensing was given; the formulary counts from {drug_list.applies_from} on.")
    return " ".join(told)


def _rules(drug_list: DrugList, status: str) -> tuple[FormularyRule, ...]:
    return tuple(drug_list.rule(rule_id) for rule_id in RULES[status])
