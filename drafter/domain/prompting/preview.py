"""A prompt as it would be sent, with the origin of every part, its size and price, and what differs from the live one.

The parts joined are exactly what is sent, identifiers out; a part whose words cannot be told apart from its neighbours'
after redaction is shown with them as one. The stored reply is that of this very prompt, or there is none
(proved by tests/unit/test_prompt_preview.py).
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Literal

from drafter.domain.exchange.values import PromptValues
from drafter.domain.model import DomainModel
from drafter.domain.prompting.language import Run, runs
from drafter.domain.prompting.sizes import tokens_of
from drafter.domain.prompting.template import PromptTemplate

Side = Literal["system", "user"]


class Part(DomainModel):
    """A stretch of one origin: "template", "slot", a loop's name, or "withheld" where redaction joined several.

    `name`: the slot. `line`: where it begins in the file, or in the shared part `part`. `tokens` is its share of the
    prompt's, so that parts add up. `fenced`: it stands between two fence marks, as data.
    """

    side: Side
    origin: str
    name: str
    part: str
    line: int
    text: str
    tokens: float
    fenced: bool = False


class OriginTotal(DomainModel):
    """`cost` in the currency of the price given, None where none was. `fenced`: all of it stands in a fence."""

    origin: str
    fenced: bool
    tokens: int
    cost: float | None


class ChangedLine(DomainModel):
    """A line of a difference: kept (" "), taken out ("-") or put in ("+"); "@" heads a stretch."""

    mark: Literal[" ", "-", "+", "@"]
    text: str


class Preview(DomainModel):
    label: str
    digest: str
    case_number: str | None
    item: int
    determination: str | None
    parts: tuple[Part, ...]
    totals: tuple[OriginTotal, ...]
    tokens: int
    cost: float | None
    against: str
    difference: tuple[ChangedLine, ...]
    reply: str | None
    reply_of_live: str | None

    @property
    def unchanged(self) -> bool:
        """Whether the live version gives this very prompt."""
        return not self.difference

    def text(self, side: Side) -> str:
        return "".join(part.text for part in self.parts if part.side == side)


def parts_of(
    template: PromptTemplate, values: PromptValues, *, sent: Mapping[Side, str], taken: Mapping[str, str]
) -> tuple[Part, ...]:
    """The parts of the prompt that is sent. `sent`: both texts as they are sent; `taken`: placeholder to words."""
    sides: tuple[tuple[Side, list[Run]], ...] = (
        ("system", runs(template.system, slots=values.slots, loops=values.loops)),
        ("user", runs(template.user, slots=values.slots, loops=values.loops)),
    )
    return tuple(part for side, found in sides for part in _parts(side, _joined(found), sent[side], taken))


def totals_of(parts: Sequence[Part], *, price: float | None) -> tuple[OriginTotal, ...]:
    """Tokens and cost of each origin, in the order in which they first appear. `price`: of a million tokens."""
    origins = dict.fromkeys(part.origin for part in parts)
    summed = {origin: sum(part.tokens for part in parts if part.origin == origin) for origin in origins}
    return tuple(
        OriginTotal(
            origin=origin,
            tokens=round(tokens),
            cost=cost_of(tokens, price=price),
            fenced=all(part.fenced for part in parts if part.origin == origin),
        )
        for origin, tokens in summed.items()
    )


def cost_of(tokens: float, *, price: float | None) -> float | None:
    return tokens * price / 1_000_000 if price else None


def difference_of(before: str, after: str, *, context: int = 2) -> tuple[ChangedLine, ...]:
    """The two texts line by line, empty where they are equal."""
    told = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=context)
    lines = itertools.islice(told, 2, None)
    return tuple(ChangedLine(mark=_mark(line), text=line if line.startswith("@@") else line[1:]) for line in lines)


def _mark(line: str) -> Literal[" ", "-", "+", "@"]:
    first = line[:1]
    if first == "-":
        return "-"
    if first == "+":
        return "+"
    return "@" if first == "@" else " "


def _joined(found: Sequence[Run]) -> list[Run]:
    """Neighbours of one origin as one run; slots stay apart by name."""
    joined: list[Run] = []
    for run in found:
        last = joined[-1] if joined else None
        same = last is not None and (last.origin, last.place.part) == (run.origin, run.place.part)
        if last is not None and same and (run.origin != "slot" or last.name == run.name):
            joined[-1] = last._replace(text=last.text + run.text)
        else:
            joined.append(run)
    return joined


def _parts(side: Side, found: Sequence[Run], sent: str, taken: Mapping[str, str]) -> list[Part]:
    texts = [_redacted(run.text, taken) for run in found]
    if "".join(texts) != sent:
        return [Part(side=side, origin="withheld", name="", part="", line=1, text=sent, tokens=tokens_of(sent))]
    share = tokens_of(sent) / max(1, len(sent))
    return [
        Part(
            side=side, origin=run.origin, name=run.name if run.origin == "slot" else "", part=run.place.part,
            line=run.place.line, text=text, tokens=len(text) * share, fenced=inside,
        )
        for run, text, inside in zip(found, texts, _inside(found), strict=True)
        if text
    ]  # fmt: skip


def _inside(found: Sequence[Run]) -> list[bool]:
    """Which runs stand after an odd number of fence marks, with one more to come."""
    marks = [run.origin == "slot" and run.name == "fence" for run in found]
    return [sum(marks[:n]) % 2 == 1 and any(marks[n + 1 :]) and not marks[n] for n in range(len(found))]


def _redacted(text: str, taken: Mapping[str, str]) -> str:
    if not taken:
        return text
    words = {held: placeholder for placeholder, held in taken.items()}
    longest_first = sorted(words, key=len, reverse=True)
    pattern = "|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in longest_first)
    return re.sub(pattern, lambda match: words[match[0]], text)
