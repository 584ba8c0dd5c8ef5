"""The decisions of a letter, item by item: heading, outcome, the two guideline lines, rationale.

An item is known by its labels, which stand in a fixed order; where a label comes whose turn is past, a new item has
begun. Between one item's rationale and the next item's first label stands that next item's heading, without any mark
of its own. Its beginning is found from its end, line by line backwards: as far as the type is bold, where the input
knows type; else to where a paragraph opens; else to the end of the sentence before. A heading may run over a page
break, begin there in lower case, hold colons (the outcome follows the last one) or be a paragraph of several sentences
(modified requests), so a heading whose beginning is missing is followed further back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from drafter.adapters.letters.modified import is_tail_of_modification
from drafter.adapters.letters.sections import Span
from drafter.adapters.printed import Folded
from drafter.domain.case import Determination
from drafter.domain.model import DomainModel

_LABELS = {
    "claims_administrator": r"Claims\s+Administrator(?:'s|’s)?\s+guidelines?\s*:",
    "reviewer": r"(?:MAXIMUS|Reviewer)\s+guidelines?\s*:",
    "other": r"Other\s+Medical\s+Treatment\s+Guidelines?\s+or\s+Medical\s+Evidence\s*:",
    "rationale": r"Decision\s+rationale\s*:",
}
_ORDER = tuple(_LABELS)
_LABEL = re.compile("|".join(rf"(?P<{name}>{words})" for name, words in _LABELS.items()), re.IGNORECASE)
_OUTCOME = re.compile(
    r"(?:^|[\s:])\W{0,4}(?P<word>(?:Partial(?:ly)?\s+)?(?:Upheld|Overturned|Uphold|Overturn))\W{0,3}$",
    re.IGNORECASE,
)
_DETERMINATIONS: dict[str, Determination] = {
    "upheld": "upheld", "uphold": "upheld", "overturned": "overturned", "overturn": "overturned",
}  # fmt: skip
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*$")
_SENTENCE_BREAK = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[A-Z0-9\"“(])")
_FIELD_END = re.compile(r"[.!?:\"”')\]]\s*$|(?:Upheld|Overturned)\W{0,3}$", re.IGNORECASE)
_LONGEST_HEADING = 1200


class LetterItem(DomainModel):
    """One item as printed. A label that is not there leaves its field `None`."""

    heading: str
    outcome: str | None
    determination: Determination | None
    fields: dict[str, str]


class _Label(NamedTuple):
    name: str
    start: int
    end: int


def letter_items(text: Folded, decisions: Span) -> Iterator[LetterItem]:
    groups = list(_grouped(_labels(text, decisions)))
    for index, group in enumerate(groups):
        floor = groups[index - 1][-1].end if index else decisions.start
        heading = _heading_span(text, floor=floor, end=group[0].start, first=index == 0)
        end = decisions.end
        if index + 1 < len(groups):
            end = _heading_span(text, floor=group[-1].end, end=groups[index + 1][0].start, first=False).start
        yield _item(text.text, heading, group, end)


def _labels(text: Folded, decisions: Span) -> list[_Label]:
    """Labels of the decisions part. One counts where a line or a field begins, not inside a sentence."""
    found = []
    for match in _LABEL.finditer(text.text, decisions.start, decisions.end):
        before = text.text[max(0, match.start() - 40) : match.start()]
        if text.begins_line(match.start()) or _FIELD_END.search(before):
            found.append(_Label(match.lastgroup or "", match.start(), match.end()))
    return found


def _grouped(labels: Sequence[_Label]) -> Iterator[list[_Label]]:
    group: list[_Label] = []
    for label in labels:
        if group and _ORDER.index(label.name) <= _ORDER.index(group[-1].name):
            yield group
            group = []
        group.append(label)
    if group:
        yield group


def _item(text: str, heading: Span, labels: Sequence[_Label], end: int) -> LetterItem:
    words = text[heading.start : heading.end].strip()
    outcome = _OUTCOME.search(words)
    ends = [label.start for label in labels[1:]] + [end]
    fields = {label.name: text[label.end : stop].strip() for label, stop in zip(labels, ends, strict=True)}
    return LetterItem(
        heading=(words[: outcome.start()] if outcome else words).strip().rstrip(":").rstrip(),
        outcome=outcome["word"] if outcome else None,
        determination=_DETERMINATIONS.get(outcome["word"].lower()) if outcome else None,
        fields={name: value for name, value in fields.items() if value},
    )


def _heading_span(text: Folded, *, floor: int, end: int, first: bool) -> Span:
    """Where the heading before `end` stands. It begins no earlier than `floor`; the first heading begins there."""
    if first:
        return Span(start=floor, end=end)
    lowest, highest = text.line_at(floor) + 1, text.line_at(max(floor, end - 1))
    start = None
    if lowest <= highest and text.starts[highest] < end:
        start = text.starts[_first_line(text, lowest, highest, end)]
    if start is None or end - start > _LONGEST_HEADING:
        start = _sentence_start(text.text, floor, end)
    return Span(start=start, end=end)


def _first_line(text: Folded, lowest: int, highest: int, end: int) -> int:
    """The line on which the heading that runs to `end` begins, looked for from its last line backwards."""
    lines = text.lines
    bold = bool(lines[highest].bold)
    spaced = any(line.opens for line in lines[lowest : highest + 1])
    index = highest
    while index > lowest and end - text.starts[index] <= _LONGEST_HEADING:
        if bold and not lines[index - 1].bold:
            break
        if _breaks_off(text, index, bold=bold, spaced=spaced) and not _is_continuation(text, index, end):
            break
        index -= 1
    return index


def _breaks_off(text: Folded, index: int, *, bold: bool, spaced: bool) -> bool:
    """Whether a heading could begin at line `index`. In bold type only a paragraph does."""
    line, before = text.lines[index], text.lines[index - 1]
    if line.opens or bold:
        return line.opens
    return line.page != before.page or (not spaced and _SENTENCE_END.search(before.text) is not None)


def _is_continuation(text: Folded, index: int, end: int) -> bool:
    """Whether the words from line `index` to `end` lack their beginning."""
    words = text.text[text.starts[index] : end]
    outcome = _OUTCOME.search(words.strip())
    bare = words.strip()[: outcome.start()].strip(" :") if outcome else words.strip()
    unfinished = _SENTENCE_END.search(text.lines[index - 1].text) is None
    return not bare or is_tail_of_modification(bare) or (unfinished and bare[0].islower())


def _sentence_start(text: str, floor: int, end: int) -> int:
    """Where the last sentence before `end` begins; further back while it lacks the start of a modified request."""
    floor = max(floor, end - _LONGEST_HEADING)
    region = text[floor:end]
    breaks = [match.end() for match in _SENTENCE_BREAK.finditer(region)]
    for start in reversed(breaks):
        if not is_tail_of_modification(region[start:]):
            return floor + start
    return floor


def decisions_by_labels(text: Folded, *, floor: int) -> Span | None:
    """Where the decisions stand in a letter without their heading, told by the first item's labels alone."""
    labels = _labels(text, Span(start=floor, end=len(text.text)))
    if not labels:
        return None
    start = _heading_span(text, floor=floor, end=labels[0].start, first=False).start
    return Span(start=start, end=len(text.text))


def has_item_labels(text: Folded) -> bool:
    """Whether at least one item label stands where a line or field begins."""
    return bool(_labels(text, Span(start=0, end=len(text.text))))
