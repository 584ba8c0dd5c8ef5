"""The benchmark of a million decided items, at a size that a test can wait for."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.benchmarks import decided_scale
from evals.benchmarks.decided_items import anchors_from, invented_items, sample_treatments
from guideline_corpus.vocabulary import load_vocabulary


def test_invented_items_are_the_same_each_time_and_few_texts_are_alike():
    anchors = anchors_from(sample_treatments(), load_vocabulary(), count=300)

    items = list(invented_items(anchors, count=2000))

    assert len(anchors) == 300
    assert items == list(invented_items(anchors, count=2000))
    assert len({(item.case_number, item.item) for item in items}) == 2000
    assert len({item.text for item in items}) > 1700
    named = {span.id for item in items for span in load_vocabulary().find(item.text) if span.family == "treatment"}
    assert len(named) > 50


@pytest.mark.long
def test_one_command_prints_adding_latency_recall_and_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for name, value in {"ANCHORS": 80, "DIFFERENCES": 20, "TIMED_TEXTS": 16}.items():
        monkeypatch.setattr(decided_scale, name, value)

    sizes = ["--items", "900", "--chroma-items", "200", "--queries", "6", "--folder", str(tmp_path)]
    assert decided_scale.main(sizes) == 0

    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("| file", "| Chroma"))]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert [cell[0] for cell in cells] == ["file"] * 9 + ["Chroma"] * 4
    assert {cell[7] for cell in cells[:9]} == {"1.000"}
    assert {cell[8] for cell in cells} == {"0"}
