"""The collection on disk: the decided items of a home, and vectors that can be deleted at any time.

    <home>/decided/items.jsonl       one item a line, canonical JSON, by case number and item
    <home>/decided/vectors.npz       one vector an item, with the hash of the items and the model they were made by

An item that is added again replaces the one before. Vectors that do not fit the items, or the model, are made anew from
the items and never used (tests/unit/test_decided.py::test_vectors_of_other_items_are_made_anew).
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from guideline_corpus.decided.model import DecidedItem
from guideline_corpus.embedding import Embedder, Vectors
from guideline_corpus.errors import DecidedInvalid
from guideline_corpus.identity import canonical_json, sha256_of
from guideline_corpus.versions import one_builder

ITEMS = "items.jsonl"
VECTORS = "vectors.npz"


def decided_folder(home: Path) -> Path:
    return home / "decided"


def load_items(home: Path) -> tuple[DecidedItem, ...]:
    """The decided items of a home, empty where none were added. Raises DecidedInvalid where the file is damaged."""
    file = decided_folder(home) / ITEMS
    if not file.is_file():
        return ()
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        return tuple(DecidedItem.model_validate_json(line) for line in lines if line)
    except (ValidationError, UnicodeDecodeError):
        raise DecidedInvalid(f"{file} was damaged; delete it and run `guideline-corpus add-decided` again.") from None


def add_items(home: Path, items: Iterable[DecidedItem]) -> tuple[int, int]:
    """Keep items in the home; returns how many are new and how many there are."""
    with one_builder(home):
        held = {item.key: item for item in load_items(home)}
        before = len(held)
        held |= {item.key: item for item in items}
        ordered = [held[key] for key in sorted(held)]
        _replace(decided_folder(home) / ITEMS, "".join(f"{canonical_json(item)}\n" for item in ordered).encode())
    return len(held) - before, len(held)


def vectors_of(home: Path, items: Sequence[DecidedItem], embedder: Embedder) -> Vectors:
    """One unit vector for each item's treatment, shape (len(items), dimensions); read where they fit, else made."""
    fits = np.array([sha256_of(canonical_json(list(items))), embedder.model_id])
    file = decided_folder(home) / VECTORS
    try:
        with np.load(file, allow_pickle=False) as held:
            if np.array_equal(held["fits"], fits) and len(held["vectors"]) == len(items):
                kept: Vectors = held["vectors"]
                return kept
    except (OSError, ValueError, KeyError, EOFError):
        pass  # missing or damaged: they are derived, and made anew
    vectors = embedder.embed_documents([item.treatment for item in items])
    target = io.BytesIO()
    np.savez(target, fits=fits, vectors=vectors)
    _replace(file, target.getvalue())
    return vectors


def _replace(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    with part.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    os.replace(part, file)
