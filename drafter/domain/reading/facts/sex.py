"""Sex of the worker: from a noun, or from a pronoun (then `about` is "pronoun", because it may mean somebody else)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain.reading.facts.found import Found, Page

_NOUN = re.compile(
    r"\b(?:(female|woman|lady)|(male|man|gentleman))\b(?!\s+(?:physician|doctor|nurse|therapist|coworker|co-worker))",
    re.I,
)
_PRONOUN = re.compile(r"\b(?<!/)(?:(she|her|hers|herself)|(he|him|his|himself))\b(?!/)", re.IGNORECASE)


def find(page: Page) -> Iterator[Found]:
    for pattern, about in ((_NOUN, None), (_PRONOUN, "pronoun")):
        for match in pattern.finditer(page.text):
            yield Found("sex", "female" if match[1] else "male", match.start(), match.end(), about=about)
