"""What searches compare, beside the items it was made from: columns, and vectors unless a Chroma server holds them.

    <home>/decided/index-<id>/index.json     what it was made from, and the SHA-256 of every file below
    <home>/decided/index-<id>/<column>.npy   see `columns.py`; abouts.json and stems.txt name what they number
    <home>/decided/index-<id>/vectors.npy    one 32-bit unit vector a row

The index is derived and can be deleted at any time. It is written under another name and renamed when whole; one that
does not fit the items, the model or the reader of texts, or whose files are not those that were written, is never used
but made anew (tests/integration/test_decided_index.py). The columns are mapped: several programs share one copy.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from guideline_corpus.decided.columns import Columns
from guideline_corpus.decided.reading import About
from guideline_corpus.embedding import Vectors
from guideline_corpus.identity import canonical_json, sha256_of, sha256_of_file
from guideline_corpus.model import CorpusModel

FORMAT = 1
DESCRIPTION = "index.json"
VECTORS = "vectors.npy"
ABOUTS, STEMS = "abouts.json", "stems.txt"
ARRAYS = ("about", "decided", "case", "key", "place", "stem_offsets", "stem_rows", "stem_counts")
HASHED_AT_ONCE = 2  # files


class IndexSource(CorpusModel):
    """What an index is made from; `model_id` is None where no weights were there.

    `server` tells that a Chroma server holds the vectors, `reading` is `reading.reading_id`.
    """

    format: int = FORMAT
    items_sha256: str
    reading: str
    model_id: str | None
    server: bool

    def serves(self, wanted: IndexSource) -> bool:
        """Whether this index can be searched where `wanted` is asked for; vectors that nobody asks for do no harm."""
        return self == wanted or (wanted.model_id is None and self.model_copy(
            update={"model_id": None, "server": wanted.server}
        ) == wanted)  # fmt: skip


class _Description(CorpusModel):
    source: IndexSource
    sha256: dict[str, str]


class KeptIndex:
    """An index on disk, whole as it was written. `vectors` is None where there are none in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.columns = _read_columns(folder)
        vectors = folder / VECTORS
        self.vectors: Vectors | None = np.load(vectors, mmap_mode="r") if vectors.is_file() else None


def write_index(folder: Path, source: IndexSource, columns: Columns, vectors: Iterable[Vectors] | None) -> None:
    """Write an index among those of `folder`; `vectors` are batches in the order of the rows, None where none are."""
    place = folder / f"index-{sha256_of(canonical_json(source))[:16]}"
    part = folder / f"{place.name}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name in ARRAYS:
        np.save(part / f"{name}.npy", getattr(columns, name))
    (part / ABOUTS).write_text(canonical_json([list(about) for about in columns.abouts]) + "\n", encoding="utf-8")
    (part / STEMS).write_text("".join(f"{stem}\n" for stem in columns.stems), encoding="utf-8")
    if vectors is not None:
        _write_vectors(part / VECTORS, columns.size, vectors)
    description = _Description(source=source, sha256=_hashes(part))
    (part / DESCRIPTION).write_text(canonical_json(description) + "\n", encoding="utf-8")
    _sync(part)
    shutil.rmtree(place, ignore_errors=True)
    os.replace(part, place)


def open_index(folder: Path, wanted: IndexSource) -> KeptIndex | None:
    """An index in `folder` that serves what is wanted, its files verified; None where there is none."""
    for place in sorted(folder.glob("index-*")):
        try:
            description = _Description.model_validate_json((place / DESCRIPTION).read_bytes())
            if description.source.serves(wanted) and _hashes(place) == description.sha256:
                return KeptIndex(place)
        except (OSError, ValidationError, ValueError):
            continue  # half written, or of another release: derived, and made anew
    return None


def items_indexed(folder: Path) -> set[str]:
    """The SHA-256 of the items that the indexes in `folder` were made from."""
    found = set()
    for place in folder.glob("index-*"):
        with suppress(OSError, ValidationError):
            found.add(_Description.model_validate_json((place / DESCRIPTION).read_bytes()).source.items_sha256)
    return found


def remove_other_indexes(folder: Path, kept: Path | None) -> None:
    """Delete every index but one, and what killed processes left half written. Readers keep what they have open."""
    for place in folder.glob("index-*"):
        if place != kept:
            shutil.rmtree(place, ignore_errors=True)


def _write_vectors(path: Path, rows: int, batches: Iterable[Vectors]) -> None:
    start, target = 0, None
    for batch in batches:
        if target is None:
            target = np.lib.format.open_memmap(path, mode="w+", dtype="<f4", shape=(rows, batch.shape[1]))
        target[start : start + len(batch)] = batch
        start += len(batch)
    if target is not None:
        target.flush()


def _read_columns(folder: Path) -> Columns:
    abouts = json.loads((folder / ABOUTS).read_bytes())
    return Columns(
        abouts=tuple(About(tuple(treatments), tuple(parts)) for treatments, parts in abouts),
        stems=tuple((folder / STEMS).read_text(encoding="utf-8").splitlines()),
        **{name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in ARRAYS},
    )


def _hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file but the description, which holds them."""
    files = [path for path in sorted(folder.iterdir()) if path.name != DESCRIPTION]
    with ThreadPoolExecutor(HASHED_AT_ONCE) as threads:
        return dict(zip((path.name for path in files), threads.map(sha256_of_file, files), strict=True))


def _sync(folder: Path) -> None:
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
