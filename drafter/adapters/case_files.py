"""Case files: YAML or JSON that a person or a program writes (docs/case-files.md), read into cases.

Unlike a letter, a case file has an author who can correct it, so it is held to its schema: a key that is not known, a
date that is none or an item that names no treatment is refused, with the key and the line. A record kept in a file of
its own is looked for beside the case file and below it, nowhere else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from drafter.adapters.case_file_schema import CaseFile, ItemEntry
from drafter.adapters.case_records import ReadRecords, case_records
from drafter.adapters.dependent_items import with_dependencies
from drafter.adapters.input_notices import hidden_characters
from drafter.adapters.letters.modified import ModifiedRequest, modified_request, without_trailing_verb
from drafter.adapters.letters.prose_citations import prose_citations
from drafter.adapters.positioned_yaml import Positioned, read_positioned
from drafter.domain.case import Case, CaseDates, CitedGuideline, DisputedItem, Notice, Reviewer
from drafter.errors import CaseInvalid

_FIRST_KEY = re.compile(r"^(?:---[ \t]*\n)?(?:[ \t]*(?:#.*)?\n)*(?P<key>[a-z_]+)[ \t]*:", re.MULTILINE)
_KEYS = tuple(CaseFile.model_fields)


def looks_like_case_file(text: str) -> bool:
    """Whether a text of unknown kind begins as a case file does: with a brace, or with one of its keys."""
    head = text.removeprefix("\ufeff")[:2000]
    first = _FIRST_KEY.match(head)
    return head.lstrip().startswith("{") or (first is not None and first["key"] in _KEYS)


def read_case_file(text: str, *, name: str, folder: Path | None, password: str = "") -> Case:
    """The case of a YAML or JSON text. Files it names are read relative to `folder`; without one none can be.
    `password` opens the PDF files among them.

    Raises CaseInvalid, and InputUnreadable or PasswordNeeded for a record's file.
    """
    source = read_positioned(text, name=name)
    if not isinstance(source.data, dict):
        raise CaseInvalid(f"{name}: no case file: it holds no keys; see docs/case-files.md")
    try:
        entries = CaseFile.model_validate(source.data)
    except ValidationError as error:
        raise CaseInvalid(_sentence(error, source, name)) from None
    except RecursionError:
        raise CaseInvalid(f"{name}: nested too deep to be a case; see docs/case-files.md") from None
    read = case_records(entries.records, name=name, folder=folder, password=password)
    return _case(entries, read, name=name, marks=hidden_characters((None, line) for line in _told(source.data)))


def _told(value: object) -> Iterator[str]:
    """Every line of text in a case file, as it was written."""
    if isinstance(value, str):
        yield from value.splitlines()
    elif isinstance(value, dict):
        yield from (line for inner in value.values() for line in _told(inner))
    elif isinstance(value, list):
        yield from (line for inner in value for line in _told(inner))


def _case(entries: CaseFile, read: ReadRecords, *, name: str, marks: tuple[Notice, ...]) -> Case:
    case = Case(
        form="case-file",
        case_number=entries.case_number,
        dates=CaseDates(**entries.dates.model_dump()),
        priority=entries.priority,
        reviewer=Reviewer(**entries.reviewer.model_dump()),
        case_summary=entries.case_summary,
        records=read.records,
        items=with_dependencies(_items(entries, name)),
        people=entries.people,
        notices=(*marks, *read.notices),
    )
    return case.model_copy(update={"gaps": (*_gaps(case), *read.gaps)})


def _items(entries: CaseFile, name: str) -> list[DisputedItem]:
    items = [_item(place, entry, entries) for place, entry in enumerate(entries.items, start=1)]
    numbers = Counter(item.number for item in items)
    for place, item in enumerate(items, start=1):
        if numbers[item.number] > 1:
            raise CaseInvalid(f"{name}: items[{place}].number: {item.number} is given to two items; number each once")
        if item.depends_on == item.number or (item.depends_on and item.depends_on not in numbers):
            raise CaseInvalid(
                f"{name}: items[{place}].depends_on: {item.depends_on} is no other item of the case; name one that is"
            )
    return items


def _item(place: int, entry: ItemEntry, entries: CaseFile) -> DisputedItem:
    heading = entry.heading or entry.treatment or ""
    told = modified_request(heading) or ModifiedRequest()
    remaining = entry.remaining or told.remaining
    whole, own = entries.claims_administrator, entry.claims_administrator
    line = entry.claims_administrator_guideline or own.guideline or whole.guideline
    return DisputedItem(
        number=entry.number or place,
        heading=heading,
        treatment=entry.treatment if entry.heading and entry.treatment else remaining or without_trailing_verb(heading),
        original_request=entry.original_request or told.original,
        authorized=entry.authorized or told.authorized,
        remaining=remaining,
        depends_on=entry.depends_on,
        determination=entry.determination,
        claims_administrator_guideline=line,
        claims_administrator_decision=entry.claims_administrator_decision or own.decision or whole.decision,
        claims_administrator_reasons=entry.claims_administrator_reasons or own.reasons or whole.reasons,
        reviewer_guideline=entry.reviewer_guideline,
        citations=entry.citations or _citations(line, entry.reviewer_guideline),
        rationale=entry.rationale,
    )


def _citations(claims_line: str | None, reviewer_line: str | None) -> tuple[CitedGuideline, ...]:
    return (
        *prose_citations(claims_line, party="claims_administrator"),
        *prose_citations(reviewer_line, party="reviewer"),
    )


def _gaps(case: Case) -> Iterator[str]:
    values = {
        "case_number": case.case_number,
        **{f"dates.{key}": day for key, day in case.dates},
        "priority": case.priority,
        **{f"reviewer.{key}": value for key, value in case.reviewer},
        "case_summary": case.case_summary,
    }
    yield from (f"{key}: not given" for key, value in values.items() if value is None)
    if not case.records:
        yield "records: none given; what the case summary does not tell cannot be called undocumented"
    for item in case.items:
        if item.claims_administrator_guideline is None:
            yield f"items[{item.number}].claims_administrator_guideline: not given"


def _sentence(error: ValidationError, source: Positioned, name: str) -> str:
    """The first fault as one sentence: file, line, key, what is wrong; then how many more there are. Shows no value."""
    faults = error.errors(include_url=False, include_input=False)
    first = faults[0]
    line = source.line_of(first["loc"])
    where = f"{name}, line {line}" if line else name
    key = _key_path(first["loc"])
    more = f" ({len(faults) - 1} more after it)" if len(faults) > 1 else ""
    return f"{where}: {f'{key}: ' if key else ''}{_fault(first)}{more}"


def _key_path(loc: tuple[int | str, ...]) -> str:
    """`items[2].depends_on`; entries are counted from 1."""
    words = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part[:60]}" for part in loc)
    return words.lstrip(".")


def _fault(fault: ErrorDetails) -> str:
    kind = fault["type"]
    if kind == "extra_forbidden":
        close = get_close_matches(str(fault["loc"][-1]), _known_keys(), n=1)
        return "no such key" + (f"; did you mean {close[0]}?" if close else "; see docs/case-files.md")
    if kind == "missing" or (kind == "too_short" and fault["loc"] == ("items",)):
        return "missing; name at least one treatment in dispute" if fault["loc"] == ("items",) else "missing; add it"
    return {
        "string_type": "a text is wanted here",
        "int_parsing": "a whole number is wanted here",
        "greater_than": "a number from 1 on is wanted here",
        "literal_error": f"{fault['msg'][0].lower()}{fault['msg'][1:]}",
        "tuple_type": "a list is wanted here",
        "model_type": "keys are wanted here",
        "model_attributes_type": "keys are wanted here",
    }.get(kind, fault["msg"])


def _known_keys() -> list[str]:
    tables = CaseFile.model_json_schema()["$defs"].values()
    return [*_KEYS, *(key for table in tables for key in table.get("properties", {}))]
