"""`drafter check --report`: one page that a QA lead can open anywhere, print, and come back to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from drafter.cli.checking_run import Asked, run_check

LETTER = """\
case_number: CM16-000000{number}
dates:
  injury: 2016-03-14
  rfa: 2016-10-10
  ur_denial: 2016-10-20
case_summary: >
  A 45-year-old worker injured the left knee on 03/14/2016. Physical examination shows <b>swelling</b> & pain.
items:
  - heading: Knee brace
    determination: upheld
    rationale: >
      {rationale}
"""
CLEAN = "The request is not medically necessary."
FAULTY = "This 54-year-old worker has knee pain. The request is not medically necessary."


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DRAFTER_HOME", str(tmp_path / "home"))
    letters = tmp_path / "letters"
    letters.mkdir()
    for number, rationale in enumerate((CLEAN, FAULTY, CLEAN), start=1):
        (letters / f"letter{number}.yaml").write_text(
            LETTER.format(number=number, rationale=rationale), encoding="utf-8"
        )
    return letters


def audit(folder: Path, *, resume: bool = False) -> tuple[int, str]:
    report = folder.parent / "audit.html"
    asked = Asked(names=(str(folder),), as_json=False, jobs=1, least="note", report=report, resume=resume)
    code = run_check(asked)
    return code, report.read_text(encoding="utf-8")


def test_the_worst_letter_stands_first_with_both_texts_and_nothing_from_outside(folder: Path):
    code, page = audit(folder)
    assert code == 1
    told = page[page.index("worst first") :]
    assert told.index("CM16-0000002") < told.index("letter1.yaml")
    assert "<mark>54-year-old</mark>" in page
    assert "45-year-old" in page
    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?!#)|url\((?!#)|@import|<script|https?://", page)


def test_text_of_a_letter_cannot_become_markup(folder: Path):
    letter = folder / "letter2.yaml"
    letter.write_text(
        letter.read_text(encoding="utf-8").replace("knee pain", "<img src=x onerror=alert(1)>"), encoding="utf-8"
    )
    _, page = audit(folder)
    assert "<img" not in page


def test_the_same_letters_give_the_same_bytes_and_so_does_a_resumed_audit(folder: Path):
    _, first = audit(folder)
    _, second = audit(folder)
    log = folder.parent / "audit.jsonl"
    log.write_bytes(log.read_bytes()[: len(log.read_bytes()) // 2])
    code, resumed = audit(folder, resume=True)
    assert first == second == resumed
    assert code == 1


def test_a_letter_that_cannot_be_read_is_named_on_the_page(folder: Path):
    (folder / "broken.yaml").write_text("items: [", encoding="utf-8")
    code, page = audit(folder)
    assert code == 2
    assert "broken.yaml" in page[page.index("Not read") :]


def test_resume_without_a_report_is_refused_with_what_to_do(folder: Path, capfd: pytest.CaptureFixture[str]):
    asked = Asked(names=(str(folder),), as_json=False, jobs=1, least="note", report=None, resume=True)
    assert run_check(asked) == 2
    assert "--report FILE.html" in capfd.readouterr().err
