"""The recognizers that come with the program; no model, no download."""

from __future__ import annotations

from collections.abc import Sequence

from drafter.domain.redaction.exchange import Redaction, redact


class BuiltinRedactor:
    def redact(self, texts: Sequence[str], *, people: Sequence[str], context: str) -> Redaction:
        """See `Redactor.redact`."""
        return redact(texts, people=people, context=context)
