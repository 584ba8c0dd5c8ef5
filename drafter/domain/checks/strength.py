"""The strength of a drug inside one heading: the part requested, authorized and remaining must be the same tablet.

The heading is what the payer executes. One mistyped figure ("320.5/30/16" beside "30.5/30/16") grants or denies a
product that nobody asked for, and the record cannot repair it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain.checks.audit import HEADING, Audit, AuditedItem, Remark
from drafter.domain.draft import RecordSpan
from guideline_corpus.vocabulary import Family

_TREATMENTS: tuple[Family, ...] = ("treatment",)
_STRENGTH = re.compile(
    r"(?P<figures>\d[\d,]*(?:\.\d+)?(?:\s?[/-]\s?\d+(?:\.\d+)?)*)\s?(?P<unit>mg|mcg|µg|%|gm|grams?|g|ml|"
    r"units?)(?![A-Za-z])",
    re.IGNORECASE,
)
_DIVIDED = re.compile(r"was the original request|authori[sz]ed|remaining|leaving the original", re.IGNORECASE)
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def strength_differs(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """Two strengths of what is one drug, told in the parts of one modified request."""
    heading = item.item.heading
    if not _DIVIDED.search(heading):
        return
    drugs = {span.id for span in audit.vocabulary.find(heading, families=_TREATMENTS) if _is_drug(audit, span.id)}
    if len(drugs) > 1:
        return
    found = [(_figures(match), match) for match in _STRENGTH.finditer(heading)]
    compound = [pair for pair in found if len(pair[0]) == max((len(figures) for figures, _ in found), default=0)]
    if len({figures for figures, _ in compound}) < 2:
        return
    first, odd = compound[0], next(pair for pair in compound if pair[0] != compound[0][0])
    yield Remark(
        message=f'The heading gives two strengths of the same drug: "{first[1][0]}" and "{odd[1][0]}".',
        item=item.item.number,
        field=HEADING,
        start=odd[1].start(),
        end=odd[1].end(),
        quote=odd[1][0],
        against=RecordSpan(field=HEADING, start=first[1].start(), end=first[1].end(), quote=first[1][0]),
    )


def _figures(match: re.Match[str]) -> tuple[str, ...]:
    return (
        *(str(float(figure)) for figure in _FIGURE.findall(match["figures"].replace(",", ""))),
        match["unit"].lower(),
    )


def _is_drug(audit: Audit, treatment_id: str) -> bool:
    treatment = audit.vocabulary.treatments.get(treatment_id)
    return treatment is not None and treatment.kind == "drug"
