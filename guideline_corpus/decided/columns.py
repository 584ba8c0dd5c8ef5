"""The decided items as columns of numbers, one row an item, in the order in which a search wants them.

Rows lie by what they are about, then by the day of decision. Items about one thing are neighbours, so a search that
asks for that thing reads one stretch of the vectors and passes over the rest. A column holds for each row:

    about     the number of its `About`                          uint32
    decided   the day, counted as `date.toordinal` counts        int32
    case      64 bits of the hash of its case number             uint64
    key       64 bits of the hash of case number and item        uint64
    place     its line among the items                           uint32

and `stem_rows[stem_offsets[s]:stem_offsets[s + 1]]` are the rows in which stem `s` stands, `stem_counts` how many
different stems a row has: the keyword half of the search.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from guideline_corpus.decided.reading import About, Read

READ_AT_ONCE = 2048  # texts handed to a process at a time
ReadAll = Callable[[Iterable[Sequence[str]]], Iterable[Sequence[Read]]]


class Head(NamedTuple):
    """What of an item a search needs before it shows it; `decided` as `date.toordinal` counts."""

    case_number: str
    item: int
    treatment: str
    decided: int


class Columns(NamedTuple):
    """See the module's first lines."""

    abouts: tuple[About, ...]
    about: NDArray[np.uint32]
    decided: NDArray[np.int32]
    case: NDArray[np.uint64]
    key: NDArray[np.uint64]
    place: NDArray[np.uint32]
    stems: tuple[str, ...]
    stem_offsets: NDArray[np.int64]
    stem_rows: NDArray[np.uint32]
    stem_counts: NDArray[np.uint16]

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.about)


class _Texts(NamedTuple):
    """What was read of each different text: number of its About, and its stems as a stretch of `stems`."""

    abouts: tuple[About, ...]
    about: NDArray[np.uint32]
    names: tuple[str, ...]
    stems: NDArray[np.uint32]
    ends: NDArray[np.int64]


def columns_of(heads: Iterable[Head], read: ReadAll) -> tuple[Columns, list[str]]:
    """The columns of items given in the order of their lines, and their texts in the order of the rows."""
    texts: dict[str, int] = {}
    text_of, decided, case, key = [], [], [], []
    for head in heads:
        text_of.append(texts.setdefault(head.treatment, len(texts)))
        decided.append(head.decided)
        case.append(case_hash(head.case_number))
        key.append(key_hash(head.case_number, head.item))
    found = _read(list(texts), read)
    text = np.array(text_of, dtype=np.int64)
    days = np.array(decided, dtype=np.int32)
    order = np.lexsort((np.arange(len(text)), days, found.about[text]))
    by_number = list(texts)
    columns = Columns(
        found.abouts,
        found.about[text[order]],
        days[order],
        np.array(case, dtype=np.uint64)[order],
        np.array(key, dtype=np.uint64)[order],
        order.astype(np.uint32),
        *_stem_columns(found, text[order]),
    )
    return columns, [by_number[number] for number in text[order].tolist()]


def case_hash(case_number: str) -> int:
    return _hash(case_number.casefold())


def key_hash(case_number: str, item: int) -> int:
    return _hash(f"{case_number}\n{item}")


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _read(texts: Sequence[str], read: ReadAll) -> _Texts:
    abouts: dict[About, int] = {}
    names: dict[str, int] = {}
    about: list[int] = []
    stems: list[int] = []
    ends: list[int] = []
    for one in _reads(texts, read):
        about.append(abouts.setdefault(one.about, len(abouts)))
        stems.extend(names.setdefault(stem, len(names)) for stem in one.stems)
        ends.append(len(stems))
    ordered, rank = _ranked(abouts)
    named, name_rank = _ranked(names)
    return _Texts(
        ordered,
        rank[np.array(about, dtype=np.int64)].astype(np.uint32),
        named,
        name_rank[np.array(stems, dtype=np.int64)].astype(np.uint32),
        np.array(ends, dtype=np.int64),
    )


def _reads(texts: Sequence[str], read: ReadAll) -> Iterator[Read]:
    coming = iter(texts)
    for some in read(iter(lambda: list(islice(coming, READ_AT_ONCE)), [])):
        yield from some


def _ranked(numbers: dict[Any, int]) -> tuple[tuple[Any, ...], NDArray[np.int64]]:
    """The keys in order, and for each number the place of its key in that order."""
    ordered = sorted(numbers)
    rank = np.empty(len(ordered), dtype=np.int64)
    rank[[numbers[one] for one in ordered]] = np.arange(len(ordered))
    return tuple(ordered), rank


def _stem_columns(
    found: _Texts, text: NDArray[np.int64]
) -> tuple[tuple[str, ...], NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint16]]:
    starts = np.concatenate((np.zeros(1, dtype=np.int64), found.ends[:-1])) if len(found.ends) else found.ends
    counts = (found.ends - starts)[text]
    first = np.cumsum(counts) - counts
    at = np.arange(int(counts.sum())) - np.repeat(first - starts[text], counts)
    stems = found.stems[at]
    by_stem = np.argsort(stems, kind="stable")
    rows = np.repeat(np.arange(len(text), dtype=np.uint32), counts)[by_stem]
    offsets = np.zeros(len(found.names) + 1, dtype=np.int64)
    offsets[1:] = np.cumsum(np.bincount(stems, minlength=len(found.names)))
    return found.names, offsets, rows, counts.astype(np.uint16)
