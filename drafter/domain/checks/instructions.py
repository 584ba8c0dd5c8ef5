"""Instructions in the record: somebody wrote them for a program that reads it. They are data here, and are shown."""

from __future__ import annotations

from collections.abc import Iterator

from drafter.domain.case import RecordField
from drafter.domain.checks.audit import Audit, Remark
from drafter.domain.drafting.evidence import record_span
from drafter.domain.exchange.instructions import instruction_in


def instruction_in_record(audit: Audit) -> Iterator[Remark]:
    """A text of the record that speaks to a machine."""
    for field in audit.record:
        found = instruction_in(field.source.text)
        if found is not None:
            span = record_span(field, start=found.start(), end=found.end())
            yield Remark(
                message=f"Possible instruction in the record{_page(field.source)}: words that speak to a program. "
                "No draft follows them; ask who wrote them.",
                field=field.source.field,
                start=found.start(),
                end=found.end(),
                quote=found[0],
                against=span,
            )


def _page(source: RecordField) -> str:
    return f", p. {source.page}" if source.page is not None else ""
