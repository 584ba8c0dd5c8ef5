"""The case block at the head of a letter: labels and values in one or two columns.

A label can wrap so that its value stands between its words ("Application 12/01/2016 Received:"), and a column's label
can follow another's value on one line. Each label is therefore looked up by its words, and its value is the first date
that follows before another label begins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from pydantic import Field

from drafter.adapters.letters.dates import PrintedDate, dates_in
from drafter.adapters.letters.patterns import printed
from drafter.domain.model import DomainModel

_DATE_LABELS = {
    "assigned": "Date Assigned",
    "injury": "Date of Injury",
    "decision": "Decision Date|Dated",
    "ur_denial": "UR Denial Date|Date of UR (?:Decision|Denial)|UR Decision Date",
    "application_received": r"(?:Date )?(?:IMR )?Application Received|(?:IMR )?Application(?=[:\s]*[\d(])",
}
_OTHER_LABELS = r"(?:MAXIMUS )?Case Number|Priority|Employee|Claim Number|Received\s*:"
_LABEL = printed(
    "|".join(rf"\b(?P<{name}>{words})\b\s*:?" for name, words in _DATE_LABELS.items()),
    rf"|\b(?P<other>{_OTHER_LABELS})",
)
_CASE_NUMBER = printed(r"\bCM\s?\d{2}\s?-\s?\d{4,8}\b")
_PRIORITY = printed(r"\bPriority\s*:\s*(\w+)")
LABELS = {
    "injury": "Date of Injury",
    "ur_denial": "UR Denial Date",
    "assigned": "Date Assigned",
    "application_received": "Application Received",
    "decision": "Decision Date",
}


class Header(DomainModel):
    """What the case block says. A date that was printed but names no day has the value `None`."""

    case_number: str | None = None
    priority: str | None = None
    dates: Mapping[str, PrintedDate] = Field(default_factory=dict)

    def day(self, name: str) -> date | None:
        return self.dates[name].value if name in self.dates else None

    def days(self) -> dict[str, date | None]:
        return {name: self.day(name) for name in LABELS}


def read_header(text: str) -> Header:
    number = _CASE_NUMBER.search(text)
    priority = _PRIORITY.search(text)
    return Header(
        case_number=re.sub(r"\s", "", number.group()).upper() if number else None,
        priority=priority.group(1) if priority else None,
        dates=_labelled_dates(text),
    )


def _labelled_dates(text: str) -> dict[str, PrintedDate]:
    """For each label, the date that follows it. "Received:" alone continues "Application" and ends nothing."""
    labels = list(_LABEL.finditer(text))
    found: dict[str, PrintedDate] = {}
    for index, label in enumerate(labels):
        name = label.lastgroup
        if name is None or name == "other" or name in found:
            continue
        end = _field_end(labels, index, len(text))
        value = next((day for day in dates_in(text[label.end() : end])), None)
        if value is not None:
            found[name] = value
    return found


def _field_end(labels: list[re.Match[str]], index: int, text_end: int) -> int:
    for following in labels[index + 1 : index + 4]:
        if not following.group().lower().startswith("received"):
            return following.start()
    return text_end
