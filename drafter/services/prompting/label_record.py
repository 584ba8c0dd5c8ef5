"""The label history in the audit chain of the desk's record: each act an entry, by the person who did it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from drafter.domain.prompting.release import LabelEvent
from drafter.domain.review.audit import new_entry
from drafter.domain.review.events import LabelMoved
from drafter.errors import HistoryBroken, RecordDamaged
from drafter.ports import RecordStore


class LabelRecord:
    """A `LabelHistory` over a record store. `actor` is the account that acts; the act itself names the person."""

    def __init__(self, store: RecordStore, *, actor: str) -> None:
        self._store, self._actor = store, actor

    def append(self, event: LabelEvent) -> None:
        """See `LabelHistory.append`."""
        self._store.append(new_entry(LabelMoved(move=event), actor=self._actor, request_id=uuid4().hex))

    def read(self) -> Sequence[LabelEvent]:
        """See `LabelHistory.read`."""
        try:
            found = tuple(self._store.history(actions=("label-moved",)))
        except RecordDamaged as error:
            raise HistoryBroken(str(error)) from None
        return tuple(happened.event.move for happened in found if isinstance(happened.event, LabelMoved))
