"""A reply heard while it is still being written: each sentence as soon as it is whole.

A source tells its listener the JSON of each statement, with its place; whoever knows what the item was shown turns that
into a sentence with its grounds (`HeardStatement`). Nothing that is heard is a draft: a source that tries again begins
again at place 0, and only the whole reply is read, checked and kept (proved by tests/unit/test_heard.py and, over HTTP,
by tests/integration/test_listening.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from drafter.domain.draft import Finding, Statement
from drafter.domain.model import DomainModel

_LIST = re.compile(r'"statements"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()


class HeardStatement(DomainModel):
    """One sentence of the reply for `item`, at `place` counted from 0, its keys already citations.

    `findings` say what does not hold about it by itself; `repaired` tells the sentences of the repair round, which take
    the place of those heard before.
    """

    item: int
    place: int
    repaired: bool = False
    statement: Statement
    findings: tuple[Finding, ...] = ()


class StatementScanner:
    """Gives the JSON of each statement of a reply once, as soon as the text fed to it holds it whole."""

    def __init__(self) -> None:
        self._text = ""
        self._at: int | None = None

    def feed(self, piece: str) -> Iterator[str]:
        self._text += piece
        if self._at is None:
            begun = _LIST.search(self._text)
            if begun is None:
                return
            self._at = begun.end()
        while "}" in piece:  # only a brace can have closed one
            start = _BETWEEN.match(self._text, self._at).end()  # type: ignore[union-attr] # it matches nothing too
            if not self._text.startswith("{", start):
                return
            try:
                _, end = _DECODER.raw_decode(self._text, start)
            except (ValueError, RecursionError):
                return
            self._at = end
            yield self._text[start:end]
