"""Titles of guidelines, folded for comparison."""

from __future__ import annotations

import re
from functools import lru_cache

_NOT_IN_TITLE = re.compile(r"\b(?:mtus|acoem|medical|guidelines?|complaints?|the)\b|\W+", re.IGNORECASE)


@lru_cache(maxsize=4096)
def title_key(title: str) -> str:
    """A guideline's title folded for comparison: letters print it with and without "Medical" and "Guidelines"."""
    return " ".join(_NOT_IN_TITLE.sub(" ", title).lower().split())
