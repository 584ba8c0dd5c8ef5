"""What the readers of inputs have to tell of them, in the same words whichever format it was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from drafter.domain.case import Notice

# Zero-width and direction marks, invisible operators, tags. A byte order mark at the beginning is taken off before.
_MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")


def without_text(pages: Sequence[int]) -> str:
    """Which pages hold no text, exactly: `2 pages have no text: pages 7, 12 need OCR or manual entry`."""
    one = len(pages) == 1
    return (
        f"{len(pages)} page{'' if one else 's'} {'has' if one else 'have'} no text: "
        f"page{'' if one else 's'} {ranges(pages)} need{'s' if one else ''} OCR or manual entry"
    )


def no_text(pages: Sequence[int]) -> Notice:
    message = f"{without_text(pages)}; nothing is drafted from what stands there."
    return Notice(kind="no-text", message=message, pages=tuple(pages))


def hidden_text(page: int, reason: str, words: str) -> Notice:
    message = f"Page {page} holds text that a reader of the page does not see ({reason}); it is in no draft."
    return Notice(kind="hidden-text", message=message, pages=(page,), text=words)


def recognised_text(pages: Sequence[int]) -> Notice:
    few = "page" if len(pages) == 1 else "pages"
    message = f"The text of {few} {ranges(pages)} was laid behind a scan by a program; compare it with the image."
    return Notice(kind="recognised-text", message=message, pages=tuple(pages))


def restricted(*, password: bool) -> Notice:
    if password:
        return Notice(kind="restricted", message="The file was read with its password, which was not kept.")
    message = "The owner of the file restricts copying or printing it; it was read all the same."
    return Notice(kind="restricted", message=message)


def hidden_characters(lines: Iterable[tuple[int | None, str]]) -> tuple[Notice, ...]:
    """A notice of the invisible characters in these lines, which keeps the lines as they stood; none where there are
    none. A line comes with its page."""
    held = [(page, line) for page, line in lines if not line.isprintable() and _MARKS.search(line)]
    if not held:
        return ()
    count = sum(len(_MARKS.findall(line)) for _, line in held)
    pages = tuple(sorted({page for page, _ in held if page is not None}))
    where = f" on page {ranges(pages)}" if pages else ""
    few = "character that is" if count == 1 else "characters that are"
    message = (
        f"The text holds {count} {few} not seen{where}; no model is sent them, and the lines are kept as they were."
    )
    return (Notice(kind="hidden-characters", message=message, pages=pages, text="\n".join(line for _, line in held)),)


def ranges(pages: Sequence[int]) -> str:
    """`1-3, 7, 12-80`."""
    runs = groupby(enumerate(sorted(pages)), key=lambda numbered: numbered[1] - numbered[0])
    ends = [(run[0], run[-1]) for run in ([page for _, page in group] for _, group in runs)]
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ends)
