"""Printed text: the lines of an input, with the page each stands on and how it was set.

A published letter is typography as much as text: an item's heading is bold, and a gap stands before it. A reader that
sees words alone cannot tell where a rationale ends and the next heading begins. Every format is therefore read into
the same lines, which carry what its format knows: `bold` is `None` where the format has no type (plain text), `opens`
is `True` where a paragraph visibly begins. `Folded` joins lines into running text and remembers where each line
began, so that what a parser finds in the text can be traced to its line and page.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from drafter.domain.model import DomainModel

_LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip
_DROPPED = {ord(mark): None for mark in "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufffe\uffff"}
_DROPPED |= {code: None for code in (*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0xA0)) if code != 0x85}
_FOLDS = _DROPPED | {ord(ligature): letters for ligature, letters in _LIGATURES.items()}
# Half of a pair that lost its other half cannot be written as UTF-8.
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
# A hyphen at a line end belongs to the word or date it breaks ("non-" / "certified", "10-30-" / "2016"); a suspended
# one ("pre-" / "and postoperative") or a dash between spaces does not.
_BROKEN_WORD = re.compile(r"\w[%)\]]?-$")
_LIST_MARK = re.compile(r"(?:[-*•·]|\d{1,2}[.)])\s")
_NARROWEST = 40
_NEARLY_FULL = 0.85
_SUSPENDED = re.compile(r"(?:and|or|to)\b")


class PrintedLine(DomainModel):
    """One line as printed. `page` counts from 1."""

    text: str
    page: int = 1
    bold: bool | None = None
    opens: bool = False


def clean(text: str) -> str:
    """`text` without ligatures, invisible marks and control characters, whitespace runs as one space."""
    return _SPACES.sub(" ", _SURROGATES.sub("\ufffd", text).translate(_FOLDS)).strip()


class Folded:
    """Lines joined into running text with single spaces. `starts[i]` is the offset at which line `i` begins."""

    def __init__(self, lines: Sequence[PrintedLine]) -> None:
        self.lines = tuple(line for line in lines if line.text)
        parts: list[str] = []
        starts: list[int] = []
        length = 0
        previous = ""
        for line in self.lines:
            joint = _joint(previous, line.text)
            starts.append(length + len(joint))
            parts.append(joint + line.text)
            length += len(joint) + len(line.text)
            previous = line.text
        self.text = "".join(parts)
        self.starts = tuple(starts)

    def line_at(self, offset: int) -> int:
        """Index of the line that holds `offset`."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def begins_line(self, offset: int) -> bool:
        index = self.line_at(offset)
        return bool(self.starts) and self.starts[index] == offset


def _joint(previous: str, following: str) -> str:
    if not previous or (_BROKEN_WORD.search(previous) and not _SUSPENDED.match(following)):
        return ""
    return " "


def running_text(lines: Sequence[PrintedLine]) -> str:
    """The lines as text: those that were wrapped are joined, those that were ended on purpose stay on their own.

    A line was wrapped where the first word of the next would not have fitted; lists and forms keep their lines.
    """
    kept = [line for line in lines if line.text]
    groups: list[list[PrintedLine]] = []
    width = max((len(line.text) for line in kept), default=0)
    for line in kept:
        if groups and _is_wrapped(groups[-1][-1], line, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return "\n".join(Folded(group).text for group in groups)


def _is_wrapped(previous: PrintedLine, line: PrintedLine, width: int) -> bool:
    if line.opens or _LIST_MARK.match(line.text) or width < _NARROWEST:
        return False
    return len(previous.text) + 1 + len(line.text.split(" ", 1)[0]) > width * _NEARLY_FULL
