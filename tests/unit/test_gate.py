"""A gate that passes what did not change, fails what got worse, and says when it does not know."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from typer.testing import CliRunner

from evals.cli import app
from evals.comparison.gate import Gate, default_gate, judge, read_gate, report_text
from evals.comparison.pairs import Compared, Pair, Paired, compare_runs
from evals.comparison.statistics import (
    clustered_error,
    difference,
    flip_test,
    further_items,
    holm,
    mcnemar,
    smallest_loss_seen,
)
from evals.errors import GateInvalid, NothingDecides, RunInvalid
from evals.report.outcome import outcome

GATE = Gate.model_validate({"not_worse": {"grounded": 0.03}})


def pairs(*scores: tuple[float, float], per_case: int = 1) -> tuple[Pair, ...]:
    return tuple(Pair(f"C{n // per_case}", n, before, after) for n, (before, after) in enumerate(scores))


def compared(**metrics: tuple[Pair, ...] | Paired) -> Compared:
    held = {n: p if isinstance(p, Paired) else Paired(n, p, 0) for n, p in metrics.items()}
    return Compared({}, {}, held)


def test_the_clustered_error_is_that_of_the_formula() -> None:
    # Two cases: differences 1 and 0 in the first, 0 in the second; mean 1/3, residual sums 1/3 and -1/3.
    error = clustered_error(np.array([1.0, 0.0]), np.array([2.0, 1.0]))

    assert error == pytest.approx((2 / 1 * (1 / 9 + 1 / 9) / 9) ** 0.5)
    assert clustered_error(np.array([1.0]), np.array([2.0])) is None


def test_the_flip_test_counts_every_flip_of_few_cases() -> None:
    assert flip_test(np.array([-1.0, -1.0, -1.0])) == 1 / 8
    assert flip_test(np.array([-1.0, 1.0])) == 3 / 4
    assert flip_test(np.array([0.0, 0.0])) == 1.0


def test_mcnemar_is_the_tail_of_a_binomial() -> None:
    lost_four_won_one = pairs((1, 0), (1, 0), (1, 0), (1, 0), (0, 1), (1, 1))

    assert mcnemar(lost_four_won_one) == pytest.approx((5 + 1) / 32)
    assert difference(lost_four_won_one).p_worse == pytest.approx((5 + 1) / 32)
    assert difference(pairs((1, 0), (1, 0), (1, 1), (1, 1), per_case=2)).p_worse == 1 / 2, "one case moved: two signs"
    assert mcnemar(pairs((1, 1))) == 1.0


def test_holm_steps_down() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []


def test_power_before_the_run_grows_with_the_set() -> None:
    assert smallest_loss_seen(200, error_of_one=0.4) == pytest.approx((1.6449 + 0.8416) * 0.4 / 200**0.5, rel=1e-3)
    assert smallest_loss_seen(800, error_of_one=0.4) == pytest.approx(smallest_loss_seen(200, error_of_one=0.4) / 2)


def test_a_difference_of_nothing_is_undefined_and_not_zero() -> None:
    assert difference(()).mean is None
    assert judge(compared(grounded=()), GATE).verdict == "INCONCLUSIVE"


def test_no_change_at_all_passes() -> None:
    assert judge(compared(grounded=pairs(*[(1.0, 1.0)] * 120)), GATE).verdict == "PASS"


def test_a_few_cases_alike_rule_out_nothing_small() -> None:
    alike = judge(compared(grounded=pairs(*[(1.0, 1.0)] * 30)), GATE)

    assert alike.verdict == "INCONCLUSIVE"
    assert difference(pairs(*[(1.0, 1.0)] * 30), share=True).lower == pytest.approx(0.05 ** (1 / 30) - 1)
    assert further_items(difference(pairs(*[(1.0, 1.0)] * 30), share=True), margin=0.03) == 69
    assert "about 69 further items would settle it, in about 69 further cases" in alike.rulings[0].reason


def test_a_loss_that_is_not_yet_significant_tells_how_many_items_would_show_it() -> None:
    lost = judge(compared(grounded=pairs(*[(1, 1)] * 38, (1, 0), (1, 0))), GATE)

    assert lost.verdict == "INCONCLUSIVE"
    assert "-5.0 points" in lost.rulings[0].reason
    more = further_items(lost.rulings[0].found, margin=0.03)
    assert more is not None
    assert 1 <= more < 100


def test_several_repeats_of_an_item_are_one_pair_of_their_means(tmp_path: Path) -> None:
    before, after = make_run(tmp_path / "a", 1.0, None), make_run(tmp_path / "b", 1.0, None)
    with (after / "results.jsonl").open("a", encoding="utf-8") as rows:
        for case, scores in (("C0", {"grounded": 0.0}), ("C1", {"grounded": 0.5})):
            rows.write(json.dumps({"case_number": case, "item": 1, "repeat": 1, "scores": scores}) + "\n")
    paired = compare_runs(before, after).metrics["grounded"]

    assert [(pair.before, pair.after) for pair in paired.pairs] == [(1.0, 0.5)]
    assert paired.undefined == 1, "one repeat with a score is a score, and the other run has none"


def test_few_items_with_a_little_loss_are_inconclusive_and_the_further_items_are_told() -> None:
    few = pairs(*[(1, 1)] * 58, (1, 0), (0, 1))
    judgement = judge(compared(grounded=few), GATE)

    assert (judgement.verdict, judgement.exit_code) == ("INCONCLUSIVE", 3)
    assert "further items would settle it" in judgement.rulings[0].reason
    more = further_items(difference(few), margin=0.03)
    assert more is not None
    assert 30 < more < 1000


def test_a_gate_that_nothing_decides_is_no_pass(tmp_path: Path) -> None:
    watched = [make_run(tmp_path / name, 1.0, 1.0, name="warnings", stage="check") for name in "ab"]

    with pytest.raises(NothingDecides, match="name a file"):
        default_gate(compare_runs(*watched))


def test_a_broken_invariant_fails_and_names_the_item() -> None:
    gate = Gate.model_validate({"invariants": {"metrics": ["quotes"]}})
    judgement = judge(compared(quotes=pairs(*[(1, 1)] * 500, (1, 0))), gate)

    assert judgement.verdict == "FAIL"
    assert "C500 item 500" in report_text(judgement)


def test_a_watched_metric_never_decides() -> None:
    gate = Gate.model_validate({"not_worse": {"grounded": 0.03}, "watch": {"metrics": ["length"]}})
    judgement = judge(compared(grounded=pairs(*[(1, 1)] * 120), length=pairs(*[(9, 1)] * 120)), gate)

    assert judgement.verdict == "PASS"
    assert "length (watch): -8 (" in report_text(judgement)


def test_too_many_undefined_scores_are_no_pass() -> None:
    some = Paired("grounded", pairs(*[(1, 1)] * 97), 3)

    assert judge(compared(grounded=some), GATE).verdict == "INCONCLUSIVE"


def test_a_metric_that_does_not_apply_to_an_item_is_not_held_against_a_candidate(tmp_path: Path) -> None:
    both = [*[None] * 10, *[1.0] * 140]
    alike = compare_runs(make_run(tmp_path / "a", *both), make_run(tmp_path / "b", *both))
    lost = compare_runs(tmp_path / "a", make_run(tmp_path / "c", *[None] * 20, *[1.0] * 130))

    assert judge(alike, GATE).verdict == "PASS"
    assert judge(lost, GATE).verdict == "INCONCLUSIVE"


def simulated(chance: np.random.Generator, *, items: int, loss: float) -> Compared:
    """Shares of 0 and 1: 4 percent repaired by chance, as many broken, and `loss` more broken."""
    drawn = chance.random(items)
    scores = [(0, 1) if one < 0.04 else (1, 0) if one < 0.08 + loss else (1, 1) for one in drawn]
    return compared(grounded=pairs(*scores))


def verdicts(*, runs: int, loss: float, seed: int) -> Counter[str]:
    """The verdicts of simulated candidates; exit code, text, JUnit and the page have to agree in each."""
    chance = np.random.default_rng(seed)
    found: Counter[str] = Counter()
    for _ in range(runs):
        told_once = outcome(judge(simulated(chance, items=400, loss=loss), GATE))
        verdict, exit_code, text, xml, section = told_once
        suite = ElementTree.fromstring(xml)
        told = {"PASS": ("0", "0", 0), "FAIL": ("1", "0", 1), "INCONCLUSIVE": ("0", "1", 3)}[verdict]
        assert (suite.get("failures"), suite.get("errors"), exit_code) == told
        assert text.startswith(verdict + "\n")
        assert section.count(f'data-verdict="{verdict}"') == section.count("data-verdict") == 1
        assert f"<b>{verdict.lower()}</b>" in section
        found[verdict] += 1
    return found


def check_gate(runs: int) -> None:
    unchanged, worse = verdicts(runs=runs, loss=0.0, seed=1), verdicts(runs=runs, loss=0.06, seed=2)

    assert unchanged["PASS"] >= 0.60 * runs, unchanged
    assert unchanged["FAIL"] <= 0.05 * runs, unchanged
    assert worse["FAIL"] >= 0.90 * runs, worse
    assert worse["PASS"] <= 0.05 * runs, worse


def test_the_gate_is_honest_on_a_hundred_candidates() -> None:
    check_gate(100)


@pytest.mark.long
def test_the_gate_is_honest_on_a_thousand_candidates() -> None:
    check_gate(1000)


def test_more_blockers_are_a_loss(tmp_path: Path) -> None:
    before, after = make_run(tmp_path / "a", 0, name="blockers"), make_run(tmp_path / "b", 2, name="blockers")

    judgement = judge(compare_runs(before, after), Gate.model_validate({"invariants": {"metrics": ["blockers"]}}))

    assert judgement.verdict == "FAIL"


def make_run(folder: Path, *scores: float | None, name: str = "grounded", **described: Any) -> Path:
    rests_on = {"dataset": "d1", "stage": "draft", "corpus_version": "v1", "metrics": "m1", "model": "x"} | described
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps(rests_on), encoding="utf-8")
    rows = [
        {"case_number": f"C{n}", "item": 1, "scores": None if score is None else {name: score}}
        for n, score in enumerate(scores)
    ]
    (folder / "results.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


@pytest.mark.parametrize("what", ["dataset", "stage", "corpus_version", "metrics"])
def test_runs_on_unequal_ground_are_not_compared(what: str, tmp_path: Path) -> None:
    before, after = make_run(tmp_path / "a", 1.0), make_run(tmp_path / "b", 1.0, **{what: "other"})

    with pytest.raises(RunInvalid, match=f"differ in {what}"):
        compare_runs(before, after)


def test_runs_of_other_items_are_not_compared(tmp_path: Path) -> None:
    with pytest.raises(RunInvalid, match="C1, item 1"):
        compare_runs(make_run(tmp_path / "a", 1.0), make_run(tmp_path / "b", 1.0, 1.0))


def test_the_commands_give_verdict_exit_code_and_junit(tmp_path: Path) -> None:
    before = make_run(tmp_path / "a", *[1.0] * 60)
    after = make_run(tmp_path / "b", *[1.0] * 30, *[0.0] * 30)
    (tmp_path / "gate.toml").write_text("[not_worse]\ngrounded = 0.03\n", encoding="utf-8")
    asked = ["gate", str(before), str(after), "--gate", str(tmp_path / "gate.toml"), "--junit", str(tmp_path / "j.xml")]
    ruled = CliRunner().invoke(app, asked)
    shown = CliRunner().invoke(app, ["compare", str(before), str(after), "--changes", "1"])

    assert ruled.exit_code == 1, ruled.output
    assert ruled.output.startswith("FAIL\n")
    assert ElementTree.parse(tmp_path / "j.xml").getroot().get("failures") == "1"
    assert "grounded: -50.0 points" in shown.output
    assert "C30 item 1: 1 to 0" in shown.output


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[not_worse]\ngrounded = 0\n", "a margin is above 0"),
        ("[watch]\nmetrics = ['x']\n", "names nothing that decides"),
        ("[notworse]\nx = 1\n", "notworse"),
        ("[not_worse", "is not TOML"),
    ],
)
def test_a_wrong_gate_file_is_refused_with_a_sentence(text: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "gate.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(GateInvalid, match=sentence):
        read_gate(file)


def test_a_metric_that_the_runs_lack_is_named() -> None:
    with pytest.raises(GateInvalid, match="no metric grounded; they have other"):
        judge(compared(other=pairs((1, 1))), GATE)
