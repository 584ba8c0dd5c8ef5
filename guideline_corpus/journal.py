"""Vectors as they are made, written down at once, so that a build that dies goes on where it stopped.

    <cache>/embeddings/<model>.journal    records of one size: key of the text, checksum, vector

A record is whole or it is not there: what a killed build left half written fails its checksum and is cut off when the
journal is opened. A text that was embedded before, by whichever build, is not embedded again; two passages of one text
have one record. The journal is derived and can be deleted at any time
(tests/integration/test_resumed_build.py::test_a_build_killed_in_the_middle_goes_on_where_it_stopped).
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO

import numpy as np
from numpy.typing import NDArray

from guideline_corpus.embedding import Embedder, Vectors
from guideline_corpus.identity import sha256_of, slug

KEY_BYTES = 16
CHECK_BYTES = 4
CHUNK = 64  # texts between two writes: what a killed build has to do again
READ_AT_ONCE = 4096  # records
Progress = Callable[[int, int], None]
Encode = Callable[[Iterable[Sequence[str]]], Iterable[Vectors]]


class EmbeddingJournal:
    """The vectors of one model, by text. Used as a context; one process at a time (the builder's lock sees to that).

    The vectors stay in the file: in memory there is a key and a number for each.
    """

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        name = f"{slug(embedder.model_id)}-{sha256_of(embedder.model_id)[:8]}-{embedder.dimensions}.journal"
        self._path = folder / name
        self._dimensions = embedder.dimensions
        self._places: dict[bytes, int] = {}
        self._written = 0
        self._file: IO[bytes] | None = None

    def __enter__(self) -> EmbeddingJournal:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if self._path.is_file():
            for key in self._keys():
                self._places[key] = self._written
                self._written += 1
        self._file = self._path.open("ab")
        self._file.truncate(self._written * self._record_bytes)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def __contains__(self, text: str) -> bool:
        return key_of(text) in self._places

    def add(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Write down the vectors of `texts`, shape (len(texts), dimensions)."""
        if self._file is None:
            raise ValueError("the journal is not open")
        for text, vector in zip(texts, np.asarray(vectors, dtype="<f4"), strict=True):
            key = key_of(text)
            self._file.write(_record(key, vector))
            self._places[key] = self._written
            self._written += 1
        self._file.flush()

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts that are all here, in their order, shape (len(texts), dimensions)."""
        if not texts:
            return np.empty((0, self._dimensions), dtype=np.float32)
        return np.asarray(self._mapped()["vector"][[self._places[key_of(text)] for text in texts]], dtype=np.float32)

    def forget_others(self, texts: Collection[str]) -> None:
        """Drop what belongs to other texts, where that is more than half of the journal."""
        kept = {key: self._places[key] for text in texts if (key := key_of(text)) in self._places}
        if self._file is None or 2 * len(kept) >= self._written:
            return
        part = self._path.with_name(f"{self._path.name}.part")
        with part.open("wb") as target:
            records = self._mapped()
            for place in kept.values():
                target.write(records[place].tobytes())
        self._file.close()
        os.replace(part, self._path)
        self._places = {key: place for place, key in enumerate(kept)}
        self._written = len(kept)
        self._file = self._path.open("ab")

    def _mapped(self) -> NDArray[np.void]:
        layout = np.dtype(
            [("key", f"V{KEY_BYTES}"), ("check", f"V{CHECK_BYTES}"), ("vector", "<f4", (self._dimensions,))]
        )
        return np.memmap(self._path, dtype=layout, mode="r", shape=(self._written,))

    @property
    def _record_bytes(self) -> int:
        return KEY_BYTES + CHECK_BYTES + 4 * self._dimensions

    def _keys(self) -> Iterator[bytes]:
        """The keys of the whole records from the beginning, up to the first that is not."""
        with self._path.open("rb") as file:
            while content := file.read(self._record_bytes * READ_AT_ONCE):
                for start in range(0, len(content), self._record_bytes):
                    record = content[start : start + self._record_bytes]
                    key, body = record[:KEY_BYTES], record[KEY_BYTES + CHECK_BYTES :]
                    whole = len(record) == self._record_bytes
                    if not whole or _check(key, body) != record[KEY_BYTES : KEY_BYTES + CHECK_BYTES]:
                        return
                    yield key


def embed_missing(
    texts: Iterable[str], journal: EmbeddingJournal, encode: Encode, *, report: Progress | None = None
) -> None:
    """Write the vectors of those texts that the journal lacks; `encode` makes them, chunk by chunk, in order.

    The longest first, so that the time left is not told too short. `report(done, total)` counts different texts.
    """
    wanted = set(texts)
    missing = sorted((text for text in wanted if text not in journal), key=lambda text: (-len(text), text))
    total, done = len(wanted), len(wanted) - len(missing)
    chunks = [missing[start : start + CHUNK] for start in range(0, len(missing), CHUNK)]
    for chunk, vectors in zip(chunks, encode(chunks), strict=True):
        journal.add(chunk, vectors)
        done += len(chunk)
        if report:
            report(done, total)
    if report and not missing:
        report(total, total)


def embedded(
    texts: Sequence[str],
    embedder: Embedder,
    journal: EmbeddingJournal,
    *,
    encode: Encode | None = None,
    report: Progress | None = None,
) -> Vectors:
    """The vectors of `texts`, shape (len(texts), dimensions); those that the journal lacks are made and written to it.

    By `encode`, where others make the vectors of the same model. See `embed_missing`.
    """
    own: Encode = partial(map, embedder.embed_documents)
    embed_missing(texts, journal, encode or own, report=report)
    return journal.vectors(texts)


def key_of(text: str) -> bytes:
    """What a text is known by."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()


def _record(key: bytes, vector: Vectors) -> bytes:
    body = vector.astype("<f4").tobytes()
    return key + _check(key, body) + body


def _check(key: bytes, body: bytes) -> bytes:
    return zlib.crc32(body, zlib.crc32(key)).to_bytes(CHECK_BYTES, "little")
