"""The case block at the head of a letter: labels and values in one or two columns.

A label can wrap so that its value stands between its words ("Application 12/01/2016 Received:"), and a column's label
can follow another's value on one line. Each label is therefore looked up by its words, and its value is the first date
that follows before another label begins.
"""

from __future__ import annotations

import re

from drafter.adapters.letters.dates import PrintedDate, dates_in
from drafter.domain.model import DomainModel

_DATE_LABELS = {
    "assigned": r"Date\s+Assigned",
    "injury": r"Date\s+of\s+Injury",
    "decision": r"Decision\s+Date|Dated",
    "ur_denial": r"UR\s+Denial\s+Date|Date\s+of\s+UR\s+(?:Decision|Denial)|UR\s+Decision\s+Date",
    "application_received": r"(?:IMR\s+)?Application\s+Received|(?:IMR\s+)?Application(?=[:\s]*[\d(])|Date\s+Application\s+Received",
}
_OTHER_LABELS = r"(?:MAXIMUS\s+)?Case\s+Number|Priority|Employee|Claim\s+Number|Received\s*:"
_LABEL = re.compile(
    "|".join(rf"\b(?P<{name}>{words})\b\s*:?" for name, words in _DATE_LABELS.items())
    + rf"|\b(?P<other>{_OTHER_LABELS})",
    re.IGNORECASE,
)
_CASE_NUMBER = re.compile(r"\bCM\s?\d{2}\s?-\s?\d{4,8}\b", re.IGNORECASE)
_PRIORITY = re.compile(r"\bPriority\s*:\s*(\w+)", re.IGNORECASE)
LABELS = {
    "injury": "Date of Injury",
    "ur_denial": "UR Denial Date",
    "assigned": "Date Assigned",
    "application_received": "Application Received",
    "decision": "Decision Date",
}


class Header(DomainModel):
    """What the case block says. A date whose words name no day is `None` and stands in `invalid`, as printed."""

    case_number: str | None = None
    priority: str | None = None
    dates: dict[str, PrintedDate] = {}


def read_header(text: str) -> Header:
    number = _CASE_NUMBER.search(text)
    priority = _PRIORITY.search(text)
    return Header(
        case_number=re.sub(r"\s", "", number.group()).upper() if number else None,
        priority=priority.group(1) if priority else None,
        dates=_labelled_dates(text),
    )


def _labelled_dates(text: str) -> dict[str, PrintedDate]:
    """For each label, the date that follows it. "Received:" alone continues "Application", whose date it may precede."""
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
    for following in labels[index + 1 :]:
        if not following.group().lower().startswith("received"):
            return following.start()
    return text_end
