"""A text cut into pieces where spans begin and end; each piece knows which sentences stand on it or are refuted by it.

Spans may overlap, repeat, and lie one in another; the pieces join to the text again, character for character (proved by
tests/unit/test_case_view.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from drafter.domain.model import DomainModel


class Use(DomainModel):
    """`sentence` (from 1) stands on the words from `start` to `end`, or has them against it."""

    start: int
    end: int
    sentence: int
    against: bool = False


class Piece(DomainModel):
    """`anchor` is what links lead to: set on the first piece of a span. `last_of` are the sentences whose span ends
    with this piece."""

    text: str
    on: tuple[int, ...] = ()
    against: tuple[int, ...] = ()
    anchor: str | None = None
    last_of: tuple[int, ...] = ()

    @property
    def marked(self) -> bool:
        return bool(self.on or self.against)


def pieces(text: str, uses: Sequence[Use], *, prefix: str) -> tuple[Piece, ...]:
    """`text` in pieces; anchors are `prefix-START`. Spans outside the text are left out."""
    held = [use for use in uses if 0 <= use.start < use.end <= len(text)]
    cuts = sorted({0, len(text), *(use.start for use in held), *(use.end for use in held)})
    starts = {use.start for use in held}
    return tuple(
        Piece(
            text=text[start:end],
            on=_sentences(held, start, end, against=False),
            against=_sentences(held, start, end, against=True),
            anchor=anchor(prefix, start) if start in starts else None,
            last_of=tuple(dict.fromkeys(use.sentence for use in held if use.end == end and use.start <= start)),
        )
        for start, end in pairwise(cuts)
    )


def anchor(prefix: str, start: int) -> str:
    return f"{prefix}-{start}"


def _sentences(uses: Sequence[Use], start: int, end: int, *, against: bool) -> tuple[int, ...]:
    found = (use.sentence for use in uses if use.against == against and use.start <= start and end <= use.end)
    return tuple(sorted(set(found)))
