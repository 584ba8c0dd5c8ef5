"""What every reader returns: the text of one guideline file as blocks in reading order, each on its page.

A reader neither drops nor invents a word: the blocks together are the text of the file, apart from what the reader
names in `left_out` (running headers, hidden text) and the pages it lists as `unread`. Blocks become one `text`, in
which each block knows its offsets; only white space is normalised, so any stretch of it can be quoted word for word.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from guideline_corpus.model import CorpusModel

BlockKind = Literal["title", "front_matter", "heading", "paragraph", "list_item", "table_row"]
SAME_GROUP: tuple[BlockKind, ...] = ("list_item", "table_row")


class PageStart(CorpusModel):
    """From the offset `at` on, the text stands on `file_page` (counted from 1)."""

    at: int
    file_page: int


class Block(CorpusModel):
    """One stretch of text. `level`: of a heading, 1 the highest; of a list item, its depth.

    `page_starts` tells the pages it runs over, with offsets into its own text; empty where the file has no pages.
    `covers_table` is set on a heading that titles one table: what follows the table belongs to the section around it.
    `level_inferred`: the file does not say the heading's level, its type style suggests it.
    """

    kind: BlockKind
    text: str
    level: int = 0
    page_starts: tuple[PageStart, ...] = ()
    start: int = 0
    end: int = 0
    covers_table: bool = False
    level_inferred: bool = False


class Page(CorpusModel):
    """A page of the file and the number printed on it, with what that number rests on.

    `letters` counts the letters and figures that the reader found on it, hidden ones too.
    """

    file_page: int
    printed: str | None
    evidence: str
    letters: int = 0


class UnreadPage(CorpusModel):
    file_page: int
    reason: str


class LeftOut(CorpusModel):
    """Text of the file that is in no block, and why: a running header, hidden text."""

    reason: str
    text: str
    file_page: int | None = None


class SourceText(CorpusModel):
    """A guideline file, read. `front_matter` holds its labelled lines (developer, released, source, rights)."""

    text: str
    blocks: tuple[Block, ...]
    title: str | None = None
    front_matter: dict[str, str] = Field(default_factory=dict)
    pages: tuple[Page, ...] = ()
    unread: tuple[UnreadPage, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def headings(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.kind == "heading")


def folded(text: str) -> str:
    """`text` with every run of white space as one blank."""
    return " ".join(text.split())


def lay_out(blocks: Iterable[Block]) -> tuple[str, tuple[Block, ...]]:
    """The blocks as one text, and the blocks with their offsets in it.

    Blocks stand apart by an empty line, items of one list and rows of one table by a line end.
    """
    parts: list[str] = []
    placed: list[Block] = []
    at = 0
    for block in blocks:
        if not block.text:
            continue
        gap = _gap(placed[-1], block) if placed else ""
        start = at + len(gap)
        at = start + len(block.text)
        parts += [gap, block.text]
        placed.append(block.model_copy(update={"start": start, "end": at}))
    return "".join(parts), tuple(placed)


def _gap(before: Block, after: Block) -> str:
    return "\n" if before.kind == after.kind and after.kind in SAME_GROUP else "\n\n"
