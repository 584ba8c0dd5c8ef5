"""What a citation of a stored draft stands on: the passage's text, or the words of the record and those around them.

A row alone has the passages; the words around a quote of the record are in the case, where it is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from drafter.adapters.letters.dates import dates_in
from drafter.domain.case import Case

Row = Mapping[str, Any]
AROUND = 240  # characters before and after a quote that belong to what it says, its date above all


class Sources:
    """The texts that a draft may cite."""

    def __init__(self, draft: Row, case: Case | None) -> None:
        self._draft = draft
        self._case = case

    @cached_property
    def passages(self) -> Mapping[str, Row]:
        return {one["passage_id"]: one for one in self._draft["retrieved"]}

    @property
    def request(self) -> str:
        return str(self._draft["treatment"])

    @property
    def knows_record(self) -> bool:
        return self._case is not None

    def text(self, citation: Row) -> str:
        """All that the citation can vouch for; empty where nothing is cited that exists."""
        if "record" in citation:
            return self._around(citation["record"])
        passage = self.passages.get(citation["passage_id"])
        if passage is None:
            return ""
        asked = [row["text"] for row in self._draft["criteria"] if row["passage_id"] == citation["passage_id"]]
        heading = [passage["guideline"], passage["edition"], passage["section"], *passage["pages"]]
        return "\n".join([*heading, passage["text"], *asked])

    def stands(self, citation: Row) -> bool:
        """Whether the citation names what exists, exactly as it is there."""
        if "record" in citation:
            span = citation["record"]
            field = self._field(span)
            return field is not None and field[span["start"] : span["end"]] == span["quote"]
        passage = self.passages.get(citation["passage_id"])
        named = ("guideline", "edition", "section")
        return (
            passage is not None
            and all(citation[name] == passage[name] for name in named)
            and set(citation["pages"]) <= set(passage["pages"])
        )

    def _around(self, span: Row) -> str:
        field = self._field(span)
        if field is None:
            return str(span["quote"])
        dates = [record.date for record in self._records if record.record_id == span["record_id"]]
        if span["field"].startswith("dates."):
            dates.append(date.fromisoformat(field))
        dates += _dates(field)  # a visit's date may stand far above its findings
        told = " ".join(f"{day.month}/{day.day}/{day.year}" for day in dates if day is not None)
        return f"{told} {field[max(0, span['start'] - AROUND) : span['end'] + AROUND]}"

    @property
    def _records(self) -> tuple[Any, ...]:
        return self._case.records if self._case else ()

    def _field(self, span: Row) -> str | None:
        return self._fields.get((span["field"], span["record_id"], span["page"]))

    @cached_property
    def _fields(self) -> Mapping[tuple[str, str | None, int | None], str]:
        found: dict[tuple[str, str | None, int | None], str] = {}
        if self._case is None:
            return found
        for field in self._case.record_fields():
            found[field.field, field.record_id, field.page] = field.text
        for name, day in self._case.dates:
            if day is not None:
                found[f"dates.{name}", None, None] = day.isoformat()
        for item in self._case.items:
            for name, text in item:
                if isinstance(text, str):
                    found[f"items[{item.number}].{name}", None, None] = text
        return found


@lru_cache(maxsize=256)
def _dates(text: str) -> tuple[date | None, ...]:
    """Every date of a text, however it is written; several sentences cite the same one."""
    return tuple(found.value for found in dates_in(text))
