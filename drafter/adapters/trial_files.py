"""Results of trials as files: `trials/TEMPLATE-HASH/RESULT-HASH.json`, written once and never changed.

The name of a file is the hash of what it holds: a result that was edited is not read
(tests/unit/test_prompt_trying.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from drafter.domain.prompting.trial import TrialResult
from drafter.errors import TrialFailed
from guideline_corpus.whole_file import write_whole


class TrialFiles:
    """A `TrialStore` in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, result: TrialResult) -> None:
        """See `TrialStore.add`. Raises TrialFailed where the folder cannot be written."""
        text = json.dumps(result.model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        path = self._folder / result.digest / f"{_hash(text)}.json"
        try:
            write_whole(path, text)
        except OSError as error:
            raise TrialFailed(f"{path.parent} cannot be written ({error.strerror}); the result was not kept.") from None

    def of(self, digest: str) -> Sequence[TrialResult]:
        """See `TrialStore.of`. Raises TrialFailed for a result that was changed after it was kept."""
        found = [_read(path) for path in sorted((self._folder / digest).glob("*.json"))]
        return tuple(sorted(found, key=lambda one: one.at))


def _read(path: Path) -> TrialResult:
    try:
        text = path.read_text(encoding="utf-8")
        if _hash(text) != path.stem:
            raise ValueError
        return TrialResult.model_validate_json(text)
    except (OSError, ValueError, ValidationError):
        raise TrialFailed(f"{path} was changed after it was kept; remove it and try the version again.") from None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
