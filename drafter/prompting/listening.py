"""Turns what a source tells of a reply, as it comes, into sentences with their grounds for whoever listens."""

from __future__ import annotations

from drafter.domain.exchange.heard import HeardStatement
from drafter.domain.exchange.reply import ReadReply, read_statement
from drafter.domain.exchange.shown import Shown
from drafter.domain.redaction.exchange import Redaction
from drafter.ports import DraftListener


class Ear:
    """A `Listener` to one reply: words that were withheld are back in what it passes on, keys are citations."""

    def __init__(self, listen: DraftListener, *, item: int, shown: Shown, redaction: Redaction, repaired: bool) -> None:
        self._listen = listen
        self._item = item
        self._shown = shown
        self._redaction = redaction
        self._repaired = repaired
        self._next = 0

    @property
    def cancelled(self) -> bool:
        return self._listen.cancelled

    def hear(self, place: int, statement: str) -> None:
        """See `Listener.hear`."""
        raw = self._redaction.restored_json(statement)
        self._tell(place, read_statement(raw, self._shown, item=self._item, place=place))

    def hear_rest(self, read: ReadReply) -> None:
        """The sentences that were not heard one by one: from a cache, a recorded reply, a server that streams not."""
        for place in range(self._next, len(read.statements)):
            own = tuple(finding for finding in read.findings if finding.field == f"statements.{place}")
            self._tell(place, ReadReply(statements=(read.statements[place],), findings=own))

    def _tell(self, place: int, read: ReadReply) -> None:
        self._next = place + 1
        for statement in read.statements:
            self._listen.heard(
                HeardStatement(
                    item=self._item,
                    place=place,
                    repaired=self._repaired,
                    statement=statement,
                    findings=read.findings,
                )
            )
