"""Modified requests: headings that tell what was asked, what utilization review authorized, and what remains.

The thing decided is the remainder: "X was the original request. Y was authorized by the Claims Administrator. The
remaining IMR eligible portion of the original request, Z is". Where the request was left whole ("leaving the original
request IMR eligible") the remainder is the original. Each part is looked for on its own, so that a variant in one does
not hide the others.
"""

from __future__ import annotations

import re

from drafter.adapters.letters.patterns import printed
from drafter.domain.model import DomainModel

_GRANTED = r"(?:authorized|approved|certified|allowed)"
_IS = r"(?:was|were|is|are|has been|have been)"
_STATES = r"\s*(?:,|\bis\b|\bare\b|:)\s*(.+)$"
_ORIGINAL = printed(r"^(.+?),? (?:was|were|is|are) the original request\b")
_AUTHORIZED = (
    printed(r"\boriginal requests?\s*[.;,]\s*(.+?),? ", _IS, " ", _GRANTED, r" by the Claims Administrator\b"),
    printed(r"\bClaims Administrator (?:has )?", _GRANTED, r" (.+?)(?=,? leaving\b|\. The\b|\.?$)"),
)
_REMAINING = (
    printed(r"\bremaining (?:IMR[\s-]*eligible )?portions?(?: of the (?:original )?requests?)?", _STATES),
    printed(r"\bIMR[\s-]*eligible portions? of the (?:original )?requests?", _STATES),
    printed(r"\bIMR[\s-]*eligible\s*\.\s*The original requests?\s*(?:,|\bof\b|\bfor\b|:)\s*(.+)$"),
)
_LEFT_WHOLE = printed(r"\bleaving the (?:original|entire|whole) requests? (?:as )?IMR[\s-]*eligible")
_LEFT_PART = printed(r"\bleaving (?:the remaining )?(.+?) (?:as )?IMR[\s-]*eligible")
_SIGN = printed(r"\bIMR[\s-]*eligible\b|\bthe original request\b")
# Longer than any request; what is longer is damage, and not worth the time it would take.
_LONGEST = 5000
_TRAILING_VERB = re.compile(r"\s*,?\s*\b(?:is|are)\s*$", re.IGNORECASE)


class ModifiedRequest(DomainModel):
    original: str | None = None
    authorized: str | None = None
    remaining: str | None = None


def tells_modification(heading: str) -> bool:
    return len(heading) <= _LONGEST and _SIGN.search(heading) is not None


def is_tail_of_modification(heading: str) -> bool:
    """Whether words are missing before `heading`: it speaks of what is left of a request it does not state."""
    return tells_modification(heading) and _ORIGINAL.search(heading) is None


def modified_request(heading: str) -> ModifiedRequest | None:
    """The parts of a modified request, `None` where the heading tells of no modification."""
    if not tells_modification(heading):
        return None
    original = _found(heading, (_ORIGINAL,))
    return ModifiedRequest(
        original=original, authorized=_found(heading, _AUTHORIZED), remaining=_remaining(heading, original)
    )


def without_trailing_verb(text: str) -> str:
    """`text` without the verb that led to the outcome ("... two sessions is" / ": Upheld")."""
    return _TRAILING_VERB.sub("", text)


def _remaining(heading: str, original: str | None) -> str | None:
    stated = _found(heading, _REMAINING)
    if stated:
        return stated
    if _LEFT_WHOLE.search(heading):
        return original
    return _found(heading, (_LEFT_PART,))


def _found(heading: str, patterns: tuple[re.Pattern[str], ...]) -> str | None:
    for pattern in patterns:
        match = pattern.search(heading)
        if match:
            return without_trailing_verb(match.group(1)).strip(" ,;:") or None
    return None
