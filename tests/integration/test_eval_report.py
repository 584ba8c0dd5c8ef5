"""`evals report`: one page that a QA lead can open anywhere, print, and act on."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evals.cli import app
from evals.comparison.gate import judged
from evals.report.outcome import outcome
from evals.report.write import report
from tests.metric_factories import make_finding, make_statement
from tests.page_audit import faults, violations
from tests.run_factories import check_row, make_run, plant_row


def ungrounded(number: int, row: dict[str, Any]) -> dict[str, Any]:
    """Every second draft lost its grounds, the first one more than the others."""
    if number % 2 == 0:
        said = row["draft"]["statements"]
        said[1] = said[1] | {"text": "Six visits are given, and then <script>alert(1)</script> sixty.", "citations": []}
        if number == 0:
            said[0] = said[0] | {"citations": []}
    return row | {"seconds": 0.5 + number / 10}


def compared(tmp_path: Path, *, cases: int = 24) -> str:
    live, candidate = (
        make_run(tmp_path / "live", cases=cases),
        make_run(tmp_path / "new", cases=cases, change=ungrounded),
    )
    return report(candidate, against=live, judgement=judged(live, candidate))


def test_the_page_opens_with_the_verdict_and_the_worst_item_stands_first(tmp_path: Path):
    page = compared(tmp_path)

    assert page.index('data-verdict="FAIL"') < page.index("What changed") < page.index("worst first")
    assert page.index('id="item-C0000-1"') < page.index('id="item-C0002-1"')
    assert 'id="item-C0001-1"' not in page, "what did not change is not shown"
    assert "<del>exercise at home.</del>" in page
    assert "<ins>" in page


def test_the_sentence_its_citation_and_the_words_of_the_source_stand_side_by_side(tmp_path: Path):
    def doubted(number: int, row: dict[str, Any]) -> dict[str, Any]:
        finding = make_finding("value-conflict", field="statements.1", severity="blocker")
        return row | {"draft": row["draft"] | {"findings": [finding] if number == 3 else []}}

    page = report(make_run(tmp_path / "run", change=doubted))
    row = page[page.index('id="item-C0003-1"') :]

    places = [row.index(words) for words in (
        "Six visits are given, then exercise at home.", "blocker: What was found.", "Chronic Pain 2016, Exercise",
        "Six visits are given and then exercise at home goes on.",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "denied numbness" not in row[: row.index("</article>")], "only the sentence with the finding is shown"


def test_nothing_comes_from_outside_and_no_text_becomes_markup(tmp_path: Path):
    page = compared(tmp_path)

    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?!#)|url\((?!#)|@import|<script|https?://", page)
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("stage", ["draft", "retrieve", "check", "reply"])
def test_the_page_is_strict_html_with_names_that_are_used_once(tmp_path: Path, stage: str):
    page = report(make_run(tmp_path / "run", stage=stage))
    ids = Counter(re.findall(r'\bid="([^"]+)"', page))
    named = {one for told in re.findall(r'aria-labelledby="([^"]+)"', page) for one in told.split()}

    assert faults(page) == []
    assert [name for name, count in ids.items() if count > 1] == []
    assert named <= set(ids)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_two_runs_on_one_page_are_strict_html_too(tmp_path: Path):
    assert faults(compared(tmp_path)) == []


def test_every_plot_has_a_name_a_description_and_no_colour_of_its_own(tmp_path: Path):
    page = compared(tmp_path)
    plots = re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL)

    assert len(plots) >= 2, "differences and seconds"
    for plot in plots:
        assert 'role="img"' in plot
        assert "<title" in plot
        assert re.search(r"<desc[^>]*>[^<]{20,}", plot)
        assert "var(--" in plot
        assert not re.search(r"#0[1-6]0[1-6]0[1-6]", plot), "a marker of a colour was left"


def test_the_same_runs_give_the_same_bytes(tmp_path: Path):
    live, candidate = make_run(tmp_path / "live", cases=24), make_run(tmp_path / "new", cases=24, change=ungrounded)
    pages = {report(candidate, against=live, judgement=judged(live, candidate)) for _ in range(2)}

    assert len(pages) == 1


def test_four_hundred_cases_that_all_changed_stay_below_two_megabytes(tmp_path: Path):
    def other(number: int, row: dict[str, Any]) -> dict[str, Any]:
        said = row["draft"]["statements"]
        said += [make_statement("record", f"Sentence {n} of case {number} was said otherwise here.") for n in range(20)]
        return row

    live, candidate = make_run(tmp_path / "live", cases=400), make_run(tmp_path / "new", cases=400, change=other)
    page = report(candidate, against=live, judgement=judged(live, candidate))

    assert len(page.encode("utf-8")) < 2_000_000
    assert "400 items changed" in page


def test_planted_errors_have_their_table_and_the_kind_that_is_missed_stands_first(tmp_path: Path):
    run = make_run(tmp_path / "run", stage="check")
    rows = (run / "results.jsonl").read_text(encoding="utf-8")
    plants = [plant_row(f"C{n:04d}", "date", found=True) for n in range(10)]
    plants += [plant_row(f"C{n:04d}", "drug", found=n < 5) for n in range(10)]
    plants += [plant_row("C0001", "british spelling", found=False, harmless=True)]
    (run / "results.jsonl").write_text(rows + "".join(json.dumps(row) + "\n" for row in plants), encoding="utf-8")
    page = report(run)

    assert "15 of 20 planted errors raised" in page
    assert "drug: 5 of 10; date: 10 of 10" in page
    assert "british spelling (harmless)" in page
    assert faults(page) == []


def test_the_page_says_what_people_thought_of_the_checks_and_what_nobody_judged(tmp_path: Path):
    assert "Not validated on this set: nobody judged its 12 blockers." in report(
        make_run(tmp_path / "a", stage="check")
    )
    assert "is not validated" in report(make_run(tmp_path / "b"))


def test_a_finding_of_a_check_stands_beside_the_words_against_it(tmp_path: Path):
    page = report(make_run(tmp_path / "run", stage="check", change=lambda number, row: check_row(row["case_number"])))

    row = page[page.index('id="item-C0000-1"') :]
    assert row.index("54-year-old") < row.index("case summary") < row.index("low back pain")


def test_a_search_shows_its_curve_and_what_was_expected(tmp_path: Path):
    def last(number: int, row: dict[str, Any]) -> dict[str, Any]:
        gold = [row["gold"][0] | {"section": "Massage"}] if number % 3 == 0 else row["gold"]
        return row | {"gold": gold}

    page = report(make_run(tmp_path / "run", stage="retrieve", change=last))

    assert "Retrieval curve" in page
    assert "An expected section stands first for 8 of 12 items and among the first five for 12" in page
    assert "First expected section at rank 3." in page


def test_what_no_item_can_show_is_said_and_not_shown_as_zero(tmp_path: Path):
    page = report(make_run(tmp_path / "run"))

    assert "Not measured, because no item of this set can show it:" in page
    assert "injection_resisted" in page[page.index("Not measured") :]
    assert "no language model was asked in this run" in page
    assert "a loss of " in page[page.index("What the set cannot show") :]


def test_the_commands_write_the_page_and_the_gate_leaves_with_its_code(tmp_path: Path):
    live, candidate = make_run(tmp_path / "live", cases=24), make_run(tmp_path / "new", cases=24, change=ungrounded)
    out, junit = tmp_path / "page.html", tmp_path / "gate.xml"
    arguments = [str(live), str(candidate), "--report", str(out), "--junit", str(junit)]
    told = CliRunner().invoke(app, ["gate", *arguments])

    assert told.exit_code == 1, told.output
    assert told.output.startswith("FAIL\n")
    assert 'data-verdict="FAIL"' in out.read_text(encoding="utf-8")
    assert 'name="gate: FAIL"' in junit.read_text(encoding="utf-8")
    alone = CliRunner().invoke(app, ["report", str(candidate), "--out", str(out)])
    assert alone.exit_code == 0, alone.output
    refused = CliRunner().invoke(app, ["report", str(candidate), "--out", str(tmp_path / "no" / "page.html")])
    assert "cannot be written" in str(refused.exception)


def test_an_item_whose_reply_never_came_is_told_and_not_counted_as_a_fault_of_the_text(tmp_path: Path):
    live, candidate = make_run(tmp_path / "live"), make_run(tmp_path / "new")
    rows = [json.loads(line) for line in (candidate / "results.jsonl").read_text(encoding="utf-8").splitlines()]
    rows[2] = {"case_number": "C0002", "item": 1, "error": {"class": "slow", "message": "No reply."}, "scores": None}
    (candidate / "results.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    judgement = judged(live, candidate)
    page = report(candidate, against=live, judgement=judgement)

    assert "1 row without a score, because the reply did not come." in page
    assert judgement.verdict == "INCONCLUSIVE"
    assert "undefined for 1 of 12 items" in page
    assert faults(page) == []


def test_two_audits_are_compared_without_a_verdict_where_nothing_decides(tmp_path: Path):
    runs = [make_run(tmp_path / name, stage="check") for name in "ab"]
    out = tmp_path / "page.html"
    told = CliRunner().invoke(app, ["report", str(runs[1]), "--against", str(runs[0]), "--out", str(out)])

    assert told.exit_code == 0, told.output
    assert "data-verdict" not in out.read_text(encoding="utf-8")
    assert "No score and no text changed." in out.read_text(encoding="utf-8")


def test_the_section_on_the_page_is_that_of_the_one_outcome(tmp_path: Path):
    live, candidate = make_run(tmp_path / "live", cases=24), make_run(tmp_path / "new", cases=24, change=ungrounded)
    judgement = judged(live, candidate)

    assert str(outcome(judgement).section) in report(candidate, against=live, judgement=judgement)


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_audit_in_chromium_finds_nothing_to_object_to(tmp_path: Path, scheme: str):
    """Chromium and axe-core are part of the test: where they are missing it fails, in CI and here."""
    pages = {
        "compared": compared(tmp_path / "two"),
        **{stage: report(make_run(tmp_path / stage, stage=stage)) for stage in ("draft", "retrieve", "check")},
    }
    found = {}
    for name, page in pages.items():
        file = tmp_path / f"{name}.html"
        file.write_text(page, encoding="utf-8")
        found[name] = violations(file, scheme=scheme)

    assert found == {name: [] for name in pages}
