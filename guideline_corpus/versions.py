"""Corpus versions on disk: each a folder named by the hash of all it holds, written whole or not at all.

    <home>/corpus/<version>/passages.jsonl   one passage a line, canonical JSON, ordered
    <home>/corpus/<version>/editions.json    the edition table the version was built with
    <home>/corpus/<version>/...              the extracted texts of added files and what was read of them
    <home>/corpus/<version>/manifest.json    the SHA-256 of every file above; its own hash is the version
    <home>/corpus/current                    the name of the active version, replaced in one step

An index may lie in `<version>/index/`; it is derived from the passages and no part of the version.

Guarantees: a version id is a pure function of the content (`version_of`); a build that dies leaves the active version
as it was (`write_version` renames a finished folder, `activate` replaces one file); a changed byte is named
(`verify_version`). Proved by tests/unit/test_versions.py.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from guideline_corpus.errors import CorpusDamaged, CorpusNotBuilt, UnknownPassage
from guideline_corpus.identity import canonical_json, sha256_of
from guideline_corpus.model import CorpusModel, Edition, Passage

FORMAT = 1
MANIFEST = "manifest.json"
PASSAGES = "passages.jsonl"
EDITIONS = "editions.json"
CURRENT = "current"
INDEX_FOLDER = "index"
BUILDING = ".building-"
REBUILD = "run `guideline-corpus build` to write it anew"


class Corpus(CorpusModel):
    """A built corpus version, read into memory. `folder` is where it lies; an index of it belongs in `folder/index`."""

    version: str
    folder: Path
    passages: tuple[Passage, ...]
    editions: tuple[Edition, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Passage]:
        return {passage.passage_id: passage for passage in self.passages}

    def passage(self, passage_id: str) -> Passage:
        """Raises UnknownPassage."""
        try:
            return self.by_id[passage_id]
        except KeyError:
            raise UnknownPassage(
                f"Corpus {self.version} has no passage {passage_id!r}; `guideline-corpus list` shows what it has."
            ) from None


def corpus_folder(home: Path) -> Path:
    return home / "corpus"


def current_version(home: Path) -> str | None:
    """The id of the active version; None where no corpus was built."""
    try:
        named = (corpus_folder(home) / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return named or None


def active_version(home: Path) -> str:
    """The id of the active version. Raises CorpusNotBuilt where there is none."""
    version = current_version(home)
    if version is None:
        raise CorpusNotBuilt(f"There is no guideline corpus in {home}; run `guideline-corpus build` first.")
    return version


def load_corpus(home: Path) -> Corpus:
    """The active corpus version of a home.

    Raises CorpusNotBuilt where there is none, CorpusDamaged where a file that is read differs from what was built.
    """
    return read_version(home, active_version(home))


def read_version(home: Path, version: str) -> Corpus:
    """A written version, active or not. Raises CorpusDamaged."""
    folder = corpus_folder(home) / version
    manifest = _manifest(folder, version)
    passages = _checked_bytes(folder, PASSAGES, manifest).split(b"\n")
    editions = json.loads(_checked_bytes(folder, EDITIONS, manifest))
    try:
        return Corpus(
            version=version,
            folder=folder,
            passages=tuple(Passage.model_validate_json(line) for line in passages if line),
            editions=tuple(Edition.model_validate(row) for row in editions),
        )
    except ValidationError:
        raise CorpusDamaged(f"Corpus {version} was built by another release of the program; {REBUILD}.") from None


def version_of(files: Mapping[str, bytes]) -> tuple[str, bytes]:
    """The version id of a set of files and the manifest that proves it."""
    listed = {name: {"bytes": len(content), "sha256": sha256_of(content)} for name, content in files.items()}
    manifest = canonical_json({"format": FORMAT, "files": listed}).encode("utf-8") + b"\n"
    return f"v{FORMAT}-{sha256_of(manifest)[:16]}", manifest


def version_files(passages: tuple[Passage, ...], editions: tuple[Edition, ...]) -> dict[str, bytes]:
    """The two files that every version has."""
    lines = "".join(canonical_json(passage) + "\n" for passage in passages)
    return {
        PASSAGES: lines.encode("utf-8"),
        EDITIONS: (canonical_json(list(editions)) + "\n").encode("utf-8"),
    }


def write_version(home: Path, files: Mapping[str, bytes]) -> str:
    """Write a version beside the others, complete or not at all, and return its id. It is not active yet."""
    version, manifest = version_of(files)
    corpus = corpus_folder(home)
    corpus.mkdir(parents=True, exist_ok=True)
    _clear_unfinished(corpus)
    folder = corpus / version
    if folder.is_dir() and not verify_version(folder):
        return version
    unfinished = corpus / f"{BUILDING}{os.getpid()}"
    for name, content in {**files, MANIFEST: manifest}.items():
        _write_durably(unfinished / name, content)
    if folder.exists():
        os.replace(folder, unfinished / ".damaged")
    os.replace(unfinished, folder)
    shutil.rmtree(folder / ".damaged", ignore_errors=True)
    return version


def activate(home: Path, version: str) -> None:
    """Make a written version the active one, in one step."""
    corpus = corpus_folder(home)
    unfinished = corpus / f"{BUILDING}{os.getpid()}.current"
    _write_durably(unfinished, f"{version}\n".encode())
    os.replace(unfinished, corpus / CURRENT)


def verify_version(folder: Path) -> tuple[str, ...]:
    """A sentence for each file that is missing, changed or foreign; empty where the version is what was built."""
    try:
        manifest = _manifest(folder, folder.name)
    except CorpusDamaged as error:
        return (str(error),)
    found = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] != INDEX_FOLDER
    }
    listed = set(manifest["files"])
    problems = [f"{name} is missing." for name in sorted(listed - found)]
    problems += [f"{name} does not belong to the version." for name in sorted(found - listed - {MANIFEST})]
    for name in sorted(listed & found):
        if sha256_of((folder / name).read_bytes()) != manifest["files"][name]["sha256"]:
            problems.append(f"{name} is not the file that was built: its SHA-256 differs.")
    return tuple(problems)


@contextmanager
def one_builder(home: Path) -> Iterator[None]:
    """Let one process at a time change the corpus of a home; the others wait."""
    with alone_in(corpus_folder(home)):
        yield


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Let one process at a time change a folder; the others wait."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            import fcntl
        except ImportError:  # no such lock on this system: the last builder wins, which loses no file
            yield
            return
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _clear_unfinished(corpus: Path) -> None:
    for left in corpus.glob(f"{BUILDING}*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _manifest(folder: Path, version: str) -> dict[str, Any]:
    try:
        content = (folder / MANIFEST).read_bytes()
    except OSError:
        raise CorpusDamaged(f"Corpus {version} has no {MANIFEST}; {REBUILD}.") from None
    if not version.endswith(f"-{sha256_of(content)[:16]}"):
        raise CorpusDamaged(f"{MANIFEST} of corpus {version} was changed after the build; {REBUILD}.")
    manifest: dict[str, Any] = json.loads(content)
    return manifest


def _checked_bytes(folder: Path, name: str, manifest: dict[str, Any]) -> bytes:
    try:
        content = (folder / name).read_bytes()
    except OSError:
        raise CorpusDamaged(f"Corpus {folder.name} has lost {name}; {REBUILD}.") from None
    if sha256_of(content) != manifest["files"][name]["sha256"]:
        raise CorpusDamaged(f"{name} of corpus {folder.name} was changed after the build; {REBUILD}.")
    return content


def _write_durably(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
