"""What search needs beside the passages: a keyword index and vectors, built from a corpus version, in its folder.

    <version>/index/index.json      what the index was made from, and the SHA-256 of every file below; written last
    <version>/index/keyword-<n>.npz the keyword half
    <version>/index/vectors-<n>/    the vector half, compared one by one, unless a Chroma server holds it

The index is derived: it can be deleted and is built anew from the version. It is never silently used where it does not
fit: another corpus version, another embedding model, a missing or a changed file is refused with one sentence
(`open_index`, tests/integration/test_search_index.py). `n` counts builds, so that a build never writes into files that
a running search has open.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from guideline_corpus.embedding import Embedder, Vectors
from guideline_corpus.errors import EmbeddingMismatch, IndexDamaged
from guideline_corpus.identity import canonical_json, sha256_of
from guideline_corpus.journal import EmbeddingJournal, Encode, embedded
from guideline_corpus.lexical import KeywordIndex, PassageText
from guideline_corpus.model import CorpusModel, Passage
from guideline_corpus.passage_index import IndexIdentity, IndexRow, PassageIndex
from guideline_corpus.vector_file import create_vector_file, open_vector_file, vector_files
from guideline_corpus.versions import INDEX_FOLDER, Corpus
from guideline_corpus.whole_file import write_whole

FORMAT = 2
DESCRIPTION = "index.json"
BATCH = 1024
JOURNALS = "embeddings"
REBUILD = "run `guideline-corpus build` to build it anew"

Progress = Callable[[int, int], None]


class IndexDescription(CorpusModel):
    """`model_id` is None where no weights were there; `server` tells that a Chroma server holds the vectors."""

    format: int
    build: int
    corpus_version: str
    passages: int
    model_id: str | None
    server: bool
    sha256: dict[str, str]


class OpenIndex:
    """Both halves, ready to be asked; `vectors` is None where search goes by keyword alone."""

    def __init__(self, keyword: KeywordIndex, vectors: PassageIndex | None) -> None:
        self.keyword = keyword
        self.vectors = vectors


def build_index(
    corpus: Corpus,
    *,
    embedder: Embedder | None,
    cache: Path,
    server: str | None = None,
    encode: Encode | None = None,
    report: Progress | None = None,
) -> None:
    """Build both halves for a corpus version and replace the index it had. Without `embedder`: keyword only.

    `encode` makes the vectors in place of `embedder`, which names their model.

    `cache` keeps the vectors as they are made, so that a build that was killed goes on where it stopped. `server` is
    the URL of a Chroma server that shall hold the vectors. `report(done, total)` counts passages embedded.
    """
    folder = corpus.folder / INDEX_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    build = _next_build(folder)
    keyword = folder / f"keyword-{build}.npz"
    keyword.write_bytes(KeywordIndex.build(keyword_text(passage) for passage in corpus.passages).to_bytes())
    if embedder is not None:
        vectors = _vectors(corpus, embedder, cache, encode=encode, report=report)
        _store_vectors(corpus, embedder, vectors, server=server, folder=_vectors_folder(folder, build))
    hashed = [keyword, *(vector_files(_vectors_folder(folder, build)) if embedder and not server else [])]
    description = IndexDescription(
        format=FORMAT,
        build=build,
        corpus_version=corpus.version,
        passages=len(corpus.passages),
        model_id=embedder.model_id if embedder else None,
        server=bool(embedder and server),
        sha256={path.relative_to(folder).as_posix(): sha256_of(path.read_bytes()) for path in hashed},
    )
    write_whole(folder / DESCRIPTION, canonical_json(description) + "\n")
    _remove_other_builds(folder, build)


def open_index(corpus: Corpus, *, embedder: Embedder | None, server: str | None = None) -> OpenIndex:
    """The index of a corpus version, checked before anything reads it.

    Raises IndexDamaged where it is missing, changed or of another version, EmbeddingMismatch where its vectors are of
    another model than `embedder`'s. Without `embedder` the vectors are not opened.
    """
    folder = corpus.folder / INDEX_FOLDER
    description = _description(folder, corpus.version)
    if description.corpus_version != corpus.version or description.passages != len(corpus.passages):
        raise IndexDamaged(f"The index in {folder} belongs to corpus {description.corpus_version}; {REBUILD}.")
    _check_hashes(folder, description)
    keyword = KeywordIndex.from_bytes((folder / f"keyword-{description.build}.npz").read_bytes())
    if embedder is None or description.model_id is None:
        return OpenIndex(keyword, None)
    if description.model_id != embedder.model_id:
        raise EmbeddingMismatch(
            f"The index of corpus {corpus.version} was built with the embedding model {description.model_id}, but "
            f"searches use {embedder.model_id}; {REBUILD}."
        )
    if description.server != bool(server):
        held = "on a Chroma server" if description.server else f"in {folder}"
        raise IndexDamaged(
            f"The vectors of corpus {corpus.version} lie {held}; set DRAFTER_CHROMA_URL to match, or {REBUILD}."
        )
    identity = _identity(corpus, embedder)
    if server is None:
        return OpenIndex(keyword, open_vector_file(_vectors_folder(folder, description.build), identity, _rows(corpus)))
    from guideline_corpus.index import open_chroma_index

    return OpenIndex(keyword, open_chroma_index(server, identity))


def prepare(corpus: Corpus) -> None:
    """Import what opening the index of a corpus version needs, where a server holds its vectors."""
    try:
        described = _description(corpus.folder / INDEX_FOLDER, corpus.version)
    except IndexDamaged:
        return
    if described.server:
        from guideline_corpus.index import import_chroma

        import_chroma()


def index_problems(corpus: Corpus) -> tuple[str, ...]:
    """What is wrong with the index files of a corpus version, a sentence each; empty where nothing is."""
    folder = corpus.folder / INDEX_FOLDER
    try:
        _check_hashes(folder, _description(folder, corpus.version))
    except IndexDamaged as error:
        return (str(error),)
    return ()


def keyword_text(passage: Passage) -> PassageText:
    """What the keyword half reads of a passage."""
    heading = " ".join(passage.section_path) or passage.section or passage.guideline
    body = " ".join(
        (passage.text, *(criterion.text for criterion in passage.criteria if criterion.source != "official"))
    )
    names = " ".join((passage.guideline, *passage.synonyms, *passage.treatments, *passage.body_parts))
    return PassageText(heading=heading, body=body, names=names)


def embedded_text(passage: Passage) -> str:
    """What the vector half reads of a passage; where it stands comes first, because long texts are cut."""
    section = " > ".join(passage.section_path) or passage.section
    return ". ".join(part for part in (passage.guideline, section, passage.text) if part)


def _vectors(
    corpus: Corpus, embedder: Embedder, cache: Path, *, encode: Encode | None, report: Progress | None
) -> Vectors:
    texts = [embedded_text(passage) for passage in corpus.passages]
    with EmbeddingJournal(cache / JOURNALS, embedder) as journal:
        vectors = embedded(texts, embedder, journal, encode=encode, report=report)
        journal.forget_others(texts)
    return vectors


def _store_vectors(corpus: Corpus, embedder: Embedder, vectors: Vectors, *, server: str | None, folder: Path) -> None:
    batches = (vectors[start : start + BATCH] for start in range(0, len(vectors), BATCH))
    if server is None:
        create_vector_file(folder, _identity(corpus, embedder), batches)
        return
    from guideline_corpus.index import create_chroma_index

    create_chroma_index(server, _identity(corpus, embedder), _rows(corpus), batches)


def _rows(corpus: Corpus) -> list[IndexRow]:
    return [IndexRow(passage.passage_id, passage.edition_id) for passage in corpus.passages]


def _identity(corpus: Corpus, embedder: Embedder) -> IndexIdentity:
    return IndexIdentity(corpus_version=corpus.version, model_id=embedder.model_id, passages=len(corpus.passages))


def _description(folder: Path, version: str) -> IndexDescription:
    try:
        described = json.loads((folder / DESCRIPTION).read_bytes())
        if described.get("format") != FORMAT:
            raise IndexDamaged(f"The index of corpus {version} is of another release of the program; {REBUILD}.")
        return IndexDescription.model_validate(described)
    except FileNotFoundError:
        raise IndexDamaged(f"Corpus {version} has no index yet; {REBUILD}.") from None
    except (ValueError, AttributeError, ValidationError):
        raise IndexDamaged(f"{DESCRIPTION} of corpus {version} cannot be read; {REBUILD}.") from None


def _check_hashes(folder: Path, description: IndexDescription) -> None:
    for name, expected in description.sha256.items():
        path = folder / name
        if not path.is_file():
            raise IndexDamaged(f"The index of corpus {description.corpus_version} has lost {name}; {REBUILD}.")
        if sha256_of(path.read_bytes()) != expected:
            raise IndexDamaged(f"{name} in the index of corpus {description.corpus_version} was changed; {REBUILD}.")


def _vectors_folder(folder: Path, build: int) -> Path:
    return folder / f"vectors-{build}"


def _next_build(folder: Path) -> int:
    numbers = [int(tail) for path in folder.iterdir() if (tail := path.stem.rpartition("-")[2]).isdigit()]
    return max(numbers, default=0) + 1


def _remove_other_builds(folder: Path, build: int) -> None:
    kept = {DESCRIPTION, f"keyword-{build}.npz", f"vectors-{build}"}
    for path in folder.iterdir():
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
