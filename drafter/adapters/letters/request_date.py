"""The date of the request for authorization (RFA), where the case summary states it without doubt.

Letters have no field for it. It counts only in fixed turns of phrase ("The Request for Authorization was dated
12-19-2016", "On a December 22, 2016 RFA form"); two different dates, or one after the denial of that very request, are
a doubt and leave it open.
"""

from __future__ import annotations

import re
from datetime import date

from drafter.adapters.letters.dates import DATE_PATTERN, PrintedDate, dates_in

_REQUEST = r"(?:requests?\s+for\s+authorization|authorization\s+request|RFA)"
_ANY_DATE = re.sub(r"\?P<\w+>", "", DATE_PATTERN.pattern).replace("(?P=sep)", r"[/\-.]")
_LINK = r"(?:\s|,|\(|\)|form|for\s+form|was|is|were|date|dated|signed|received|submitted|noted|to\s+be|been|has|had|made|on|of|by\s+the\s+provider)*"
_AFTER = re.compile(rf"\b{_REQUEST}\b\)?{_LINK}(?P<day>{_ANY_DATE})", re.IGNORECASE | re.VERBOSE)
_BEFORE = re.compile(
    rf"\b(?:on|in|per|of)\s+(?:an?\s+|the\s+)?(?P<day>{_ANY_DATE}),?\s+(?:the\s+)?{_REQUEST}\b",
    re.IGNORECASE | re.VERBOSE,
)
_NONE_STATED = "dates.rfa: the case summary does not state it"


def request_date(summary: str | None, *, ur_denial: date | None) -> tuple[date | None, tuple[str, ...]]:
    """The RFA date and, where it stays open, the gap that says why."""
    stated = sorted({day.value for day in _stated(summary or "") if day.value})
    if not stated:
        return None, (_NONE_STATED,)
    if len(stated) > 1:
        return None, (f"dates.rfa: the case summary states several ({', '.join(map(str, stated))})",)
    if ur_denial and stated[0] > ur_denial:
        return None, (f"dates.rfa: the case summary states {stated[0]}, which is after the denial of {ur_denial}",)
    return stated[0], ()


def _stated(summary: str) -> list[PrintedDate]:
    words = [match["day"] for pattern in (_AFTER, _BEFORE) for match in pattern.finditer(summary)]
    return [day for text in words for day in dates_in(text)]
