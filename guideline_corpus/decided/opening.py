"""Adds published determinations to the second collection of a home, and opens the search over it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from guideline_corpus.decided.letter_program import LINES, lines_of, parsed_lines
from guideline_corpus.decided.parsed import parsed_items
from guideline_corpus.decided.similar import SimilarItems
from guideline_corpus.decided.store import add_items, load_items, vectors_of
from guideline_corpus.embedding import Embedder
from guideline_corpus.errors import DecidedInvalid
from guideline_corpus.model import CorpusModel
from guideline_corpus.settings import CorpusSettings
from guideline_corpus.vocabulary import load_vocabulary


class DecidedAdded(CorpusModel):
    """The items of these inputs, how many of them are new, how many the collection holds, and what is missing."""

    items: int
    new: int
    held: int
    not_read: tuple[str, ...]


def add_decided(home: Path, paths: Sequence[Path]) -> DecidedAdded:
    """Add letters, folders of them, or `.jsonl` files of printed lines.

    Raises DecidedInvalid; then nothing was added.
    """
    letters = [path for path in paths if path.suffix.lower() != LINES]
    parsed = [parsed_items(lines_of(path), where=str(path)) for path in paths if path not in letters]
    unread: tuple[str, ...] = ()
    if letters:
        lines, unread = parsed_lines(letters)
        parsed.append(parsed_items(lines, where="the letters"))
    items = [item for one in parsed for item in one.items]
    passed_over = (*unread, *(sentence for one in parsed for sentence in one.passed_over))
    if not items:
        told = passed_over[0] if passed_over else "none has an item with an outcome."
        raise DecidedInvalid(f"No decided item was found: {told}")
    new, held = add_items(home, items)
    return DecidedAdded(items=len(items), new=new, held=held, not_read=passed_over)


def open_similar(settings: CorpusSettings, *, embedder: Embedder | None = None) -> SimilarItems:
    """The search over the decided items of a home; by words alone where the weights are missing.

    Raises DecidedInvalid where none were added.
    """
    items = load_items(settings.home)
    if not items:
        raise DecidedInvalid("There are no decided items here; add some with `guideline-corpus add-decided LETTERS`.")
    if embedder is None:
        from guideline_corpus.opening import configured_embedder

        embedder, _ = configured_embedder(settings)
    vectors = vectors_of(settings.home, items, embedder) if embedder else None
    return SimilarItems(items, load_vocabulary(), embedder=embedder, vectors=vectors)
