"""The table of printed titles and headings (`printed_guidelines.toml`), as patterns that match the longest first."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from drafter.domain.model import DomainModel


class PrintedGuidelines(DomainModel):
    """`titles` maps each printed way to the name used here; `headings` are in lower case, as letters vary there."""

    titles: dict[str, str]
    headings: frozenset[str]
    longest_heading: int


@cache
def printed_guidelines() -> PrintedGuidelines:
    table = tomllib.loads((files(__package__) / "printed_guidelines.toml").read_text(encoding="utf-8"))
    titles = {way: name for name, ways in table["titles"].items() for way in ways}
    headings = frozenset(heading.lower() for group in table["sections"].values() for heading in group)
    return PrintedGuidelines(titles=titles, headings=headings, longest_heading=max(map(len, headings)))


@cache
def title_pattern() -> str:
    """A pattern without groups for any known title, longest first. Case counts: "chronic pain" is plain English."""
    ways = sorted(printed_guidelines().titles, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(way).replace(r"\ ", r"\s+") for way in ways) + ")"
