"""Gathers what the drug formulary says of an item: the answers of the table, and the passages of its rules.

Nothing is looked up for a request without a drug, or for a day before the formulary began.
"""

from __future__ import annotations

from datetime import date

from drafter.domain.case import DisputedItem
from drafter.domain.drafting.brief import FormularyFact
from drafter.domain.drafting.formulary import EDITION, dispensing_day
from drafter.domain.reading.model import Reading
from drafter.ports import Retriever
from guideline_corpus.formulary.lookup import drugs_named, look_up
from guideline_corpus.formulary.model import FormularyStatus
from guideline_corpus.formulary.table import shipped_drug_list
from guideline_corpus.model import Passage
from guideline_corpus.vocabulary import Vocabulary

LIST_RULE = "9792.27.10 MTUS Drug List"
COMPOUND_RULE = "9792.27.9 Compounded Drugs"
RULES: dict[FormularyStatus, str] = {"exempt": LIST_RULE, "non-exempt": LIST_RULE, "compounded": COMPOUND_RULE}
LOOKED_AT = 5


def formulary_fact(
    item: DisputedItem, reading: Reading, *, governing: date | None, retriever: Retriever, vocabulary: Vocabulary
) -> FormularyFact | None:
    """The fact for one item; None where it names no drug or the formulary does not count on its day."""
    day = dispensing_day(item.treatment, reading, governing=governing)
    drug_list = shipped_drug_list()
    if day is None or day < drug_list.applies_from or not drugs_named(item.treatment, vocabulary):
        return None
    answers = look_up(item.treatment, dispensed=day, drug_list=drug_list, vocabulary=vocabulary)
    rules = {
        answer.status: passage
        for answer in answers
        if (heading := RULES.get(answer.status)) and (passage := _rule(heading, day, retriever))
    }
    return FormularyFact(answers=answers, rules=rules)


def _rule(heading: str, day: date, retriever: Retriever) -> Passage | None:
    """The passage of a rule, found by its heading; None where the corpus does not hold it."""
    found = retriever.search(heading, as_of=day, limit=LOOKED_AT).results
    ours = (one.passage for one in found if one.passage.edition_id == EDITION)
    return next((passage for passage in ours if passage.section == heading), None)
