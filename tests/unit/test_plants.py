"""Planted errors: what QA plants is one known fault, told apart from what the text already had."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from drafter.domain.case import Case
from drafter.domain.checks.run import run_checks
from evals.dataset import Dataset, EvalCase, make_dataset
from evals.errors import DatasetInvalid
from evals.plants import harmless, quote_kinds, record_kinds
from evals.plants.model import Edit, Plant, planted, read_plants, write_plants
from evals.plants.planting import plant
from evals.plants.scene import Scene
from evals.plants.scoring import new_findings, scores, summarise_plants, table
from guideline_corpus.vocabulary import load_vocabulary
from tests.factories import make_case, make_finding, make_item, make_passage

SUMMARY = (
    "A 45-year-old worker injured the left knee on 03/14/2016. On 10/05/2016 pain was 6 out of 10. The worker "
    "completed 8 visits of physical therapy. Gait was normal and there was no effusion. Ibuprofen 600 mg was taken."
)
RATIONALE = (
    "The 45-year-old worker has left knee pain as of 10/05/2016. The worker had 8 visits with no effusion. The worker "
    "takes Ibuprofen 600 mg. The request is not medically necessary."
)


def case(**overrides: object) -> Case:
    item = make_item(determination="upheld", rationale=RATIONALE, heading="Knee brace", treatment="Knee brace")
    return make_case(**{"case_summary": SUMMARY, "items": (item,)} | overrides)


def scene() -> Scene:
    told = case()
    return Scene(case=told, item=told.items[0], vocabulary=load_vocabulary(), elsewhere=(), chance=random.Random(1))


def plant_of(edit: Edit, *, kind: str = "age") -> Plant:
    return Plant(plant_id="p", kind=kind, case_id="A", item=1, edit=edit)


@pytest.mark.parametrize(
    ("kind", "before"),
    [
        (record_kinds.age, "45"),
        (record_kinds.day, "10/05/2016"),
        (record_kinds.side, "left"),
        (record_kinds.count, "8"),
        (record_kinds.dose, "600"),
        (record_kinds.drug, "Ibuprofen"),
        (record_kinds.polarity, "no "),
    ],
)
def test_a_value_of_the_record_becomes_one_it_does_not_hold_and_the_check_finds_it(kind, before):
    edit = next(iter(kind(scene())))
    assert edit.before == before
    changed = planted(case(), plant_of(edit))
    found = new_findings(
        run_checks(case(), vocabulary=load_vocabulary()), run_checks(changed, vocabulary=load_vocabulary())
    )
    assert scores(plant_of(edit), found) == {
        "detected": 1.0,
        "localised": 1.0,
        "exact": scores(plant_of(edit), found)["exact"],
    }


@pytest.mark.parametrize("kind", [harmless.age_spelled_otherwise, harmless.dose_spaced, harmless.line_broken])
def test_a_harmless_edit_changes_the_text_and_raises_no_alarm(kind):
    edit = next(iter(kind(scene())))
    changed = planted(case(), plant_of(edit))
    assert changed.items[0].rationale != RATIONALE
    untouched = run_checks(case(), vocabulary=load_vocabulary())
    assert new_findings(untouched, run_checks(changed, vocabulary=load_vocabulary())) == ()


def test_a_value_that_the_record_holds_elsewhere_is_not_planted():
    told = case(case_summary=SUMMARY + " Another visit speaks of a 54-year-old.")
    seen = Scene(case=told, item=told.items[0], vocabulary=load_vocabulary(), elsewhere=(), chance=random.Random(1))
    assert list(record_kinds.age(seen)) == []


def dataset() -> Dataset:
    return make_dataset(name="d", cases=[EvalCase(case_id=name, case=case()) for name in ("A", "B", "C")])


def test_the_same_seed_gives_the_same_plants_and_another_seed_others(tmp_path: Path):
    def plants(seed: int) -> tuple[Plant, ...]:
        return plant(dataset(), per_kind=3, seed=seed, vocabulary=load_vocabulary())

    assert plants(1) == plants(1)
    assert plants(1) != plants(2)
    write_plants(plants(1), tmp_path)
    assert read_plants(tmp_path) == plants(1)


def test_a_plant_for_another_text_is_refused_by_name():
    with pytest.raises(DatasetInvalid, match="plant p does not fit"):
        planted(case(), plant_of(Edit(field="rationale", start=0, before="Nowhere", after="There")))


def test_a_damaged_file_of_plants_is_refused(tmp_path: Path):
    (tmp_path / "plants.jsonl").write_text('{"plant_id": 1}\n', encoding="utf-8")
    with pytest.raises(DatasetInvalid, match="damaged"):
        read_plants(tmp_path)


def test_an_alarm_that_the_untouched_text_has_too_is_not_a_detection():
    old = make_finding(severity="warning", quote="200 mg", item=1)
    moved = old.model_copy(update={"quote": "200mg", "start": 5, "end": 10})
    assert new_findings([old], [moved]) == ()


def test_an_alarm_elsewhere_in_the_text_is_a_detection_off_the_place():
    edit = Edit(field="rationale", start=0, before="left", after="right")
    elsewhere = make_finding(item=1, field="rationale", start=40, end=50, quote="ten visits")
    assert scores(plant_of(edit), [elsewhere]) == {"detected": 1.0, "localised": 0.0, "exact": 0.0}


def test_shares_are_counted_by_hand():
    def row(kind: str, detected: float, localised: float | None, *, is_harmless: bool = False) -> dict[str, object]:
        told = {"detected": detected, "localised": localised, "exact": localised}
        return {"kind": kind, "harmless": is_harmless, "scores": told}

    summary = summarise_plants(
        [
            row("age", 1.0, 1.0),
            row("age", 0.0, None),
            row("side", 1.0, 0.0),
            row("british", 0.0, None, is_harmless=True),
        ]
    )
    assert summary["kinds"]["age"]["detected"] == {"hits": 1, "share": 0.5, "low": 0.0945, "high": 0.9055}
    assert summary["errors"]["detected"]["share"] == 0.6667
    assert summary["errors"]["localised"]["share"] == 0.5
    assert summary["harmless"]["detected"]["hits"] == 0
    assert "| age | 2 | 0.500 | 0.09-0.91 |" in table(summary)


def test_a_written_rationale_quotes_an_official_passage_word_for_word():
    words = "Supervised exercise is recommended for patients who have been in pain for longer than twelve weeks."
    passage = make_passage(text_kind="official", text=words, criteria=())
    written = list(quote_kinds.written_cases([passage], count=3, seed=1))
    assert [f"“{words}”" in (case.case.items[0].rationale or "") for case in written] == [True]
