"""What experts said about criteria: kept in the home, applied whenever the corpus is built.

A correction names its criterion by place and content (`criterion_id`): where a later release of the program words the
criterion differently, the correction no longer applies and the build says so, rather than change something else.
Official text is never reworded: its criteria are exact spans, which can be left out but not changed
(tests/unit/test_review.py::test_an_exact_span_of_official_text_cannot_be_reworded).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from guideline_corpus.errors import ReviewInvalid
from guideline_corpus.identity import canonical_json, sha256_of
from guideline_corpus.model import CorpusModel, Criterion, CriterionRole, Passage
from guideline_corpus.whole_file import write_whole

FILE = "corrections.jsonl"
DIGEST = 12
Verdict = Literal["right", "wrong", "change"]


class Correction(CorpusModel):
    """One expert's word on one criterion. `letters` are published determinations that state it; empty: as before.

    `original` is the criterion as the program had it, in passage `passage_id`, so that a verdict can be taken back.
    """

    criterion_id: str
    passage_id: str
    original: Criterion
    verdict: Verdict
    text: str = ""
    role: CriterionRole | None = None
    letters: tuple[str, ...] = ()
    note: str = ""


def criterion_id(passage: Passage, criterion: Criterion) -> str:
    """`<edition_id>.<digest>` of the passage in which the criterion stands and what it says."""
    told = canonical_json(["criterion", passage.passage_id, criterion])
    return f"{passage.edition_id}.{sha256_of(told)[:DIGEST]}"


def corrections_file(home: Path) -> Path:
    return home / "review" / FILE


def load_corrections(home: Path) -> dict[str, Correction]:
    """The corrections of a home by criterion. Raises ReviewInvalid where their file was damaged."""
    file = corrections_file(home)
    if not file.is_file():
        return {}
    try:
        rows = [Correction.model_validate_json(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    except (ValidationError, UnicodeDecodeError):
        raise ReviewInvalid(f"{file} cannot be read; take the reviewed sheet back again.") from None
    return {row.criterion_id: row for row in rows}


def keep_corrections(home: Path, corrections: Mapping[str, Correction]) -> None:
    """Replace the corrections of a home in one step."""
    rows = (canonical_json(json.loads(row.model_dump_json())) + "\n" for _, row in sorted(corrections.items()))
    write_whole(corrections_file(home), "".join(rows))


def corrected(
    passages: Sequence[Passage], corrections: Mapping[str, Correction]
) -> tuple[tuple[Passage, ...], tuple[str, ...]]:
    """The passages with the corrections applied, and the ids of corrections whose criterion is no longer there."""
    if not corrections:
        return tuple(passages), ()
    met: set[str] = set()
    changed = tuple(_corrected(passage, corrections, met) for passage in passages)
    return changed, tuple(sorted(set(corrections) - met))


def uncorrected(passages: Sequence[Passage], corrections: Mapping[str, Correction]) -> tuple[Passage, ...]:
    """The passages of a corpus with the criteria as they were before the corrections."""
    by_passage: dict[str, list[Correction]] = {}
    for correction in corrections.values():
        by_passage.setdefault(correction.passage_id, []).append(correction)
    return tuple(_uncorrected(passage, by_passage.get(passage.passage_id, [])) for passage in passages)


def _uncorrected(passage: Passage, corrections: Sequence[Correction]) -> Passage:
    criteria = list(passage.criteria)
    for correction in corrections:
        now = _reworded(correction.original, correction)
        if correction.verdict == "wrong" and correction.original not in criteria:
            criteria.append(correction.original)
        elif now in criteria:
            criteria[criteria.index(now)] = correction.original
    return passage.model_copy(update={"criteria": tuple(criteria)})


def _corrected(passage: Passage, corrections: Mapping[str, Correction], met: set[str]) -> Passage:
    kept = []
    for criterion in passage.criteria:
        correction = corrections.get(criterion_id(passage, criterion))
        if correction is None:
            kept.append(criterion)
            continue
        met.add(correction.criterion_id)
        if correction.verdict != "wrong":
            kept.append(_reworded(criterion, correction))
    return passage.model_copy(update={"criteria": tuple(kept)}) if tuple(kept) != passage.criteria else passage


def _reworded(criterion: Criterion, correction: Correction) -> Criterion:
    if correction.verdict == "right" or criterion.source == "official":
        return criterion
    update: dict[str, object] = {}
    if correction.text and correction.text != criterion.text:
        # The noun phrase and the limit were made for the old words; a draft then prints the new words alone.
        update |= {"text": correction.text, "phrase": "", "limit": None}
    if correction.role:
        update["role"] = correction.role
    if correction.letters:
        update |= {"letters": correction.letters, "source": "letters"}
    return criterion.model_copy(update=update)
