"""Cuts a guideline into passages along its headings.

A section is what stands under one heading, up to the next. A short section is one passage; a long one is cut between
paragraphs or list items into passages of about equal length, a single block of excessive length between sentences. A
line that introduces what follows it ("... all of the following:", "Good Evidence") stays with it.

Guarantee: the passages, headings, title and front matter of a file divide its text without rest and without overlap,
and no passage reaches over a heading (`covered`; tests/unit/test_splitting.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

from guideline_corpus.model import CorpusModel
from guideline_corpus.readers.headings import is_facet
from guideline_corpus.readers.source_text import Block, BlockKind, SourceText
from guideline_corpus.sentences import sentence_spans

AIM_WORDS = 190
MOST_WORDS = 290
LEAST_WORDS = 60
LABEL_WORDS = 6
TEXT_KINDS: frozenset[BlockKind] = frozenset({"paragraph", "list_item", "table_row"})


class Piece(CorpusModel):
    """A block, or a part of one: `start` and `end` are offsets into the file's text."""

    kind: BlockKind
    level: int
    start: int
    end: int
    words: int
    holds_next: bool


class Section(CorpusModel):
    """What stands under one heading. `path` are the headings above it, the outermost first, itself last."""

    path: tuple[str, ...]
    blocks: tuple[Block, ...]


class PassageSpan(CorpusModel):
    """A passage as a stretch of the file's text: `source.text[start:end]`."""

    path: tuple[str, ...]
    start: int
    end: int
    pieces: tuple[Piece, ...]


def passages_of(source: SourceText) -> tuple[PassageSpan, ...]:
    """The passages of a file, in reading order."""
    return tuple(span for section in sections_of(source) for span in _cut(section, source.text))


def sections_of(source: SourceText) -> tuple[Section, ...]:
    """The sections that have text of their own, in reading order."""
    return tuple(_sections(source.blocks))


def section_name(heading: str) -> str:
    """A heading as a citation names it: one line, without a colon at its end."""
    return " ".join(heading.split()).rstrip(" :")


class _Heading:
    def __init__(self, block: Block) -> None:
        self.name = section_name(block.text)
        self.level = block.level
        self.covers_table = block.covers_table
        self.level_inferred = block.level_inferred
        self.has_text = False


def _sections(blocks: Sequence[Block]) -> Iterator[Section]:
    stack: list[_Heading] = []
    held: list[Block] = []
    for block in blocks:
        if block.kind not in TEXT_KINDS:
            if held:
                yield _section(stack, held)
            held = []
            if block.kind == "heading":
                _enter(stack, _Heading(block))
        else:
            if stack and stack[-1].covers_table and stack[-1].has_text and block.kind != "table_row":
                yield _section(stack, held)
                held = []
                stack.pop()
            if stack:
                stack[-1].has_text = True
            held.append(block)
    if held:
        yield _section(stack, held)


def _section(stack: Sequence[_Heading], held: Sequence[Block]) -> Section:
    return Section(path=tuple(heading.name for heading in stack), blocks=tuple(held))


def _enter(stack: list[_Heading], heading: _Heading) -> None:
    while stack and (stack[-1].level >= heading.level or stack[-1].covers_table):
        stack.pop()
    # "Contraindications" has said what it says: the next heading, though set smaller, names another topic.
    while heading.level_inferred and stack and stack[-1].has_text and is_facet(stack[-1].name):
        stack.pop()
    stack.append(heading)


def _cut(section: Section, text: str) -> Iterator[PassageSpan]:
    pieces = [piece for block in section.blocks for piece in _pieces(block, text)]
    for group in _groups(pieces):
        yield PassageSpan(path=section.path, start=group[0].start, end=group[-1].end, pieces=tuple(group))


def _pieces(block: Block, text: str) -> Iterator[Piece]:
    if len(block.text.split()) <= MOST_WORDS:
        yield _piece(block, block.start, block.end, text)
        return
    spans = [(block.start + start, block.start + end) for start, end in sentence_spans(block.text)]
    counts = [len(text[start:end].split()) for start, end in spans]
    at = 0
    for size in _even_cuts(counts, [False] * len(counts)):
        yield _piece(block, spans[at][0], spans[at + size - 1][1], text)
        at += size


def _piece(block: Block, start: int, end: int, text: str) -> Piece:
    words = text[start:end].split()
    ends = text[end - 1]
    label = block.kind == "paragraph" and len(words) <= LABEL_WORDS and ends.isalnum()
    return Piece(
        kind=block.kind, level=block.level, start=start, end=end, words=len(words), holds_next=ends == ":" or label
    )


def _groups(pieces: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
    at = 0
    for size in _even_cuts([piece.words for piece in pieces], [piece.holds_next for piece in pieces]):
        yield pieces[at : at + size]
        at += size


def _even_cuts(counts: Sequence[int], holds_next: Sequence[bool]) -> list[int]:
    """How many of the pieces go into each passage, so that the passages are about equally long."""
    total = sum(counts)
    if total <= MOST_WORDS:
        return [len(counts)]
    aim = total / ceil(total / AIM_WORDS)
    sizes: list[int] = []
    first, words, left = 0, 0, total
    for at, count in enumerate(counts):
        words += count
        left -= count
        last = at == len(counts) - 1
        following = counts[at + 1] if not last else 0
        full = words >= LEAST_WORDS and words + following / 2 > aim and left >= LEAST_WORDS
        if last or (full and not holds_next[at]):
            sizes.append(at + 1 - first)
            first, words = at + 1, 0
    return sizes


def page_starts_of(source: SourceText, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """`(offset, file page)` for each page that `source.text[start:end]` runs over, offsets counted from `start`."""
    found: list[tuple[int, int]] = []
    for block in source.blocks:
        if block.end <= start or block.start >= end or not block.page_starts:
            continue
        ends = [one.at for one in block.page_starts[1:]] + [len(block.text)]
        for one, until in zip(block.page_starts, ends, strict=True):
            if block.start + until > start and block.start + one.at < end:
                at = max(block.start + one.at - start, 0)
                if not found or found[-1][1] != one.file_page:
                    found.append((at, one.file_page))
    return tuple(found)


def covered(source: SourceText, spans: Sequence[PassageSpan]) -> bool:
    """Whether passages, headings, title and front matter divide the text: nothing twice, only white space lost."""
    stretches = [(span.start, span.end) for span in spans]
    stretches += [(block.start, block.end) for block in source.blocks if block.kind not in TEXT_KINDS]
    reached = 0
    for start, end in sorted(stretches):
        if start < reached or source.text[reached:start].strip():
            return False
        reached = end
    return not source.text[reached:].strip()
