"""The collection on disk: the decided items of a home, each on a line of its own.

    <home>/decided/items.jsonl       one item a line, canonical JSON, by case number and item
    <home>/decided/index-<id>/       what searches compare, derived from the items (`index.py`)

Items are added by merging sorted files, a line at a time, so that a million of them need no more memory than a few
thousand. The new file takes the place of the old one in one step, with its index already beside it: whoever is killed
while adding leaves the collection as it was. An item that is added again replaces the one before.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import mmap
import os
import shutil
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from guideline_corpus.decided.columns import Head, key_hash
from guideline_corpus.decided.model import DecidedItem
from guideline_corpus.errors import DecidedInvalid
from guideline_corpus.identity import canonical_json

ITEMS = "items.jsonl"
RUNS = ".adding-"
SORTED_AT_ONCE = 50_000  # items in memory while they are added
READ_AT_ONCE = 1 << 24  # bytes
Key = tuple[str, int]


class ItemsPart(NamedTuple):
    """A written file of items that is not yet the collection.

    `new` of its `held` items were not in it before; `changed` are the keys (`columns.key_hash`) of these and of those
    that are replaced by others.
    """

    path: Path
    held: int
    new: int
    changed: NDArray[np.uint64]


def decided_folder(home: Path) -> Path:
    return home / "decided"


def items_path(home: Path) -> Path:
    return decided_folder(home) / ITEMS


class ItemFile(Sequence[DecidedItem]):
    """A file of items, each read when it is asked for. `sha256` is that of the file.

    Raises DecidedInvalid where it was cut in the middle of a line, and later where a line that is asked for is no item.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.sha256 = hashlib.sha256(self._bytes).hexdigest()
        self._starts = _line_starts(self._bytes)
        if self._starts[-1] != len(self._bytes):
            raise _damaged(path)

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, place: int) -> DecidedItem: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[DecidedItem]: ...

    def __getitem__(self, place: int | slice) -> DecidedItem | Sequence[DecidedItem]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError("no such item")
        at = place % len(self)
        try:
            return DecidedItem.model_validate_json(self._bytes[int(self._starts[at]) : int(self._starts[at + 1])])
        except ValidationError:
            raise _damaged(self.path) from None

    def heads(self) -> Iterator[Head]:
        """What a search needs of each item, in order."""
        for item in self:
            yield Head(item.case_number, item.item, item.treatment, item.decided.toordinal())


def open_items(home: Path) -> ItemFile | None:
    """The items of a home; None where none were added. Raises DecidedInvalid where they cannot be read."""
    path = items_path(home)
    try:
        return ItemFile(path) if path.stat().st_size else None
    except FileNotFoundError:
        return None
    except OSError as error:
        why = (error.strerror or "no reason is given").lower()
        raise DecidedInvalid(f"{path} cannot be read ({why}); nothing of it was changed, see to the file.") from None


@contextmanager
def merged(home: Path, items: Iterable[DecidedItem]) -> Iterator[ItemsPart]:
    """The items of the home with these among them, as a file beside the old one; gone at the end unless it was kept.

    One process at a time: what an earlier one left when it was killed is removed.
    """
    folder = decided_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{RUNS}*"):
        shutil.rmtree(left, ignore_errors=True)
    part = folder / f"{ITEMS}.part"
    try:
        with tempfile.TemporaryDirectory(prefix=RUNS, dir=folder) as runs:
            yield _merged(part, items_path(home), list(_sorted_runs(items, Path(runs))))
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def keep(home: Path, part: ItemsPart) -> None:
    """Make a written file the collection, in one step."""
    os.replace(part.path, items_path(home))


def _sorted_runs(items: Iterable[DecidedItem], folder: Path) -> Iterator[Path]:
    coming = iter(items)
    for number, some in enumerate(iter(lambda: list(islice(coming, SORTED_AT_ONCE)), [])):
        last = {item.key: item for item in some}
        path = folder / f"{number:06}.jsonl"
        path.write_text("".join(f"{canonical_json(last[key])}\n" for key in sorted(last)), encoding="utf-8")
        yield path


def _merged(part: Path, old: Path, runs: Sequence[Path]) -> ItemsPart:
    """Of the lines of one key that of the last run is kept."""
    sources = [old, *runs] if old.is_file() else list(runs)
    streams = [_lines(path, -number) for number, path in enumerate(sources, start=0 if old.is_file() else 1)]
    held = new = 0
    changed = array("Q")
    with part.open("wb") as target:
        for key, same in groupby(heapq.merge(*streams), key=itemgetter(0)):
            lines = list(same)
            target.write(lines[0][2])
            held += 1
            new += lines[-1][1] != 0
            if lines[-1][1] != 0 or lines[-1][2] != lines[0][2]:
                changed.append(key_hash(*key))
        target.flush()
        os.fsync(target.fileno())
    return ItemsPart(part, held, new, np.array(changed, dtype=np.uint64))


def _line_starts(content: mmap.mmap) -> NDArray[np.int64]:
    """Where each line begins, and where the last one ends."""
    found = [np.zeros(1, dtype=np.int64)]
    for start in range(0, len(content), READ_AT_ONCE):
        piece = np.frombuffer(content[start : start + READ_AT_ONCE], dtype=np.uint8)
        found.append(start + 1 + np.flatnonzero(piece == ord("\n")))
    return np.concatenate(found)


def _lines(path: Path, age: int) -> Iterator[tuple[Key, int, bytes]]:
    with path.open("rb") as file:
        for line in file:
            try:
                item = json.loads(line)
                yield (item["case_number"], item["item"]), age, line
            except (ValueError, KeyError, TypeError):
                raise _damaged(path) from None


def _damaged(path: Path) -> DecidedInvalid:
    return DecidedInvalid(
        f"{path} was damaged; put it back from a backup, or delete it and run `guideline-corpus add-decided` again."
    )
