"""Each disputed item decided exactly once, in order, and only its disputed part.

An item without a rationale, decided twice or added is a defect of form that no argument heals; a dependent item that is
granted while its main item falls, or denied while it stands, needs a reason of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from drafter.domain.checks.audit import HEADING, RATIONALE, Audit, AuditedItem, Remark

_FOLD = re.compile(r"\W+")


def item_missing(audit: Audit) -> Iterator[Remark]:
    """A disputed item without a rationale or draft."""
    drafted = None if audit.drafts is None else {draft.item for draft in audit.drafts}
    for item in audit.case.items:
        if drafted is not None and item.number not in drafted:
            yield Remark(message=f"Item {item.number} of the case has no draft.", item=item.number, field=HEADING)
        if drafted is None and item.determination is not None and not (item.rationale or "").strip():
            yield Remark(
                message=f"Item {item.number} is decided without a rationale.", item=item.number, field=RATIONALE
            )


def item_unexpected(audit: Audit) -> Iterator[Remark]:
    """A draft for an item that the case does not have, or a second draft for the same item."""
    if audit.drafts is None:
        yield from _headings_twice(audit)
        return
    known = {item.number for item in audit.case.items}
    for number, count in sorted(Counter(draft.item for draft in audit.drafts).items()):
        if number not in known:
            yield Remark(message=f"A draft decides item {number}, which the case does not have.", item=number)
        elif count > 1:
            yield Remark(message=f"Item {number} is decided {count} times.", item=number)


def items_out_of_order(audit: Audit) -> Iterator[Remark]:
    """Drafts in another order than the items of the case."""
    numbers = [draft.item for draft in audit.drafts or ()]
    if numbers != sorted(numbers):
        yield Remark(message="The drafts do not follow the order of the items in the case.")


def no_items(audit: Audit) -> Iterator[Remark]:
    """A text in which no disputed item was found."""
    if not audit.case.items:
        yield Remark(message="No disputed item was found in this text, so no determination could be checked.")


def dependent_outcome(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A dependent item whose outcome differs from that of the item it depends on."""
    main = next((other for other in audit.case.items if other.number == item.item.depends_on), None)
    if main is None or main.determination is None or item.item.determination in (None, main.determination):
        return
    if _argued_alone(item):
        return
    yield Remark(
        message=f"Item {item.item.number} depends on item {main.number} but has another outcome, "
        "with no reason of its own.",
        item=item.item.number,
        field=HEADING,
        start=0,
        end=len(item.item.heading),
        quote=item.item.heading,
    )


def _argued_alone(item: AuditedItem) -> bool:
    """More than a sentence or two: then the item was weighed by itself."""
    return sum(len(text.reading.sentences) for text in item.texts) > 2


def _headings_twice(audit: Audit) -> Iterator[Remark]:
    """The same heading decided twice in one letter; a date of service or a side makes headings different."""
    seen: dict[str, int] = {}
    for item in audit.case.items:
        key = _FOLD.sub(" ", item.heading).strip().lower()
        if key and key in seen:
            yield Remark(
                message=f"Item {item.number} repeats the heading of item {seen[key]} word for word.",
                item=item.number,
                field=HEADING,
                start=0,
                end=len(item.heading),
                quote=item.heading,
            )
        seen.setdefault(key, item.number)
