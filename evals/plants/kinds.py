"""The kinds of plant by name, in the order in which tables show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from evals.plants import citation_kinds, harmless, quote_kinds, record_kinds
from evals.plants.model import Edit
from evals.plants.scene import Scene

Kind = Callable[[Scene], Iterator[Edit]]

RECORD: Mapping[str, Kind] = {
    "age": record_kinds.age,
    "date": record_kinds.day,
    "side": record_kinds.side,
    "body part": record_kinds.body_part,
    "level": record_kinds.level,
    "count": record_kinds.count,
    "dose": record_kinds.dose,
    "drug": record_kinds.drug,
    "polarity": record_kinds.polarity,
    "invented finding": record_kinds.invented_finding,
    "history denied": record_kinds.denied_history,
    "another patient": record_kinds.another_patient,
    "outcome": record_kinds.outcome,
    "rationale emptied": record_kinds.emptied,
    "item under another heading": record_kinds.item_twice,
    "request after denial": record_kinds.request_after_denial,
}
CITATION: Mapping[str, Kind] = {
    "edition not in force": citation_kinds.edition_not_in_force,
    "page that is none": citation_kinds.page_that_is_none,
    "wrong guideline": citation_kinds.wrong_guideline,
}
QUOTE: Mapping[str, Kind] = quote_kinds.KINDS
HARMLESS: Mapping[str, Kind] = {
    "age spelled otherwise": harmless.age_spelled_otherwise,
    "date padded": harmless.date_padded,
    "british spelling": harmless.british,
    "dose spaced": harmless.dose_spaced,
    "line broken": harmless.line_broken,
    "sentences swapped": harmless.sentences_swapped,
}
KINDS: Mapping[str, Kind] = {**RECORD, **CITATION, **QUOTE, **HARMLESS}
