"""Text without case, spacing and typography, so that print variants compare equal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+(?:[./'-][^\W_]+)*")
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold().split())


def words(text: str) -> list[str]:
    """The words of a text, folded; numbers keep their points and slashes."""
    return _WORD.findall(folded(text))


def holds(text: str, wanted: str) -> bool:
    """Whether the text holds these words as whole words; "a|b" is either of two wordings."""
    told = folded(text)
    return any(re.search(rf"(?<![^\W_]){re.escape(folded(either))}(?![^\W_])", told) for either in wanted.split("|"))


def share(held: Sequence[bool]) -> float | None:
    """The share that holds; None of nothing."""
    return sum(held) / len(held) if held else None
