"""Patterns of printed words, written so that they read like the words they match."""

from __future__ import annotations

import re


def spaced(*parts: str) -> str:
    """The parts joined into one pattern in which every space matches any run of white space: labels wrap."""
    return "".join(parts).replace(" ", r"\s+")


def printed(*parts: str) -> re.Pattern[str]:
    """`spaced`, compiled without regard to case."""
    return re.compile(spaced(*parts), re.IGNORECASE)
