"""What was read of the added files, kept beside them so that a build does not read every file again.

A reading is kept under the hash of the file, of the reader's version and of what the user said about pages, and carries
its own hash: one that was changed or belongs to another reader is made anew.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from guideline_corpus.identity import canonical_json, sha256_of
from guideline_corpus.readers.isolated import read_isolated
from guideline_corpus.readers.reading import READER_VERSION
from guideline_corpus.readers.source_text import SourceText
from guideline_corpus.whole_file import write_whole

Reader = Callable[..., SourceText]


def reading_of(
    content: bytes, *, name: str, page_offset: int | None, kept_in: Path, reader: Reader = read_isolated
) -> SourceText:
    """The text of a file, from `kept_in` where it was read before. Raises SourceUnreadable."""
    key = sha256_of(canonical_json([READER_VERSION, page_offset, sha256_of(content)]))
    path = kept_in / f"{key[:32]}.json"
    kept = _kept(path)
    if kept is None:
        kept = reader(content, name=name, page_offset=page_offset)
        _keep(path, kept)
    return kept


def _kept(path: Path) -> SourceText | None:
    try:
        digest, _, body = path.read_text(encoding="utf-8").partition("\n")
        return SourceText.model_validate_json(body) if digest == sha256_of(body) else None
    except (OSError, ValueError, ValidationError):
        return None


def _keep(path: Path, source: SourceText) -> None:
    body = canonical_json(source)
    write_whole(path, f"{sha256_of(body)}\n{body}", lasting=False)
