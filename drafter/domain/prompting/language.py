"""The language of prompt templates: named slots, loops, shared parts, and nothing else.

    [[name]]                a slot
    [[each criteria]]       a loop over items, record, arguments, passages, criteria or statements; in it a row's slots
    [[end]]
    [[part voice@0001]]     a part shared by several templates, by name and version

A name is letters, digits and underscores. There is no attribute access, no index, no condition, no expression and no
call, so a template cannot reach into the program; braces are text, and the marks of other template languages are
refused with their place, because they are always a mistake here. A line that holds nothing but slots, all of them
empty, is left out: that is how an optional line is written. A line with words of its own stays. Values are text and
are never read as template again. `runs` gives the rendered text as stretches that know where they come from; `render`
joins them, so that a preview cannot show anything but what is sent (proved by tests/unit/test_prompt_language.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple, get_args

from drafter.domain.model import DomainModel
from drafter.errors import TemplateInvalid

LoopName = Literal["items", "record", "arguments", "passages", "criteria", "statements"]
LOOPS: tuple[LoopName, ...] = get_args(LoopName)

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
PART = re.compile(r"[a-z][a-z0-9_]*@\d{4}\Z")
_FOREIGN = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|\{[A-Za-z_][\w.\[\]!:]*\}|\$\{|<%")


class Place(NamedTuple):
    """Where something stands; line and column count from 1. `part`: the shared part (`NAME@VERSION`), or empty."""

    line: int
    column: int
    part: str = ""


class Placed(DomainModel):
    """Something of a template, with its place in the file or in a shared part."""

    line: int
    column: int
    part: str = ""

    @cached_property
    def place(self) -> Place:
        return Place(self.line, self.column, self.part)


class Text(Placed):
    text: str


class Slot(Placed):
    name: str


class Loop(Placed):
    over: LoopName
    body: tuple[Text | Slot, ...]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines of a row."""
        return tuple(_lines(self.body, origin=self.over))


Node = Text | Slot | Loop
Row = Mapping[str, str]


class Parsed(DomainModel):
    """A template text as a sequence of texts, slots and loops."""

    nodes: tuple[Node, ...]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines as they are written, loops and slots in place."""
        return tuple(_lines(self.nodes, origin="template"))

    def slots(self) -> Iterator[Slot]:
        """The slots outside loops, in order."""
        yield from (node for node in self.nodes if isinstance(node, Slot))

    def loops(self) -> Iterator[Loop]:
        yield from (node for node in self.nodes if isinstance(node, Loop))

    def texts(self) -> Iterator[Text]:
        """The template's own words, those inside loops included."""
        for node in self.nodes:
            inside = node.body if isinstance(node, Loop) else (node,)
            yield from (one for one in inside if isinstance(one, Text))


class Run(NamedTuple):
    """A stretch of a rendered prompt. `origin`: "template", "slot", or the name of the loop it came out of."""

    text: str
    origin: str
    name: str
    place: Place
    slot: bool = False


class Line(NamedTuple):
    """A line of a template, the same for every prompt: the break before it, what stands on it, whether it has words.

    `fixed`: all that stands on it, where nothing has to be filled in.
    """

    broken: Run | None
    parts: tuple[Run | Slot | Loop, ...]
    worded: bool
    fixed: tuple[Run, ...] | None


def parse(text: str, *, parts: Mapping[str, str] | None = None, first_line: int = 1) -> Parsed:
    """The template text taken apart, with its shared parts in place.

    `parts` maps `NAME@VERSION` to text; a part may hold slots and loops, but no further part. Raises TemplateInvalid
    with line, column and remedy.
    """
    return Parsed(nodes=tuple(_parse(text, parts=parts, first_line=first_line)))


def part_names(text: str) -> tuple[str, ...]:
    """The shared parts (`NAME@VERSION`) that a template text asks for, in order, each once."""
    found = (word[5:].strip() for _, word in _marks_from(text, 1) if word.startswith("part "))
    return tuple(dict.fromkeys(found))


def render(parsed: Parsed, *, slots: Row, loops: Mapping[str, Sequence[Row]]) -> str:
    """The text with every slot filled. Raises TemplateInvalid for a slot or loop without a value."""
    return "".join(run.text for run in runs(parsed, slots=slots, loops=loops))


def runs(parsed: Parsed, *, slots: Row, loops: Mapping[str, Sequence[Row]]) -> list[Run]:
    """The rendered text as stretches in order, each with its origin. Raises as `render`."""
    return _without_empty_lines(parsed.lines, origin="", values=(slots,), loops=loops)


# --- taking apart -----------------------------------------------------------------------------------------------


def _marks(text: str) -> Iterator[tuple[int, str]]:
    """Each `[[...]]` with its offset. Raises TemplateInvalid for one that does not close, or closes unopened."""
    at = 0
    while True:
        start, stray = text.find("[[", at), text.find("]]", at)
        if stray != -1 and (start == -1 or stray < start):
            raise _Unplaced(stray, "']]' closes nothing; remove it, or write [[ before it")
        if start == -1:
            return
        end = text.find("]]", start)
        if end == -1 or "\n" in text[start:end]:
            raise _Unplaced(start, "'[[' is not closed on its line; write ]] after the name")
        yield start, text[start + 2 : end].strip()
        at = end + 2


def _parse(text: str, *, parts: Mapping[str, str] | None, first_line: int, part: str = "") -> list[Node]:
    _refuse_foreign(text, first_line, part)
    building, at = _Building(parts), 0
    for start, word in _marks_from(text, first_line, part):
        building.text(text[at:start], _place(text, at, first_line, part))
        building.mark(word, _place(text, start, first_line, part))
        at = text.index("]]", start) + 2
    building.text(text[at:], _place(text, at, first_line, part))
    return building.finished()


class _Building:
    """The nodes so far, and the loop that is open."""

    def __init__(self, parts: Mapping[str, str] | None) -> None:
        self._parts = parts
        self._nodes: list[Node] = []
        self._loop: Loop | None = None
        self._body: list[Text | Slot] = []

    def text(self, text: str, place: Place) -> None:
        if text:
            self._put(Text(text=text, **place._asdict()))

    def mark(self, word: str, place: Place) -> None:
        if word.startswith("each "):
            self._open(word[5:].strip(), place)
        elif word == "end":
            self._close(place)
        elif word.startswith("part "):
            if self._loop is not None:
                raise _at(place, "a part inside a loop; put it before the loop")
            self._nodes += _part(word[5:].strip(), place, self._parts)
        else:
            self._put(_slot(word, place))

    def finished(self) -> list[Node]:
        if self._loop is not None:
            raise _at(self._loop.place, f"[[each {self._loop.over}]] is never closed; write [[end]] after it")
        return self._nodes

    def _put(self, node: Text | Slot) -> None:
        if self._loop is None:
            self._nodes.append(node)
        else:
            self._body.append(node)

    def _open(self, name: str, place: Place) -> None:
        if self._loop is not None:
            raise _at(place, "a loop inside a loop; close the outer one with [[end]] first")
        self._loop, self._body = _loop_named(name, place), []

    def _close(self, place: Place) -> None:
        if self._loop is None:
            raise _at(place, "[[end]] without [[each ...]]; remove it")
        self._nodes.append(self._loop.model_copy(update={"body": tuple(self._body)}))
        self._loop = None


def _marks_from(text: str, first_line: int, part: str = "") -> Iterator[tuple[int, str]]:
    try:
        yield from _marks(text)
    except _Unplaced as error:
        raise _at(_place(text, error.offset, first_line, part), error.message) from None


def _loop_named(name: str, place: Place) -> Loop:
    for known in LOOPS:
        if name == known:
            return Loop(over=known, body=(), **place._asdict())
    raise _at(place, f"[[each {name}]]: loops go over {', '.join(LOOPS)} only")


def _part(name: str, place: Place, parts: Mapping[str, str] | None) -> list[Node]:
    if not PART.match(name):
        raise _at(place, f"[[part {name}]]: write [[part NAME@0001]]")
    if parts is None:
        raise _at(place, f"[[part {name}]]: a part may not ask for a part")
    if name not in parts:
        raise _at(place, f"[[part {name}]]: there is no such part; correct its name or version")
    return _parse(parts[name], parts=None, first_line=1, part=name)


def _slot(word: str, place: Place) -> Slot:
    if not _NAME.match(word):
        raise _at(place, f"[[{word}]]: a slot is a plain name in lower case, and nothing else")
    return Slot(name=word, **place._asdict())


def _refuse_foreign(text: str, first_line: int, part: str) -> None:
    found = _FOREIGN.search(text)
    if found:
        place = _place(text, found.start(), first_line, part)
        raise _at(place, f"'{found[0]}' is another template language; here a slot is written [[name]]")


# --- putting together -------------------------------------------------------------------------------------------


def _lines(nodes: Sequence[Node], *, origin: str) -> Iterator[Line]:
    """The nodes laid out line by line; only the template's own words can break a line."""
    broken: Run | None = None
    parts: list[Run | Slot | Loop] = []
    for node in nodes:
        if not isinstance(node, Text):
            parts.append(node)
            continue
        head, *rest = node.text.split("\n")
        parts.append(Run(head, origin, "", node.place))
        for following in rest:
            yield _line(broken, parts)
            broken, parts = Run("\n", origin, "", node.place), [Run(following, origin, "", node.place)]
    yield _line(broken, parts)


def _line(broken: Run | None, parts: Sequence[Run | Slot | Loop]) -> Line:
    own = tuple(part for part in parts if isinstance(part, Run))
    fixed = tuple(run for run in own if run.text) if broken is not None and len(own) == len(parts) else None
    return Line(broken, tuple(parts), worded=any(run.text.strip() for run in own), fixed=fixed)


def _without_empty_lines(
    lines: Sequence[Line], *, origin: str, values: Sequence[Row], loops: Mapping[str, Sequence[Row]]
) -> list[Run]:
    """The lines filled, in order, without those that hold nothing but empty slots.

    `values` are asked one after the other for the value of a slot; `origin` is the loop, or empty outside of one.
    """
    kept: list[Run] = []
    for line in lines:
        if line.fixed is not None and line.broken is not None:
            kept += (line.broken, *line.fixed) if kept else line.fixed
            continue
        filled: list[Run] = []
        for part in line.parts:
            if isinstance(part, Run):
                filled.append(part)
            elif isinstance(part, Slot):
                filled.append(Run(_value(part, values), origin or "slot", part.name, part.place, slot=True))
            else:
                filled += _rows(part, slots=values[0], loops=loops)
        if not line.worded and _only_empty(filled):
            continue
        if line.broken is None:
            kept += filled
            continue
        if kept:
            kept.append(line.broken)
        kept += [run for run in filled if run.text]
    return kept


def _only_empty(filled: Sequence[Run]) -> bool:
    """Whether a line without words of its own has slots, and none of them says anything."""
    slots = [run for run in filled if run.slot]
    return bool(slots) and not any(run.text for run in slots)


def _rows(loop: Loop, *, slots: Row, loops: Mapping[str, Sequence[Row]]) -> list[Run]:
    """What a loop gives, to be put in like the value of a slot, without the line breaks it begins with."""
    if loop.over not in loops:
        raise _at(loop.place, f"[[each {loop.over}]] has nothing to go over here")
    kept: list[Run] = []
    for row in loops[loop.over]:
        for run in _without_empty_lines(loop.lines, origin=loop.over, values=(row, slots), loops={}):
            text = run.text if kept else run.text.lstrip("\n")
            if text:
                kept.append(Run(text, run.origin, run.name, run.place, slot=True))
    return kept or [Run("", loop.over, "", loop.place, slot=True)]


def _value(slot: Slot, values: Sequence[Row]) -> str:
    for held in values:
        if slot.name in held:
            return held[slot.name]
    raise _at(slot.place, f"[[{slot.name}]] has no value here; remove it or correct its name")


class _Unplaced(Exception):
    """A fault at an offset, before its line and column are worked out."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


def _place(text: str, offset: int, first_line: int, part: str = "") -> Place:
    before = text[:offset]
    return Place(first_line + before.count("\n"), offset - (before.rfind("\n") + 1) + 1, part)


def _at(place: Place, message: str) -> TemplateInvalid:
    return TemplateInvalid(message, line=place.line, column=place.column, part=place.part)
