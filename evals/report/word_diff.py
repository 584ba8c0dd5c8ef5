"""Two texts word by word: what stands in both, what went, what came."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

Kind = Literal["same", "gone", "new"]
_TOKEN = re.compile(r"\S+|\n")


class Piece(NamedTuple):
    kind: Kind
    text: str


def word_diff(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The pieces of the old text and those of the new one, each in its own order."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left += _piece("same" if tag == "equal" else "gone", old[a:b])
        right += _piece("same" if tag == "equal" else "new", new[c:d])
    return tuple(left), tuple(right)


def _piece(kind: Kind, words: Sequence[str]) -> list[Piece]:
    return [Piece(kind, " ".join(words))] if words else []
