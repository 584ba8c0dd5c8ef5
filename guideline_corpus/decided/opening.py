"""Adds published determinations to the second collection of a home, and opens the search over it.

Whatever an index is made from is made once: texts are read and embedded when items are added, by as many processes as
are given, and every vector is written down as it comes (`journal.py`), so that adding goes on where it was stopped. The
items and their index take the place of the old ones in one step at the end. A search that finds no index that fits
(other weights, another release) makes it first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from guideline_corpus.decided.columns import Columns, columns_of
from guideline_corpus.decided.index import (
    IndexSource,
    KeptIndex,
    items_indexed,
    open_index,
    remove_other_indexes,
    write_index,
)
from guideline_corpus.decided.letter_program import LINES, check_there, lines_of, parsed_lines
from guideline_corpus.decided.model import DecidedItem
from guideline_corpus.decided.parsed import ParsedItems, parsed_items
from guideline_corpus.decided.reading import open_reading, reading_id
from guideline_corpus.decided.scanning import Blocks, ScannedVectors, VectorRows
from guideline_corpus.decided.similar import SimilarItems
from guideline_corpus.decided.store import ItemFile, decided_folder, items_path, keep, merged, open_items
from guideline_corpus.embedding import Embedder, Vectors
from guideline_corpus.errors import DecidedInvalid, NoDecidedItems
from guideline_corpus.journal import EmbeddingJournal, embed_missing
from guideline_corpus.model import CorpusModel
from guideline_corpus.settings import CorpusSettings
from guideline_corpus.shared_work import in_turn
from guideline_corpus.versions import alone_in
from guideline_corpus.vocabulary import load_vocabulary

JOURNALS = "decided"
ROWS_AT_ONCE = 8192
MANY = 4 * ROWS_AT_ONCE  # texts from which on reading them is shared
Progress = Callable[[int, int], None]


class DecidedAdded(CorpusModel):
    """The items of these inputs, how many of them are new, how many the collection holds, and what is missing."""

    items: int
    new: int
    held: int
    not_read: tuple[str, ...]


class _Means(NamedTuple):
    """What an index is made with. `embedder` is None where the weights are missing: then by words alone."""

    settings: CorpusSettings
    embedder: Embedder | None
    given: bool
    jobs: int
    scheduler: str | None
    report: Progress | None

    @property
    def folder(self) -> Path:
        return decided_folder(self.settings.home)

    def source(self, items: ItemFile) -> IndexSource:
        return IndexSource(
            items_sha256=items.sha256,
            reading=reading_id(),
            model_id=self.embedder.model_id if self.embedder else None,
            server=bool(self.embedder and self.settings.chroma_url),
        )


def add_decided(
    settings: CorpusSettings,
    paths: Sequence[Path],
    *,
    embedder: Embedder | None = None,
    jobs: int = 1,
    scheduler: str | None = None,
    report: Progress | None = None,
) -> DecidedAdded:
    """Add letters, folders of them, or `.jsonl` files of printed lines; `jobs` processes read and embed their texts, or
    the workers of the Dask scheduler at an address.

    `embedder` replaces the configured one; `report(done, total)` counts texts embedded. Raises DecidedInvalid; then
    nothing was added.
    """
    check_there(paths)
    means = _means(settings, embedder, jobs=jobs, scheduler=scheduler, report=report)
    passed_over: list[str] = []
    items = 0

    def counted() -> Iterator[DecidedItem]:
        nonlocal items
        for parsed in _parsed(means, paths, tell=passed_over.append):
            passed_over.extend(parsed.passed_over)
            items += len(parsed.items)
            yield from parsed.items

    with ExitStack() as stack:
        stack.enter_context(alone_in(means.folder))
        before = _untouched_items(means)
        part = stack.enter_context(merged(settings.home, counted()))
        if not items:
            told = passed_over[0] if passed_over else "none has an item with an outcome."
            raise DecidedInvalid(f"No decided item was found: {told}")
        index = _indexed(means, ItemFile(part.path), before=before, changed=part.changed)
        keep(settings.home, part)
        remove_other_indexes(means.folder, index.folder)
    return DecidedAdded(items=items, new=part.new, held=part.held, not_read=tuple(passed_over))


def open_similar(settings: CorpusSettings, *, embedder: Embedder | None = None) -> SimilarItems:
    """The search over the decided items of a home; by words alone where the weights are missing.

    Raises NoDecidedItems where none were added, DecidedInvalid where they were damaged or no index can be kept,
    IndexDamaged where a Chroma server does not answer.
    """
    items = open_items(settings.home)
    if items is None and items_indexed(decided_folder(settings.home)):
        raise DecidedInvalid(
            f"{items_path(settings.home)} is gone or empty, though an index of it is there; put it back from a backup, "
            "or add the letters again with `guideline-corpus add-decided`."
        )
    if items is None:
        raise NoDecidedItems("There are no decided items here; add some with `guideline-corpus add-decided LETTERS`.")
    means = _means(settings, embedder)
    opened = _opened(means, items)
    if opened is None:
        try:
            with alone_in(means.folder):
                items = _untouched_items(means) or items
                index = _indexed(means, items, before=None, changed=np.empty(0, dtype=np.uint64))
                remove_other_indexes(means.folder, index.folder)
        except OSError:
            raise _not_kept(means) from None
        opened = _opened(means, items)
    if opened is None:
        raise _not_kept(means)
    blocks, vectors = opened
    return SimilarItems(items, blocks, load_vocabulary(), embedder=means.embedder, vectors=vectors)


def _untouched_items(means: _Means) -> ItemFile | None:
    """The items of the home. Raises DecidedInvalid where the file is not the one that was written with its index."""
    items = open_items(means.settings.home)
    indexed = items_indexed(means.folder)
    if items is not None and indexed and items.sha256 not in indexed:
        raise DecidedInvalid(
            f"{items.path} is not the file that was written: its SHA-256 differs. Put it back from a backup, or delete "
            "the folders index-* beside it to take it as it is."
        )
    return items


def _means(
    settings: CorpusSettings,
    embedder: Embedder | None,
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    report: Progress | None = None,
) -> _Means:
    given = embedder is not None
    if embedder is None:
        from guideline_corpus.opening import configured_embedder

        embedder, _ = configured_embedder(settings)
    return _Means(settings, embedder, given, jobs, scheduler, report)


def _parsed(means: _Means, paths: Sequence[Path], *, tell: Callable[[str], None]) -> Iterator[ParsedItems]:
    files = [path for path in paths if path.suffix.lower() == LINES]
    letters = [path for path in paths if path not in files]
    yield from chain.from_iterable(parsed_items(lines_of(path), where=str(path)) for path in files)
    if letters:
        lines = parsed_lines(letters, tell=tell, jobs=means.jobs, scheduler=means.scheduler)
        yield from parsed_items(lines, where="the letters")


def _opened(means: _Means, items: ItemFile) -> tuple[Blocks, VectorRows | None] | None:
    """What a search compares, None where it has to be made."""
    index = open_index(means.folder, means.source(items))
    if index is None:
        return None
    blocks = Blocks(index.columns)
    if means.embedder is None:
        return blocks, None
    if index.vectors is not None:
        return blocks, ScannedVectors(blocks, index.vectors)
    from guideline_corpus.decided.server_vectors import Held, collection_name, open_server_vectors

    held = Held(items.sha256, means.embedder.model_id)
    served = open_server_vectors(str(means.settings.chroma_url), collection_name(means.folder), held, index.columns)
    return (blocks, served) if served is not None else None


def _indexed(means: _Means, items: ItemFile, *, before: ItemFile | None, changed: NDArray[np.uint64]) -> KeptIndex:
    """The index of these items, made where there is none; `changed` are the keys of those not in `before`."""
    source = means.source(items)
    kept = open_index(means.folder, source)
    if kept is not None and not source.server:
        return kept
    jobs, scheduler = (means.jobs, means.scheduler) if len(items) >= MANY else (1, None)
    reading = partial(in_turn, open_reading, jobs=jobs, scheduler=scheduler)
    columns, texts = columns_of(items.heads(), reading)
    if means.embedder is None:
        write_index(means.folder, source, columns, None)
    else:
        with EmbeddingJournal(means.settings.cache_dir / JOURNALS, means.embedder) as journal:
            embed_missing(texts, journal, partial(_encoded, means), report=means.report)
            journal.forget_others(texts)
            if source.server:
                _send(means, means.embedder, items, before, changed, columns, texts, journal)
            write_index(means.folder, source, columns, None if source.server else _batches(texts, journal))
    made = open_index(means.folder, source)
    if made is None:
        raise _not_kept(means)
    return made


def _not_kept(means: _Means) -> DecidedInvalid:
    return DecidedInvalid(f"The index of the decided items in {means.folder} cannot be kept; see to the disk there.")


def _encoded(means: _Means, chunks: Iterable[Sequence[str]]) -> Iterator[Vectors]:
    """The vectors of chunks of texts, in order; in this process, or by several that open the encoder each."""
    if means.embedder is not None and ((means.jobs <= 1 and means.scheduler is None) or means.given):
        return map(means.embedder.embed_documents, chunks)
    from guideline_corpus.opening import encoding_elsewhere, open_encoding

    if means.scheduler is not None:
        return iter(encoding_elsewhere(means.settings, means.scheduler)(chunks))
    return in_turn(partial(open_encoding, means.settings), chunks, jobs=means.jobs)


def _batches(texts: Sequence[str], journal: EmbeddingJournal) -> Iterator[Vectors]:
    return (journal.vectors(texts[start : start + ROWS_AT_ONCE]) for start in range(0, len(texts), ROWS_AT_ONCE))


def _send(
    means: _Means,
    embedder: Embedder,
    items: ItemFile,
    before: ItemFile | None,
    changed: NDArray[np.uint64],
    columns: Columns,
    texts: Sequence[str],
    journal: EmbeddingJournal,
) -> None:
    from guideline_corpus.decided.server_vectors import Held, collection_name, fill_server

    fill_server(
        str(means.settings.chroma_url),
        collection_name(means.folder),
        was=Held(before.sha256, embedder.model_id) if before is not None else None,
        now=Held(items.sha256, embedder.model_id),
        columns=columns,
        changed=changed,
        vectors=lambda rows: journal.vectors([texts[row] for row in rows]),
    )
