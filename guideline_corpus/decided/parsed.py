"""Reads decided items from what `drafter parse --json` prints, one JSON object a line (docs/contract.md).

This package knows no letters: a letter is parsed by the program whose business that is, and both meet at the printed
contract (`letter_program.py` runs it). Keys may be added to that contract, so those not needed here are passed over.
An item without an outcome, or of a letter without case number or date of decision, is no decided item and is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from guideline_corpus.decided.model import DecidedCitation, DecidedItem
from guideline_corpus.errors import DecidedInvalid
from guideline_corpus.model import CorpusModel


class _Printed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _PrintedCitation(_Printed):
    party: str
    kind: str
    guideline: str | None = None
    edition: str | None = None
    sections: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


class _PrintedItem(_Printed):
    number: int
    treatment: str
    determination: Literal["upheld", "overturned"] | None = None
    citations: tuple[_PrintedCitation, ...] = ()


class _PrintedDates(_Printed):
    decision: date | None = None


class _PrintedCase(_Printed):
    path: str = ""
    case_number: str | None = None
    dates: _PrintedDates = _PrintedDates()
    items: tuple[_PrintedItem, ...] = ()


class ParsedItems(CorpusModel):
    """The decided items of some letters, and a sentence for each letter or item that is none."""

    items: tuple[DecidedItem, ...]
    passed_over: tuple[str, ...]


def parsed_items(lines: Iterable[str], *, where: str) -> Iterator[ParsedItems]:
    """The items of each line. Raises DecidedInvalid with `where` and the line that is not a line of `drafter parse`."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            case = _case(line, where=where, number=number)
            passed_over = tuple(_missing(case, where=case.path or f"{where}, line {number}"))
            yield ParsedItems(items=tuple(_decided(case)), passed_over=passed_over)


def _case(line: str, *, where: str, number: int) -> _PrintedCase:
    try:
        return _PrintedCase.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "line"
        told = f"{where}, line {number}, {key}: {first['msg']}"
        raise DecidedInvalid(f"{told}; give letters, or the lines that `drafter parse --json` prints.") from None


def _decided(case: _PrintedCase) -> Iterator[DecidedItem]:
    if case.case_number is None or case.dates.decision is None:
        return
    for item in case.items:
        if item.determination is not None and item.treatment.strip():
            yield DecidedItem(
                case_number=case.case_number,
                item=item.number,
                treatment=" ".join(item.treatment.split()),
                outcome=item.determination,
                decided=case.dates.decision,
                citations=tuple(
                    DecidedCitation(**citation.model_dump(exclude={"party"}))
                    for citation in item.citations
                    if citation.party == "reviewer"
                ),
            )


def _missing(case: _PrintedCase, *, where: str) -> Iterator[str]:
    if case.case_number is None:
        yield f"{where}: no case number was found, so nothing of it was added."
    elif case.dates.decision is None:
        yield f"{where}: no date of decision was found, so nothing of it was added."
    else:
        for item in case.items:
            if item.determination is None:
                yield f"{where}: item {item.number} has no outcome and was not added."
