"""Which disputed items fall with another one, told by headings alone.

An operation is asked for together with what surrounds it: clearance, laboratory tests, an assistant, a sling, therapy
afterwards. If the operation is not necessary, neither are they. Letters mark many of them ("Associated surgical
service: ..."), others are known by their words, but only in a case that has the operation among its items. The words
are data (`dependent_items.toml`); what is as often asked for alone (a brace, physical therapy, a drug) counts only
where the heading itself ties it to an operation. No letter's rationale is read for this.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from drafter.domain.case import DisputedItem


def with_dependencies(items: Sequence[DisputedItem]) -> tuple[DisputedItem, ...]:
    """`items` with `depends_on` set to the main item's number where headings show it and nothing is set yet."""
    surgeries = sorted(item.number for item in items if _asks_for("surgery", item.treatment))
    injections = sorted(item.number for item in items if _asks_for("injection", item.treatment))
    mains = {*surgeries, *injections}
    return tuple(
        item if item.depends_on or item.number in mains else _tied(item, surgeries=surgeries, injections=injections)
        for item in items
    )


def _tied(item: DisputedItem, *, surgeries: list[int], injections: list[int]) -> DisputedItem:
    if surgeries and _names(item.treatment, "tied", "surrounds_surgery", "tests_before_surgery"):
        return item.model_copy(update={"depends_on": _nearest(item.number, surgeries)})
    if injections and _names(item.treatment, "tied", "surrounds_injection"):
        return item.model_copy(update={"depends_on": _nearest(item.number, injections)})
    return item


def _nearest(number: int, mains: list[int]) -> int:
    """The last main item before `number`; one that comes later only where none comes before."""
    return mains[max(0, bisect_left(mains, number) - 1)]


def _asks_for(procedure: str, words: str) -> bool:
    """Whether `words` ask for the procedure itself. What comes with it is named after it ("with evaluation of ...")."""
    patterns = _patterns()
    named = patterns[procedure].search(words)
    if named is None or patterns["tied"].search(words):
        return False
    if patterns["no_procedure"].match(words, named.start()):
        return False
    others = (patterns[kind].search(words) for kind in ("no_procedure", "surrounds_surgery"))
    return all(other is None or other.start() > named.start() for other in others)


def _names(words: str, *kinds: str) -> bool:
    return any(_patterns()[kind].search(words) for kind in kinds)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    table = tomllib.loads((files(__package__) / "dependent_items.toml").read_text(encoding="utf-8"))
    return {kind: re.compile("|".join(map(_pattern, phrases)), re.IGNORECASE) for kind, phrases in table.items()}


def _pattern(phrase: str) -> str:
    parts = (r"[\s/&-]*".join(map(_word, part.split())) for part in phrase.split(" ... "))
    return r"\b" + r"\b.{0,60}?\b".join(parts) + ("" if phrase.endswith("*") else r"\b")


def _word(word: str) -> str:
    return re.escape(word).replace(r"\*", r"\w*")
