"""What things are called by their content: canonical JSON, hashes, and the ids of passages.

The same content has the same bytes, the same hash and the same id on every machine and in every run; no time, path or
counter enters. A hash says what it is a hash of by its prefix, so that two kinds are never mistaken for each other.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

from pydantic import BaseModel

SLUG_LENGTH = 48
DIGEST_LENGTH = 10


def canonical_json(value: Any) -> str:
    """One line of JSON: keys sorted, no blanks, characters as they are. Models are written with their printed keys."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256_of(content: bytes | str) -> str:
    return hashlib.sha256(content.encode("utf-8") if isinstance(content, str) else content).hexdigest()


def sha256_of_file(path: Path) -> str:
    """The same of a file, read piece by piece. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def slug(text: str, *, length: int = SLUG_LENGTH) -> str:
    """`text` in kebab case and ASCII, cut at a word; empty where it has no letter or digit."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    plain = re.sub(r"['’]", "", plain)
    whole = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return whole if len(whole) <= length else whole[: length + 1].rpartition("-")[0] or whole[:length]


def passage_id_for(
    *, edition_id: str, text_kind: str, section_path: tuple[str, ...], text: str, start: int | None = None
) -> str:
    """`<edition_id>.<section>.<digest>`: readable, and different as soon as place or text differs."""
    digest = sha256_of(canonical_json(["passage", edition_id, text_kind, list(section_path), start, text]))
    section = slug(section_path[-1]) if section_path else ""
    return f"{edition_id}.{section or 'whole'}.{digest[:DIGEST_LENGTH]}"


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
