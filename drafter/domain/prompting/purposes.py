"""What each purpose of a prompt may show and must show: the closed lists that a template is held against.

The options memo has no slot for an outcome, so that no wording of it can pass one on. A template of a purpose that is
not listed here is refused.
"""

from __future__ import annotations

from collections.abc import Mapping

from drafter.domain.exchange.values import LOOP_SLOTS, SLOTS
from drafter.domain.model import DomainModel

OUTCOME_SLOTS = frozenset({"outcome", "verdict"})
DATA_LOOPS = frozenset({"record", "arguments", "passages"})
_STATEMENT_SLOTS = frozenset({"key", "text", "kind", "grounds"})
_ITEM = frozenset({"item_number", "request", "scope", "silence", "fence"})


class Purpose(DomainModel):
    """`slots`: those it may use, and `loops` with the slots of one row; `required` of either must be there.

    `fenced`: loops that hold text from outside, which stand between two [[fence]] marks. `reply_schema`: the form of
    the reply that the prompt asks for, None where it asks for none.
    """

    name: str
    slots: frozenset[str]
    loops: Mapping[str, frozenset[str]]
    required: frozenset[str]
    required_loops: frozenset[str]
    fenced: frozenset[str]
    reply_schema: str | None
    system: bool = True


def _drafting(name: str, *, slots: frozenset[str], required: frozenset[str]) -> Purpose:
    return Purpose(
        name=name,
        slots=slots,
        loops=LOOP_SLOTS,
        required=required,
        required_loops=DATA_LOOPS | {"criteria"},
        fenced=DATA_LOOPS,
        reply_schema="reply@1",
    )


PURPOSES: Mapping[str, Purpose] = {
    purpose.name: purpose
    for purpose in (
        _drafting("rationale", slots=SLOTS, required=_ITEM | {"outcome"}),
        _drafting("options", slots=SLOTS - OUTCOME_SLOTS, required=_ITEM),
        Purpose(
            name="repair",
            slots=frozenset({"faults"}),
            loops={},
            required=frozenset({"faults"}),
            required_loops=frozenset(),
            fenced=frozenset(),
            reply_schema="reply@1",
            system=False,
        ),
        Purpose(
            name="grader",
            slots=frozenset({"item_number", "request", "scope", "fence"}),
            loops={name: LOOP_SLOTS[name] for name in ("record", "passages", "criteria")}
            | {"statements": _STATEMENT_SLOTS},
            required=frozenset({"request", "fence"}),
            required_loops=frozenset({"record", "passages", "statements"}),
            fenced=frozenset({"record", "passages", "statements"}),
            reply_schema="grades@1",
        ),
    )
}
