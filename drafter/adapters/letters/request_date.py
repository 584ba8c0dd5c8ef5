"""The date of the request for authorization (RFA), where the case summary states it without doubt.

Letters have no field for it. It counts only in fixed turns of phrase ("The Request for Authorization was dated
12-19-2016", "On a December 22, 2016 RFA form"); two different dates, or one after the denial of that very request, are
a doubt and leave it open.
"""

from __future__ import annotations

from datetime import date

from drafter.adapters.letters.dates import ANY_DATE, PrintedDate, dates_in
from drafter.adapters.letters.patterns import printed

_REQUEST = "(?:requests? for authorization|authorization request|RFA)"
_LINKING = (
    "form|for form|was|is|were|date|dated|signed|received|submitted|noted|to be|been|has|had|made|on|of|by the provider"
)
_LINK = rf"(?:\s|,|\(|\)|\b(?:{_LINKING})\b)*"
_AFTER = printed(r"\b", _REQUEST, r"\b\)?", _LINK, rf"(?P<day>{ANY_DATE})")
_BEFORE = printed(r"\b(?:on|in|per|of) (?:an? |the )?", rf"(?P<day>{ANY_DATE})", r",? (?:the )?", _REQUEST, r"\b")
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
