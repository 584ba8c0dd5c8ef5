"""The language of prompt templates: named slots, loops, shared parts, and nothing else.

    [[name]]                a slot
    [[each criteria]]       a loop over record, arguments, passages or criteria; inside it the slots of one row
    [[end]]
    [[part voice@0001]]     a part shared by several templates, by name and version

A name is letters, digits and underscores. There is no attribute access, no index, no condition, no expression and no
call, so a template cannot reach into the program; braces are text, and the marks of other template languages are
refused with their place, because they are always a mistake here. A line that holds nothing but slots, all of them
empty, is left out: that is how an optional line is written. A line with words of its own stays. Values are text and are
never read as template again (proved by tests/unit/test_prompt_language.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from drafter.domain.model import DomainModel
from drafter.errors import TemplateInvalid

LOOPS = ("record", "arguments", "passages", "criteria")

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
PART = re.compile(r"[a-z][a-z0-9_]*@\d{4}\Z")
_FOREIGN = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|\{[A-Za-z_][\w.\[\]!:]*\}|\$\{|<%")


class Place(NamedTuple):
    """Where something stands in a template file; both count from 1."""

    line: int
    column: int


class Text(DomainModel):
    text: str


class Slot(DomainModel):
    name: str
    line: int
    column: int


class Loop(DomainModel):
    over: Literal["record", "arguments", "passages", "criteria"]
    body: tuple[Text | Slot, ...]
    line: int
    column: int


Node = Text | Slot | Loop
Row = Mapping[str, str]


class Parsed(DomainModel):
    """A template text as a sequence of texts, slots and loops."""

    nodes: tuple[Node, ...]

    def slots(self) -> Iterator[Slot]:
        """The slots outside loops, in order."""
        yield from (node for node in self.nodes if isinstance(node, Slot))

    def loops(self) -> Iterator[Loop]:
        yield from (node for node in self.nodes if isinstance(node, Loop))


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
    pieces = [_render(node, slots=slots, loops=loops) for node in parsed.nodes]
    return _joined([piece for group in pieces for piece in group])


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


def _parse(text: str, *, parts: Mapping[str, str] | None, first_line: int) -> list[Node]:
    _refuse_foreign(text, first_line)
    building, at = _Building(parts), 0
    for start, word in _marks_from(text, first_line):
        building.text(text[at:start])
        building.mark(word, _place(text, start, first_line))
        at = text.index("]]", start) + 2
    building.text(text[at:])
    return building.finished()


class _Building:
    """The nodes so far, and the loop that is open."""

    def __init__(self, parts: Mapping[str, str] | None) -> None:
        self._parts = parts
        self._nodes: list[Node] = []
        self._loop: Loop | None = None
        self._body: list[Text | Slot] = []

    def text(self, text: str) -> None:
        if text:
            self._put(Text(text=text))

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
            place = Place(self._loop.line, self._loop.column)
            raise _at(place, f"[[each {self._loop.over}]] is never closed; write [[end]] after it")
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


def _marks_from(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    try:
        yield from _marks(text)
    except _Unplaced as error:
        raise _at(_place(text, error.offset, first_line), error.message) from None


def _loop_named(name: str, place: Place) -> Loop:
    for known in LOOPS:
        if name == known:
            return Loop(over=known, body=(), line=place.line, column=place.column)
    raise _at(place, f"[[each {name}]]: loops go over {', '.join(LOOPS)} only")


def _part(name: str, place: Place, parts: Mapping[str, str] | None) -> list[Node]:
    if not PART.match(name):
        raise _at(place, f"[[part {name}]]: write [[part NAME@0001]]")
    if parts is None:
        raise _at(place, f"[[part {name}]]: a part may not ask for a part")
    if name not in parts:
        raise _at(place, f"[[part {name}]]: there is no such part; correct its name or version")
    return _parse(parts[name], parts=None, first_line=1)


def _slot(word: str, place: Place) -> Slot:
    if not _NAME.match(word):
        raise _at(place, f"[[{word}]]: a slot is a plain name in lower case, and nothing else")
    return Slot(name=word, line=place.line, column=place.column)


def _refuse_foreign(text: str, first_line: int) -> None:
    found = _FOREIGN.search(text)
    if found:
        place = _place(text, found.start(), first_line)
        raise _at(place, f"'{found[0]}' is another template language; here a slot is written [[name]]")


# --- putting together -------------------------------------------------------------------------------------------


class _Piece(NamedTuple):
    """A stretch of the result; `slot` tells a filled slot from the template's own text."""

    text: str
    slot: bool


def _render(node: Node, *, slots: Row, loops: Mapping[str, Sequence[Row]]) -> list[_Piece]:
    if isinstance(node, Text):
        return [_Piece(node.text, slot=False)]
    if isinstance(node, Slot):
        return [_Piece(_value(node, slots), slot=True)]
    if node.over not in loops:
        raise _at(Place(node.line, node.column), f"[[each {node.over}]] has nothing to go over here")
    rows = [_joined([_piece(part, {**slots, **row}) for part in node.body]) for row in loops[node.over]]
    return [_Piece("".join(rows).lstrip("\n") if rows else "", slot=True)]


def _piece(part: Text | Slot, row: Row) -> _Piece:
    return _Piece(part.text, slot=False) if isinstance(part, Text) else _Piece(_value(part, row), slot=True)


def _value(slot: Slot, values: Row) -> str:
    if slot.name not in values:
        raise _at(Place(slot.line, slot.column), f"[[{slot.name}]] has no value here; remove it or correct its name")
    return values[slot.name]


def _joined(pieces: Sequence[_Piece]) -> str:
    """The pieces in order, without the lines that hold nothing but empty slots."""
    lines: list[str] = []
    line, own, empty_slot = "", "", False
    for piece in pieces:
        if piece.slot:
            line, empty_slot = line + piece.text, empty_slot or not piece.text
            own += piece.text
            continue
        head, *rest = piece.text.split("\n")
        line, own = line + head, own + head.strip()
        for following in rest:
            lines += [] if empty_slot and not own else [line]
            line, own, empty_slot = following, following.strip(), False
    lines += [] if empty_slot and not own else [line]
    return "\n".join(lines)


class _Unplaced(Exception):
    """A fault at an offset, before its line and column are worked out."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


def _place(text: str, offset: int, first_line: int) -> Place:
    before = text[:offset]
    return Place(first_line + before.count("\n"), offset - (before.rfind("\n") + 1) + 1)


def _at(place: Place, message: str) -> TemplateInvalid:
    return TemplateInvalid(f"line {place.line}, column {place.column}: {message}")
