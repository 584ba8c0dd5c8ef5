"""Identifiers out, placeholders in; and back again in what returns.

A text goes out with `[NAME-1]` where a name stood; the same words always have the same placeholder, so that a reader
can still tell two people apart. What comes back is given its words again. `leaks` looks at what is about to be sent
once more, by another way: none of the words taken may stand in it, and the recognizers must find nothing new
(tests/unit/test_redaction.py::test_no_planted_identifier_is_in_what_goes_out).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from drafter.domain.model import DomainModel
from drafter.domain.redaction.recognizers import IdentifierKind, identifiers, introduced

PLACEHOLDER = re.compile(r"\[(?:NAME|NUMBER|PHONE|EMAIL|WEB|ADDRESS|BIRTH|AGE)-\d+\]")
SHORTEST = 3  # shorter words ("90") stand in every text; only their placeholder is checked


class Redaction(DomainModel):
    """Texts with placeholders, and the words behind each. Never written anywhere."""

    texts: tuple[str, ...]
    taken: Mapping[str, str]

    def restored(self, text: str) -> str:
        """A plain text with its words again."""
        return PLACEHOLDER.sub(lambda match: self.taken.get(match[0], match[0]), text)

    def restored_json(self, text: str) -> str:
        """A JSON text with its words again, escaped as JSON wants them."""
        return PLACEHOLDER.sub(lambda match: json.dumps(self.taken.get(match[0], match[0]))[1:-1], text)


def redact(texts: Sequence[str], *, people: Sequence[str] = (), context: str = "") -> Redaction:
    """The texts without identifiers. `context`: further text of the case in which a name may be introduced."""
    known = tuple(
        dict.fromkeys((*people, *introduced(context), *(name for text in texts for name in introduced(text))))
    )
    names: dict[tuple[IdentifierKind, str], str] = {}
    counts: dict[IdentifierKind, int] = {}
    redacted = []
    for text in texts:
        pieces, at = [], 0
        for one in identifiers(text, people=known):
            words = text[one.start : one.end]
            key = (one.kind, words)
            if key not in names:
                counts[one.kind] = counts.get(one.kind, 0) + 1
                names[key] = f"[{one.kind}-{counts[one.kind]}]"
            pieces += [text[at : one.start], names[key]]
            at = one.end
        redacted.append("".join((*pieces, text[at:])))
    return Redaction(texts=tuple(redacted), taken={placeholder: words for (_, words), placeholder in names.items()})


def leaks(text: str, *, taken: Sequence[str], people: Sequence[str] = ()) -> tuple[IdentifierKind, ...]:
    """The kinds of identifier that a text still holds; empty where it may leave the house."""
    plain = PLACEHOLDER.sub("[-]", text)
    found = [one.kind for one in identifiers(plain, people=people)]
    if leaked(plain, taken):
        found.append("NAME")
    return tuple(dict.fromkeys(found))


def leaked(text: str, taken: Sequence[str]) -> bool:
    """Whether any of the words that were taken out stands in the text, as whole words."""
    words = [one for one in taken if len(one) >= SHORTEST]
    return bool(words) and bool(re.search("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in words), text))
