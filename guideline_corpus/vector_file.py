"""The vectors of a corpus version in one file, compared one by one: no passage is ever missed.

    <folder>/vectors.f32     one row of little-endian 32-bit floats for each passage, in the order of the version
    <folder>/identity.json   what they were made from; written last, so that a file left half written is refused

The file is mapped into memory, so that opening costs nothing and several programs share one copy. At 100,000 passages
one comparison reads 154 MB, which takes a few milliseconds: about what a graph index spends on a query at settings
that lose no passage, and that graph takes minutes to build (`evals/benchmarks/latency.py` measures both).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from guideline_corpus.embedding import Vectors
from guideline_corpus.errors import IndexDamaged
from guideline_corpus.identity import canonical_json
from guideline_corpus.passage_index import ExactIndex, IndexIdentity, IndexRow, check_identity

VECTORS = "vectors.f32"
IDENTITY = "identity.json"
FLOAT = np.dtype("<f4")
REBUILD = "run `guideline-corpus build` to build it anew"


def create_vector_file(folder: Path, identity: IndexIdentity, vectors: Iterable[Vectors]) -> None:
    """Write vectors, given in batches in the order of the passages, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / IDENTITY).unlink(missing_ok=True)
    with (folder / VECTORS).open("wb") as file:
        for batch in vectors:
            file.write(np.ascontiguousarray(batch, dtype=FLOAT).tobytes())
    (folder / IDENTITY).write_text(canonical_json(identity) + "\n", encoding="utf-8")


def open_vector_file(folder: Path, wanted: IndexIdentity, rows: Sequence[IndexRow]) -> ExactIndex:
    """The vectors of a corpus version whose passages are `rows`, in their order.

    Raises IndexDamaged where the file is missing, cut short or of another version, EmbeddingMismatch where it was
    built with another model.
    """
    try:
        identity = IndexIdentity.model_validate_json((folder / IDENTITY).read_bytes())
        size = (folder / VECTORS).stat().st_size
    except FileNotFoundError:
        raise IndexDamaged(
            f"The index of corpus {wanted.corpus_version} is missing or half built; {REBUILD}."
        ) from None
    except ValidationError:
        raise IndexDamaged(f"{IDENTITY} of corpus {wanted.corpus_version} cannot be read; {REBUILD}.") from None
    check_identity(identity, wanted)
    if len(rows) != wanted.passages or (rows and (not size or size % (len(rows) * FLOAT.itemsize))):
        raise IndexDamaged(f"{VECTORS} of corpus {wanted.corpus_version} was cut; {REBUILD}.")
    if not rows:
        return ExactIndex(identity, (), np.empty((0, 0), dtype=FLOAT))
    mapped = np.memmap(folder / VECTORS, dtype=FLOAT, mode="r").reshape(len(rows), -1)
    return ExactIndex(identity, rows, np.asarray(mapped))


def vector_files(folder: Path) -> list[Path]:
    """The files whose hashes an index description holds."""
    return [folder / VECTORS, folder / IDENTITY]
