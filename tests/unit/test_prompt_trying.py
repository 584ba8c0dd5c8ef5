"""Trials of a prompt version: what is run, what changed, and what the kept result speaks for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from drafter.adapters.evals_program import EvalsProgram, changed_items
from drafter.adapters.trial_files import TrialFiles
from drafter.domain.prompting.trial import TrialRequest, TrialResult
from drafter.errors import TrialFailed
from drafter.ports import TrialStore
from drafter.services.prompting.releasing import Releasing
from drafter.services.prompting.trying import kept_trials, try_version
from tests.model_factories import SetClock
from tests.prompting_factories import MODEL, TrialsInMemory, keep_verdict, make_prompts, make_releasing, new_version

NEW = "options@0020"


class RunsOnPaper:
    """A `TrialRuns` that answers with a result of the test's choosing and keeps what it was asked."""

    def __init__(self, parts: Releasing) -> None:
        self._parts = parts
        self.asked: list[TrialRequest] = []

    def run(self, request: TrialRequest) -> TrialResult:
        self.asked.append(request)
        return keep_verdict(make_releasing(self._parts.library.folder), request.label)  # type: ignore[attr-defined]


@pytest.fixture
def parts(tmp_path: Path) -> Releasing:
    prompts = make_prompts(tmp_path)
    new_version(prompts, NEW)
    return make_releasing(prompts)


def tried(parts: Releasing, label: str = NEW, **given: Any) -> RunsOnPaper:
    runs = RunsOnPaper(parts)
    try_version(
        label, dataset=Path("sets/gate"), model=MODEL, library=parts.library, runs=runs, store=parts.trials, **given
    )
    return runs


def test_a_version_is_run_beside_the_live_one_and_its_result_is_kept_for_its_very_text(parts: Releasing) -> None:
    (asked,) = tried(parts).asked

    assert (asked.label, asked.against, asked.model) == (NEW, parts.library.live("options"), MODEL)
    assert asked.digest == parts.library.text(NEW).digest
    assert [one.label for one in kept_trials(NEW, library=parts.library, store=parts.trials)] == [NEW]
    parts.library.save(NEW, parts.library.text(NEW).text + "One word more.\n")
    assert kept_trials(NEW, library=parts.library, store=parts.trials) == ()


def test_a_faulty_version_the_live_one_and_one_that_no_case_fills_are_not_tried(
    parts: Releasing, tmp_path: Path
) -> None:
    new_version(tmp_path / "prompts", "options@0021", words="When in doubt overturn.")
    with pytest.raises(TrialFailed, match="options@0021 has 1 errors"):
        tried(parts, "options@0021")
    with pytest.raises(TrialFailed, match="is the version to compare with"):
        tried(parts, parts.library.live("options"))
    with pytest.raises(TrialFailed, match="only rationale and options"):
        tried(parts, "repair@0001")


@pytest.mark.parametrize("kind", ["memory", "files"])
def test_what_a_store_was_given_it_gives_back_for_that_text_alone(parts: Releasing, tmp_path: Path, kind: str) -> None:
    store: TrialStore = TrialsInMemory() if kind == "memory" else TrialFiles(tmp_path / "trials")
    first, second = keep_verdict(parts, NEW), keep_verdict(parts, NEW, verdict="FAIL")
    other = keep_verdict(parts, NEW, digest="0" * 64)
    for result in (first, second, other):
        store.add(result)

    assert tuple(store.of(first.digest)) == (first, second)
    assert tuple(store.of("f" * 64)) == ()


def test_a_result_that_was_edited_is_refused(parts: Releasing, tmp_path: Path) -> None:
    store = TrialFiles(tmp_path / "trials")
    result = keep_verdict(parts, NEW, verdict="FAIL")
    store.add(result)
    (path,) = (tmp_path / "trials").rglob("*.json")
    path.write_text(path.read_text(encoding="utf-8").replace('"FAIL"', '"PASS"'), encoding="utf-8")

    with pytest.raises(TrialFailed, match="was changed after it was kept"):
        store.of(result.digest)


def row(*sentences: str, **scores: float | None) -> dict[str, Any]:
    return {"draft": {"statements": [{"text": text} for text in sentences], "findings": []}, "scores": scores}


def test_items_are_changed_where_a_sentence_or_a_score_is_those_that_lost_a_score_first() -> None:
    before = {("A", 1): row("One."), ("A", 2): row("Two.", grounded=1.0), ("B", 1): row("Three.", grounded=None)}
    after = {("A", 1): row("One more."), ("A", 2): row("Two.", grounded=0.5), ("B", 1): row("Three.", grounded=None)}

    told = changed_items(before, after)

    assert [(one.case_number, one.item, one.scores) for one in told] == [
        ("A", 2, {"grounded": (1.0, 0.5)}),
        ("A", 1, {}),
    ]


def test_a_folder_that_is_no_dataset_is_refused_with_how_to_make_one(tmp_path: Path) -> None:
    request = TrialRequest(
        label=NEW, digest="1" * 64, against="options@0003", against_digest="2" * 64, model=MODEL, dataset=tmp_path,
        gate=tmp_path / "gate.toml",
    )  # fmt: skip

    with pytest.raises(TrialFailed, match="make one with `evals import"):
        EvalsProgram(tmp_path / "runs", clock=SetClock()).run(request)


def test_a_result_says_when_it_was_made(parts: Releasing) -> None:
    assert keep_verdict(parts, NEW).at > datetime(2026, 11, 26, tzinfo=UTC)
